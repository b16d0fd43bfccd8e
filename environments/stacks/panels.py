"""Panels of dashboards that several boards have, or that show what one domain or group has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.dashboard import Graph, LogTable, Metric, Panel
from modules.core.naming import Naming
from modules.data_lake.functions.measure_pipelines.metrics import NAMESPACE as LAKE
from modules.data_lake.table_plans import TablePlan
from modules.feature_store.functions.ingest_records.metrics import NAMESPACE as FEATURES
from modules.feature_store.names import group_name, ingest_queue, queue_name

MINUTE, FIVE_MINUTES, HOUR, DAY = 60, 300, 3600, 86_400
ERRORS = "filter @message like /(?i)error/ | fields @timestamp, @log, @message | sort @timestamp desc | limit 50"
VISIBLE = "ApproximateNumberOfMessagesVisible"


def queue_metric(naming: Naming, name: str, metric: str) -> Metric:
    """A metric of the queue called `name` in the account of `naming`, which labels it."""
    return Metric("AWS/SQS", metric, {"QueueName": name}, naming.account_id, {"label": naming.account})


def bytes_read(naming: Naming, name: str) -> Metric:
    """What queries in the workgroup called `name` read."""
    dimensions = {"WorkGroup": name, "QueryType": "DML", "QueryState": "SUCCEEDED"}
    return Metric("AWS/Athena", "ProcessedBytes", dimensions, naming.account_id, {"label": naming.account})


def of_builds(naming: Naming, projects: Sequence[str], *, failed: str, errors: str) -> Iterator[Panel]:
    """Of these projects of CodeBuild: how many builds `failed`, and their `errors`, under these titles."""
    if projects:
        account = naming.account_id
        lines = [Metric("AWS/CodeBuild", "FailedBuilds", {"ProjectName": each}, account) for each in projects]
        yield Graph(failed, "Sum", HOUR, lines)
        yield LogTable(errors, [f"/aws/codebuild/{each}" for each in projects], ERRORS, account)


def of_domain(domain: str, naming: Naming, tables: Sequence[TablePlan]) -> Iterator[Panel]:
    """What the pipelines of a data domain brought in, how good it was, and what failed."""
    account = naming.account_id
    failures = [Metric(LAKE, "Failures", {"Domain": domain}, account)]
    yield Graph(f"{domain}: failed jobs, crawls and judgements", "Sum", HOUR, failures)
    for metric, stat, shown in (
        ("Curated", "Sum", [table for table in tables if table.spec]),
        ("QualityScore", "Minimum", [table for table in tables if table.quality]),
    ):
        if shown:
            lines = [Metric(LAKE, metric, {"Domain": domain, "Table": table.called}, account) for table in shown]
            yield Graph(f"{domain}: {metric}", stat, HOUR, lines)
    functions = [f"/aws/lambda/{naming.name(f'{domain}-measure')}", f"/aws-glue/{naming.name(domain)}"]
    yield LogTable(f"{domain}: errors", functions, ERRORS, account)


def of_ingestion(naming: Naming, group: str) -> Iterator[Panel]:
    """What came into a central feature group, how late, and what waits."""
    name, account = group_name(naming, group), naming.account_id
    for title, stat, metrics in (
        ("records", "Sum", ("Written", "Fresh", "Refused", "Duplicates")),
        ("seconds from event to store", "p99", ("LagSeconds",)),
    ):
        lines = [Metric(FEATURES, metric, {"FeatureGroup": name}, account) for metric in metrics]
        yield Graph(f"{name}: {title}", stat, FIVE_MINUTES, lines)
    queue = queue_name(naming, ingest_queue(group))
    oldest = [queue_metric(naming, queue, "ApproximateAgeOfOldestMessage")]
    yield Graph(f"{name}: seconds that the oldest record waits", "Maximum", FIVE_MINUTES, oldest)
    yield LogTable(f"{name}: errors", [f"/aws/lambda/{naming.name(ingest_queue(group))}"], ERRORS, account)
