"""Alarms of one account and region on their way to where they are heard."""

from __future__ import annotations

from constructs import Construct

from modules.core.event_forwarding import EventForwarding
from modules.core.naming import Naming
from modules.observability.alarm_events import forwarded
from modules.observability.names import alarm_bus_arn, alarm_forwarding


class AlarmForwarding(Construct):
    """Forwards every alarm that goes off, and that it is well again, to the bus of the account that `hears`.

    `hears` is the naming of that account in the home region, where its bus stands; `key_arn` must be open to
    EventBridge. `at_home`: whether this is the home region; elsewhere names say which one it is, as roles are global.

    Guarantees:
    - metric alarms and composite ones are forwarded alike, whoever made them; those by which AWS scales are not;
    - what the bus did not take waits for 14 days, which `AlarmDelivery` sees.

    Controls: LOG-05, PLAT-03 (NIST 800-53 SI-4(5), AU-5, AU-6).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        hears: Naming,
        at_home: bool,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        EventForwarding(
            self,
            "forwarding",
            naming=naming,
            what=alarm_forwarding(None if at_home else naming.region),
            description="Tells the observability account of alarms",
            pattern=forwarded(),
            bus_arn=alarm_bus_arn(hears),
            target="alarms",
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            edge=None,
        )
