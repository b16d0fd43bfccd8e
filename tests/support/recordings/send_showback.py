"""The calls of the function that tells lines of business what they cost."""

from __future__ import annotations

import boto3

from modules.cost_reporting.functions.send_showback.handler import Showback
from modules.cost_reporting.functions.send_showback.report import Line
from tests.modules.test_showback import LINES, TOPICS, Athena, build
from tests.support.recording import Recording
from tests.support.rendering import Rendered, render


def _rendered() -> Rendered:
    return render(build)


def _run() -> None:
    names = {name: name.lower().replace(" ", "-") for name in LINES}
    lines = {name: Line(folder, f"acme-prod-showback--{folder}") for name, folder in names.items()}
    clients = [boto3.client(name) for name in ("athena", "s3", "sns")]
    bucket, workgroup = "acme-prod-cost-reports", "acme-prod-cost-queries"
    Showback(*clients, lines, bucket, "showback", "cost_allocated", "cost_reports", workgroup, TOPICS).report("2026-10")


RECORDING = Recording(
    _rendered,
    "send-showback",
    _run,
    {
        "athena:StartQueryExecution": Athena().start_query_execution,
        "athena:GetQueryExecution": Athena().get_query_execution,
        "athena:GetQueryResults": Athena().get_query_results,
        "s3:PutObject": {},
        "s3:ListObjectsV2": {"KeyCount": 0},
        "sns:Publish": {},
    },
    {
        **dict.fromkeys(
            ("glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"),
            "Athena finds tables and views in the name of who asks",
        ),
        "s3:GetObject": "Athena reads exports, and answers, in the name of who asks",
        "s3:GetBucketLocation": "Athena looks where the buckets are in the name of who asks",
    },
)
