"""The central event bus of the ML platform, what it keeps, and the schemas of what is said there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_archive import CloudwatchEventArchive
from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.schemas_registry import SchemasRegistry
from cdktf_cdktf_provider_aws.schemas_schema import SchemasSchema
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.core.iam import (
    Principals,
    Statement,
    only_events,
    policy_document,
    policy_length,
    policy_variable,
    service,
)
from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import EventSettings
from modules.ml_platform.event_schemas import EVENT_KINDS, MODEL_DRIFT, MODEL_PACKAGE, known_events
from modules.ml_platform.names import ANNOUNCER, EVENT_BUS, event_bus_arn

KEEP_LOGS_DAYS = 365
_POLICY_LIMIT = 10_240  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html


@dataclass(frozen=True, slots=True)
class Reporter:
    """A role of another account that tells of drift, and the way on which it does, with the side `bus`."""

    account_id: str
    role_arn: str
    edge: Edge


class EventBus(Construct):
    """The bus `<organisation>-<environment>-ml-events`, to which teams' accounts forward what happens to their models.

    `units` are those of the accounts that announce; None where no other account does. `log_key_arn` is a key that
    CloudWatch Logs may use. The bus has no key of ours: EventBridge encrypts events of AWS services under a key of AWS
    whatever the bus says, and provider 5.100 cannot give an archive one.

    Guarantees:
    - nobody outside this account puts events on it but the announcing roles in these units, of versions of models
      alone, and the `reporters`, of drift alone;
    - what it heard can be replayed for `archive_days`, and stands in a log group for 365 days;
    - every kind of event that it takes has its schema in the registry of the same name.

    Raises ConfigError for more `reporters` than EventBridge's policy has room for.

    Controls: PLAT-06, LOG-03 (NIST 800-53 AC-3, AC-4, AU-11).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: EventSettings,
        units: Units | None,
        announces: Sequence[Edge],
        log_key_arn: str,
        reporters: Sequence[Reporter] = (),
    ) -> None:
        super().__init__(scope, id_)
        self._naming = naming
        name, pattern = naming.name(EVENT_BUS), json.dumps(known_events(), sort_keys=True)
        bus = CloudwatchEventBus(self, "bus", name=name, description="What happens to the models of all teams")
        CloudwatchEventArchive(
            self,
            "archive",
            name=name,
            description="What happened to models, to be replayed",
            event_source_arn=bus.arn,
            event_pattern=pattern,
            retention_days=settings.archive_days,
        )
        admitted = [*([] if units is None else [_announced(naming, units)]), *_reported(naming, reporters)]
        if admitted:
            policy = policy_document(*admitted)
            if (length := policy_length(policy)) > _POLICY_LIMIT:
                raise ConfigError(
                    f"the policy of the bus {name} names so many projects that are served that it has {length} "
                    f"characters, and EventBridge takes {_POLICY_LIMIT}: end the serving of some"
                )
            CloudwatchEventBusPolicy(self, "policy", event_bus_name=bus.name, policy=policy)
        for edge in (*announces, *(reporter.edge for reporter in reporters)):
            edge.render(holder(self), "bus")
        self._log(bus.name, log_key_arn)
        self._describe(name)

    def _log(self, bus: str, key_arn: str) -> None:
        """A rule that matches everything: the rules of consumers may be wrong, and this tells what there was."""
        naming, name = self._naming, self._naming.name(EVENT_BUS)
        what = f"{EVENT_BUS}-log"
        rule_arn = naming.arn("events", f"rule/{name}/{naming.name(what)}")
        log_group = f"/aws/events/{name}"
        group_arn = naming.arn("logs", f"log-group:{log_group}")
        group = LogGroup(self, "log", name=log_group, key_arn=key_arn, retention_days=KEEP_LOGS_DAYS)
        policy = CloudwatchLogResourcePolicy(
            self,
            "log-policy",
            policy_name=naming.name(what),
            policy_document=policy_document(
                Statement(
                    "ThisRuleWrites",
                    actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(f"{group_arn}:*",),
                    principals=service("delivery.logs.amazonaws.com", "events.amazonaws.com"),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnEquals": {"aws:SourceArn": rule_arn},
                    },
                )
            ),
        )
        rule = CloudwatchEventRule(
            self,
            "log-rule",
            name=naming.name(what),
            event_bus_name=bus,
            description="Everything, into the log",
            event_pattern=json.dumps({"source": [{"prefix": ""}]}),
        )
        CloudwatchEventTarget(
            self,
            "log-target",
            rule=rule.name,
            event_bus_name=bus,
            target_id="log",
            # EventBridge wants the ARN without the `:*` that the group's own ARN ends in; the name makes it wait.
            arn=naming.arn("logs", f"log-group:{group.name}"),
            depends_on=[policy],
        )

    def _describe(self, name: str) -> None:
        registry = SchemasRegistry(
            self, "schemas", name=name, description="Every kind of event on the bus of the same name"
        ).name
        for kind in EVENT_KINDS:
            SchemasSchema(
                self,
                f"schema-{kind.schema_name}",
                name=kind.schema_name,
                registry_name=registry,
                type="JSONSchemaDraft4",
                description=kind.description,
                content=json.dumps(kind.schema(), sort_keys=True),
            )


def _announced(naming: Naming, units: Units) -> Statement:
    announcers = f"arn:{naming.partition}:iam::*:role/{naming.organization}-*-{ANNOUNCER}"
    known = known_events(MODEL_PACKAGE)
    return units.allow(
        "TeamsAnnounce",
        ("events:PutEvents",),
        (event_bus_arn(naming),),
        {
            "ArnLike": {"aws:PrincipalArn": announcers},
            **only_events(known["source"], known["detail-type"]),
        },
    )


def _reported(naming: Naming, reporters: Sequence[Reporter]) -> Iterator[Statement]:
    if not reporters:
        return
    accounts = sorted({reporter.account_id for reporter in reporters})
    yield Statement(
        "DriftIsReported",
        actions=("events:PutEvents",),
        resources=(event_bus_arn(naming),),
        principals=Principals("AWS", tuple(f"arn:{naming.partition}:iam::{account}:root" for account in accounts)),
        conditions={
            "ArnEquals": {"aws:PrincipalArn": [reporter.role_arn for reporter in reporters]},
            "StringEquals": {"aws:PrincipalOrgID": policy_variable("aws:ResourceOrgID")},
            **only_events((MODEL_DRIFT.source,), (MODEL_DRIFT.detail_type,)),
        },
    )
