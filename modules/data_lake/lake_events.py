"""The event bus on which the governance account hears of data quality."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_archive import CloudwatchEventArchive
from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from constructs import Construct

from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Principals, Statement, account_root, policy_document
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.data_lake.names import REPORTER, domain_role, events_bus

ARCHIVE_DAYS = 90  # how long an event can be replayed, should the publish gate have failed on it


@dataclass(frozen=True, slots=True)
class Reporter:
    """A domain that reports: the edge, the domain's name, and how things are named in its account."""

    edge: Edge
    domain: str
    naming: Naming


class LakeEvents(Construct):
    """The bus `<organisation>-<environment>-lake-events`, with an archive of what it heard.

    It has no key of ours: EventBridge encrypts the events of AWS services under a key of AWS whatever the bus says.

    Guarantees:
    - nobody puts events on it but the reporting role of each domain, from its account, within the organisation;
    - what it heard can be replayed for 90 days.

    Controls: PLAT-06 (NIST 800-53 AC-3, AC-4, AU-11).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        organization_id: str,
        reporters: Sequence[Reporter],
    ) -> None:
        super().__init__(scope, id_)
        name = events_bus(naming)
        bus = CloudwatchEventBus(self, "bus", name=name, description="What data domains report to the governance")
        CloudwatchEventArchive(
            self,
            "archive",
            name=name,
            description="Reports of data quality, to be replayed",
            event_source_arn=bus.arn,
            event_pattern=json.dumps({"source": ["aws.glue-dataquality"]}),
            retention_days=ARCHIVE_DAYS,
        )
        if reporters:  # AWS takes no policy without a statement
            statement = _domains_report(holder(self), naming, organization_id, reporters)
            CloudwatchEventBusPolicy(self, "policy", event_bus_name=bus.name, policy=policy_document(statement))


def _domains_report(
    stack: EdgeHolder, naming: Naming, organization_id: str, reporters: Sequence[Reporter]
) -> Statement:
    accounts = {each.naming.account: account_root(each.naming.partition, each.naming.account_id) for each in reporters}
    for each in reporters:
        each.edge.render(stack, "bus")
    return Statement(
        "DomainsReport",
        actions=("events:PutEvents",),
        resources=(naming.arn("events", f"event-bus/{events_bus(naming)}"),),
        principals=Principals("AWS", tuple(value for one in accounts.values() for value in one.values)),
        conditions={
            "StringEquals": {"aws:PrincipalOrgID": organization_id},
            "ArnEquals": {
                "aws:PrincipalArn": [each.naming.role_arn(domain_role(each.domain, REPORTER)) for each in reporters]
            },
        },
    )
