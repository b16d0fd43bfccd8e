"""What happens to a team's models, on its way to the central event bus."""

from __future__ import annotations

from collections.abc import Mapping

from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.event_forwarding import EventForwarding
from modules.core.handshake import Edge
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic


class Announcements(Construct):
    """Events of `pattern` forwarded to the bus `bus_arn`; `contact` is told by e-mail of what does not arrive.

    `what` names its parts, behind `<organisation>-<environment>-`. `key_arn` must be open to EventBridge, CloudWatch
    and SNS. `announces` is the way there; None where the bus stands in this very account.

    Guarantees: those of `EventForwarding`, and
    - the contact hears of the first event that could not be delivered.

    Controls: PLAT-03 (NIST 800-53 AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        pattern: Mapping[str, object],
        bus_arn: str,
        key_arn: str,
        boundary_arn: str,
        contact: str,
        announces: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        forwarding = EventForwarding(
            self,
            "forwarding",
            naming=naming,
            what=what,
            description="What happens to models is announced to the central bus",
            pattern=pattern,
            bus_arn=bus_arn,
            target="central",
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            edge=announces,
        )
        alarm = naming.name(f"{what}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "alerts",
            naming=naming,
            what=f"{what}-alerts",
            key_arn=key_arn,
            publishers={ALARMS: (naming.arn("cloudwatch", f"alarm:{alarm}"),)},
            email=contact,
        )
        DeadLetterAlarm(
            self, "dead-letters", naming=naming, what=what, queue=forwarding.dead_letters, topic_arn=topic.arn
        )
