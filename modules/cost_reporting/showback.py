"""What each line of business cost, told to it every month."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from cdktf_cdktf_provider_aws.glue_catalog_table import GlueCatalogTable
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.assets import Archive
from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.function import Function
from modules.core.iam import Statement
from modules.core.invocation import Invocation
from modules.core.libraries import TELEMETRY
from modules.core.naming import TOPIC_LIMIT, Naming
from modules.core.table_grants import grant_tables
from modules.core.topic import Topic
from modules.core.workgroup import workgroup_arn
from modules.cost_reporting.allocation import UNALLOCATED
from modules.cost_reporting.cost_views import ALLOCATED
from modules.cost_reporting.functions.send_showback.report import LINES, Line
from modules.cost_reporting.names import ALLOCATION, CUR, DATABASE, QUERIES, REPORTS, SEND_SHOWBACK, SHOWBACK, line_slug
from modules.cost_reporting.reports_settings import ShowbackSettings
from modules.cost_reporting.reports_store import ReportsStore

_SOURCES = Path(__file__).parent / "functions" / "send_showback"
_KEEP_LOGS_DAYS = 365


class Showback(Construct):
    """The function `names.SEND_SHOWBACK`, by the calendar, and a topic for each line of business.

    `lines` says who is told of each: the e-mail addresses of its teams' owners, unless the settings name others. What
    no line of business owns is told to the topic of `store`. `governed` are the tables and views that are asked, where
    Lake Formation is in charge of the account's catalogue.

    Guarantees:
    - a report lies at `showback/<line of business>/<month>.csv`; its owners are told once of each month;
    - a report that could not be made is tried again, then its event waits in a queue, of which `store.topic` is told;
    - the function reads the exports and no report, in one workgroup, and writes below `showback/` alone.

    Controls: PLAT-03, IAM-01, IAM-05 (NIST 800-53 AC-6, AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ShowbackSettings,
        store: ReportsStore,
        lines: Mapping[str, Sequence[str]],
        boundary_arn: str,
        governed: Mapping[str, GlueCatalogTable] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        recipients = {**lines, **settings.recipients}
        told = {name: Line(line_slug(name), naming.name(_topic(name), limit=TOPIC_LIMIT)) for name in lines}
        for name in lines:
            self._topic(naming, store, name, recipients[name])
        nobodys = Line(line_slug(UNALLOCATED), naming.name(REPORTS, limit=TOPIC_LIMIT))
        function = self._function(naming, store, {**told, UNALLOCATED: nobodys}, boundary_arn)
        Invocation(
            self,
            "monthly",
            naming=naming,
            what=SEND_SHOWBACK,
            description="Lines of business are told what the month before cost",
            function=function.name,
            function_arn=function.arn,
            schedule=settings.schedule,
        )
        DeadLetterAlarm(
            self,
            "alarm",
            naming=naming,
            what=SEND_SHOWBACK,
            queue=function.dead_letters_name,
            topic_arn=store.topic.arn,
            after=(store.topic.policy,),
        )
        if governed is not None:
            grant_tables(self, role_arn=function.role_arn, database=store.database_name, tables=governed)

    def _topic(self, naming: Naming, store: ReportsStore, line: str, recipients: Sequence[str]) -> None:
        folder = line_slug(line)
        topic = Topic(
            self,
            f"topic-{folder}",
            naming=naming,
            what=_topic(line),
            key_arn=store.key_arn,
            publishers={},
            email=None,
        )
        for email in recipients:
            SnsTopicSubscription(self, f"told-{folder}-{email}", topic_arn=topic.arn, protocol="email", endpoint=email)

    def _function(self, naming: Naming, store: ReportsStore, lines: Mapping[str, Line], boundary_arn: str) -> Function:
        told = json.dumps({name: asdict(line) for name, line in lines.items()}, indent=1, sort_keys=True)
        return Function(
            self,
            "function",
            naming=naming,
            what=SEND_SHOWBACK,
            source=Archive.of_package(_SOURCES, {LINES: f"{told}\n".encode()}, libraries=TELEMETRY),
            handler="modules.cost_reporting.functions.send_showback.handler.handle",
            key_arn=store.key_arn,
            boundary_arn=boundary_arn,
            retention_days=_KEEP_LOGS_DAYS,
            statements=_statements(naming, store, lines),
            environment={
                "BUCKET": store.bucket_name,
                "DATABASE": DATABASE,
                "PREFIX": SHOWBACK,
                "TOPICS": naming.arn("sns", ""),
                "VIEW": ALLOCATED,
                "WORKGROUP": store.workgroup.name,
            },
            timeout_seconds=900,
            concurrency=1,
        )


def _statements(naming: Naming, store: ReportsStore, lines: Mapping[str, Line]) -> Sequence[Statement]:
    results, catalogue = naming.bucket_arn(QUERIES), ("catalog", f"database/{DATABASE}", f"table/{DATABASE}/*")
    read = [f"{prefix}/" for prefix in (ALLOCATION, CUR)]
    return (
        Statement(
            "AskForCosts",
            actions=("athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution"),
            resources=(workgroup_arn(naming, QUERIES),),
        ),
        Statement(
            "FindTables",
            actions=("glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"),
            resources=[naming.arn("glue", what) for what in catalogue],
        ),
        Statement("FindBuckets", actions=("s3:GetBucketLocation",), resources=(store.bucket_arn, results)),
        Statement(
            "ListCosts",
            actions=("s3:ListBucket",),
            resources=(store.bucket_arn,),
            conditions={"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in (*read, f"{SHOWBACK}/")]}},
        ),
        Statement("ReadCosts", actions=("s3:GetObject",), resources=[f"{store.bucket_arn}/{each}*" for each in read]),
        Statement("KeepReports", actions=("s3:PutObject",), resources=(f"{store.bucket_arn}/{SHOWBACK}/*",)),
        Statement("KeepResults", actions=("s3:GetObject", "s3:PutObject"), resources=(f"{results}/results/*",)),
        Statement(
            "TellOwners",
            actions=("sns:Publish",),
            resources=sorted({naming.arn("sns", line.topic) for line in lines.values()}),
        ),
    )


def _topic(line: str) -> str:
    return f"{SHOWBACK}--{line_slug(line)}"
