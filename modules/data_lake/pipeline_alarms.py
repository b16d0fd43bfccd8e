"""What a domain's owner is told of its pipelines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import Function
from modules.core.iam import Statement
from modules.core.invocation import Invocation
from modules.core.naming import Naming
from modules.core.topic import ALARMS, Topic
from modules.data_lake.functions.measure_pipelines.metrics import NAMESPACE, TABLES
from modules.data_lake.job_environment import LOG_DAYS
from modules.data_lake.names import GLUE_LIMIT, rulesets
from modules.data_lake.quality_results import results
from modules.data_lake.table_plans import TablePlan

SOURCES = Path(__file__).parent / "functions" / "measure_pipelines"
MINUTES_5, HOUR = 300, 3600


class PipelineAlarms(Construct):
    """Alarms on the domain's pipelines, told to `email` by the topic `<organisation>-<environment>-<domain>-pipelines`.

    `queues` are dead-letter queues, by what they serve.

    Guarantees:
    - the owner is told of a job, a crawl or a quality run that failed; of a table whose rules did not pass enough;
      of one that was not renewed for `late_after_hours`, whatever the reason; and of events that nobody could work on;
    - silence is an alarm: what counts the runs may itself fail.

    Controls: PLAT-03 (NIST 800-53 SI-4(5), AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        tables: Sequence[TablePlan],
        queues: Mapping[str, str],
        late_after_hours: int,
        email: str,
        logs_key_arn: str,
        messages_key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._domain = naming, domain
        own = naming.name(domain)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=f"{domain}-pipelines",
            key_arn=messages_key_arn,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{own}-*")]},
            email=email,
        )
        self._topic = topic
        called = {table.curate: table.called for table in tables if table.spec}
        called |= {table.ruleset: table.called for table in tables if table.quality}
        function = Function(
            self,
            "measure",
            naming=naming,
            what=f"{domain}-measure",
            source=Archive.of_package(SOURCES, {TABLES: f"{json.dumps(called, indent=1, sort_keys=True)}\n".encode()}),
            handler="modules.data_lake.functions.measure_pipelines.handler.handle",
            key_arn=logs_key_arn,
            boundary_arn=boundary_arn,
            retention_days=LOG_DAYS,
            statements=[
                Statement(  # CloudWatch knows no resources here, but the namespace
                    "Count",
                    actions=("cloudwatch:PutMetricData",),
                    resources=("*",),
                    conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
                )
            ],
            environment={"DOMAIN": domain},
            concurrency=2,
        )
        for what, pattern in _events(naming, domain).items():
            Invocation(
                self,
                what,
                naming=naming,
                what=f"{domain}-{what}",
                description=f"What became of the domain's {what} is counted",
                function=function.name,
                function_arn=function.arn,
                pattern=pattern,
            )
        self._alarm(
            "failures",
            f"A job, a crawl or a quality run of the data domain {domain} failed: see its log",
            metric="Failures",
            statistic="Sum",
            above=0,
        )
        for what, queue in {**queues, "measure": function.dead_letters_name}.items():
            self._dead_letters(what, queue)
        for table in tables:
            self._watch(table, late_after_hours)

    def _watch(self, table: TablePlan, hours: int) -> None:
        what, dimensions = table.id.removeprefix(f"{self._domain}--"), {"Table": table.called}
        if table.quality:
            self._alarm(
                f"{what}-score",
                f"Too few rules of {table.called} passed, less than {table.quality.minimum_score:.0%} of them",
                metric="QualityScore",
                statistic="Minimum",
                below=table.quality.minimum_score,
                missing="ignore",  # the last judgement stands until the next
                dimensions=dimensions,
            )
        self._alarm(
            f"{what}-late",
            f"{table.called} was not {'judged' if table.quality else 'renewed'} for {hours} hours",
            metric="QualityScore" if table.quality else "Curated",
            statistic="SampleCount",
            below=1,
            missing="breaching",
            period=HOUR,
            periods=hours,
            dimensions=dimensions,
        )

    def _dead_letters(self, what: str, queue: str) -> None:
        self._alarm(
            f"{what}-dead-letters",
            f"Events for {what} of the data domain {self._domain} could not be worked on and wait in {queue}",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            above=0,
            dimensions={"QueueName": queue},
        )

    def _alarm(
        self,
        what: str,
        description: str,
        *,
        metric: str,
        statistic: str,
        above: float | None = None,
        below: float | None = None,
        missing: str = "notBreaching",
        namespace: str = NAMESPACE,
        period: int = MINUTES_5,
        periods: int = 1,
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        own = {"Domain": self._domain} if namespace == NAMESPACE else {}
        CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=self._naming.name(f"{self._domain}-{what}", limit=GLUE_LIMIT),
            alarm_description=description,
            namespace=namespace,
            metric_name=metric,
            dimensions={**own, **(dimensions or {})},
            statistic=statistic,
            period=period,
            evaluation_periods=periods,
            datapoints_to_alarm=periods,
            comparison_operator="LessThanThreshold" if above is None else "GreaterThanThreshold",
            threshold=below if above is None else above,
            treat_missing_data=missing,
            alarm_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )


def _events(naming: Naming, domain: str) -> dict[str, dict[str, object]]:
    """Patterns of the events that are counted, by what they are about. By prefix: a pattern has 2,048 characters."""
    return {
        "jobs": {
            "source": ["aws.glue"],
            "detail-type": ["Glue Job State Change"],
            "detail": {
                "jobName": [{"prefix": rulesets(naming, domain)}],
                "state": ["FAILED", "STOPPED", "SUCCEEDED", "TIMEOUT"],
            },
        },
        "crawls": {
            "source": ["aws.glue"],
            "detail-type": ["Glue Crawler State Change"],
            "detail": {"crawlerName": [naming.name(f"{domain}-raw")], "state": ["Failed"]},
        },
        "results": results(naming, domain),
    }
