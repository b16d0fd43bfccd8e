"""The calls of the function that has tables judged."""

from __future__ import annotations

import inspect

import boto3

from modules.data_lake.functions.start_quality_run.handler import start
from tests.modules.test_pipeline_functions import TABLES, _job
from tests.modules.test_pipelines import _both
from tests.support.recording import Recording
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_both)()[0]
    return found


def _run() -> None:
    start(boto3.client("glue"), "arn:aws:iam::222222222222:role/jobs", _job(), TABLES)


RECORDING = Recording(
    _rendered,
    "payments-quality",
    _run,
    {"glue:StartDataQualityRulesetEvaluationRun": {"RunId": "dq1"}},
    {"iam:PassRole": "Glue runs as the role that the request names"},
)
