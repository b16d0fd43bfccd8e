"""Where it is decided that a table is published: by the results of its quality rules, and by nobody by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget, CloudwatchEventTargetRetryPolicy
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import Function
from modules.core.iam import Statement
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic
from modules.data_lake import names
from modules.data_lake.functions.publish_table.judgement import DETAIL_TYPE, GATES, NAMESPACE, SOURCE
from modules.data_lake.may_publish import MayPublish
from modules.data_lake.settings import DomainLake

_PACKAGE = "modules.data_lake.functions.publish_table"
_SOURCE = Path(__file__).parent / "functions" / "publish_table"
_FIVE_MINUTES = 300
LOG_DAYS = 365


class PublishGate(Construct):
    """The function `publish-<domain>`, which sets the LF-tag `stage` of those tables of `settings` that have rules.

    It hears the results from the bus of the governance account, judges one at a time and keeps the last judgement of
    each table under the parameter `/<organisation>/lake/<domain>/<database>/<table>`. `email` is told when a table
    fails its rules, and when a result was not judged: it lies in the dead letters, and in the archive of the bus.
    `owner` names things in the domain's account; `logs_key_arn` and `messages_key_arn` are keys of this account.

    Guarantees:
    - a result counts for the table, account, ruleset and number of rules that are declared, else it is refused;
    - results that are late, doubled or out of order end as if they had come once and in order;
    - it sets no tag but `stage`, only to draft or published, only on tables of this domain;
    - its role can neither read data nor grant it, whatever Lake Formation lets it (MayPublish).

    Controls: DATA-13, PLAT-03, IAM-01 (NIST 800-53 AC-3, AC-6, SI-7, SI-11).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        owner: Naming,
        domain: str,
        email: str,
        settings: DomainLake,
        boundary_arn: str,
        logs_key_arn: str,
        messages_key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._domain, self._what = naming, domain, names.publisher(domain)
        path = f"/{naming.organization}/lake/{domain}"
        self._function = Function(
            self,
            "function",
            naming=naming,
            what=self._what,
            source=Archive.of_package(_SOURCE, {GATES: _gates(owner, domain, settings)}),
            handler=f"{_PACKAGE}.handler.handle",
            key_arn=logs_key_arn,
            boundary_arn=boundary_arn,
            retention_days=LOG_DAYS,
            statements=_statements(naming, domain, settings, path),
            environment={"DOMAIN": domain, "DOMAIN_ACCOUNT": owner.account_id, "JUDGEMENTS": path},
            concurrency=1,  # who reads the last judgement and writes the next must be alone
        )
        MayPublish(
            self,
            "may",
            principal=self._function.role_arn,
            domain=domain,
            layers={product.layer for product in settings.products.values()},
        )
        self._hear(owner)
        self._alarms(messages_key_arn, email)

    def _hear(self, owner: Naming) -> None:
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=self._naming.name(self._what),
            description=f"Results of data quality of {self._domain}",
            event_bus_name=names.events_bus(self._naming),
            event_pattern=json.dumps(
                {
                    "source": [SOURCE],
                    "detail-type": [DETAIL_TYPE],
                    "account": [owner.account_id],
                    "detail": {"rulesetNames": [{"prefix": names.rulesets(owner, self._domain)}]},
                }
            ),
        )
        CloudwatchEventTarget(
            self,
            "target",
            rule=rule.name,
            event_bus_name=rule.event_bus_name,
            arn=self._function.arn,
            retry_policy=CloudwatchEventTargetRetryPolicy(maximum_event_age_in_seconds=86_400),
        )
        LambdaPermission(
            self,
            "invoked-by-rule",
            function_name=self._function.name,
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=rule.arn,
        )

    def _alarms(self, key_arn: str, email: str) -> None:
        arn = self._naming.arn("cloudwatch", f"alarm:{self._naming.name(self._what)}-*")
        topic = Topic(
            self,
            "topic",
            naming=self._naming,
            what=f"{self._what}-alarms",
            key_arn=key_arn,
            publishers={ALARMS: [arn]},
            email=email,
        )
        self._alarm(
            topic,
            "rules-failed",
            f"A table of {self._domain} failed its quality rules: see its last judgement, and mend the data",
            (NAMESPACE, "RulesFailed", {"Domain": self._domain}),
        )
        self._alarm(
            topic,
            "errors",
            f"A result of {self._domain} was not judged: see the function's log",
            ("AWS/Lambda", "Errors", {"FunctionName": self._function.name}),
        )
        self._alarm(
            topic,
            "dead-letters",
            f"Results of {self._domain} were given up: mend the cause, then replay them from the archive of the bus",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": self._function.dead_letters_name}),
        )
        self._alarm(
            topic,
            "undelivered",
            f"Results of {self._domain} did not reach the function: see the rule's target and the function's policy",
            (
                "AWS/Events",
                "FailedInvocations",
                {
                    "EventBusName": names.events_bus(self._naming),
                    "RuleName": self._naming.name(self._what),
                },
            ),
        )

    def _alarm(self, topic: Topic, what: str, description: str, metric: tuple[str, str, Mapping[str, str]]) -> None:
        namespace, name, dimensions = metric
        CloudwatchMetricAlarm(
            self,
            f"alarm-{what}",
            alarm_name=self._naming.name(f"{self._what}-{what}", limit=ALARM_LIMIT),
            alarm_description=description,
            namespace=namespace,
            metric_name=name,
            dimensions=dict(dimensions),
            statistic="Maximum",
            period=_FIVE_MINUTES,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            depends_on=[topic.policy],
        )


def _gates(owner: Naming, domain: str, settings: DomainLake) -> bytes:
    """What each table must pass, by its ruleset, as the function reads it."""
    gates = {
        names.ruleset(owner, domain, product_name, table_name): {
            "database": names.database(domain, product_name),
            "table": table_name,
            "databases": _called(domain, product_name),
            "rules": len(table.quality.rules),
            "minimum_score": table.quality.minimum_score,
            "on_failure": table.quality.on_failure,
            "deprecated": product.deprecated,
        }
        for product_name, product in settings.products.items()
        for table_name, table in product.tables.items()
        if table.quality
    }
    return json.dumps(gates, sort_keys=True, indent=1).encode()


def _called(domain: str, product: str) -> list[str]:
    """The product's database, and the links by which the domain's account may know it."""
    database = names.database(domain, product)
    return sorted({database, names.link(database, domain)})


def _statements(naming: Naming, domain: str, settings: DomainLake, path: str) -> list[Statement]:
    databases = [names.database(domain, product) for product in sorted(settings.products)]
    return [
        # Lake Formation has no resource-level permissions: on which tables, its grants say.
        Statement("Tag", actions=("lakeformation:AddLFTagsToResource",), resources=("*",)),
        Statement(
            "FindTables",
            actions=("glue:GetDatabase", "glue:GetTable"),
            resources=[
                naming.arn("glue", "catalog"),
                *(naming.arn("glue", f"database/{name}") for name in databases),
                *(naming.arn("glue", f"table/{name}/*") for name in databases),
            ],
        ),
        Statement(
            "KeepJudgements",
            actions=("ssm:GetParameter", "ssm:PutParameter"),
            resources=(naming.arn("ssm", f"parameter{path}/*"),),
        ),
        Statement(
            "NeverReadOrGrant",
            actions=(
                "lakeformation:BatchGrantPermissions",
                "lakeformation:GetDataAccess",
                "lakeformation:GrantPermissions",
            ),
            resources=("*",),
            effect="Deny",
        ),
    ]
