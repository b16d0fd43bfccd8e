"""The bus on which alarms of other accounts arrive, and what it keeps of them."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_event_archive import CloudwatchEventArchive
from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from constructs import Construct

from modules.core.iam import ANYONE, Statement, only_events, policy_document
from modules.core.naming import Naming
from modules.observability.alarm_events import SOURCE, STATE_CHANGE
from modules.observability.alarm_settings import AlarmSettings
from modules.observability.names import ALARM_BUS, alarm_bus_arn, alarm_forwarding


class AlarmBus(Construct):
    """The bus `<organisation>-<environment>-alarms`.

    It has no key of ours: EventBridge encrypts events of AWS services under a key of AWS whatever the bus says, and
    provider 5.100 cannot give an archive one.

    Guarantees:
    - the roles that forward alarms in accounts of this organisation put changes of alarms on it, and nobody anything
      else;
    - every alarm that it heard can be read and replayed for `archive_days`, those too that are told to nobody.

    Controls: PLAT-06, LOG-05 (NIST 800-53 AC-3, AC-4, AU-6, AU-11).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: AlarmSettings, organization_id: str
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(ALARM_BUS)
        bus = CloudwatchEventBus(self, "bus", name=name, description="Alarms of all accounts that report here")
        self.name = bus.name  # a reference: rules wait for the bus
        forwarders = f"arn:{naming.partition}:iam::*:role/{naming.organization}-*-{alarm_forwarding(None)}*"
        CloudwatchEventBusPolicy(
            self,
            "policy",
            event_bus_name=bus.name,
            policy=policy_document(
                Statement(
                    "AccountsReportAlarms",
                    actions=("events:PutEvents",),
                    resources=(alarm_bus_arn(naming),),
                    principals=ANYONE,
                    conditions={
                        "StringEquals": {"aws:PrincipalOrgID": organization_id},
                        "ArnLike": {"aws:PrincipalArn": forwarders},
                        **only_events((SOURCE,), (STATE_CHANGE,)),
                    },
                )
            ),
        )
        CloudwatchEventArchive(
            self,
            "archive",
            name=name,
            description="Alarms that went off, and when they were well again",
            event_source_arn=bus.arn,
            retention_days=settings.archive_days,
        )
