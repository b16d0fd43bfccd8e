"""What a model was asked is found where its endpoint keeps it, by whom it is meant for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from constructs import Construct

from modules.ml_operations import names
from modules.ml_operations.capture_table import CaptureTable
from modules.ml_operations.endpoint_variant import capture
from tests.support import log_samples as samples
from tests.support.projected_tables import ask, open_database
from tests.support.rendering import NAMING, Rendered, render
from tests.support.served import served

pytestmark = pytest.mark.e2e  # DuckDB takes seconds to start and to answer

PROJECT = "card-fraud"


def _render(*, governed: bool = True) -> Rendered:
    def build(scope: Construct) -> None:
        CaptureTable(
            scope,
            "capture",
            naming=NAMING,
            project=PROJECT,
            workgroup="fraud-queries",
            reader="fraud-pipeline",
            governed=governed,
        )

    return render(build)


@pytest.fixture(name="table", scope="module")
def _table() -> Rendered:
    return _render()


def _captured(number: int, answer: str) -> dict[str, Any]:
    """A line that SageMaker writes, with what it calls version 0 of events."""
    side = {"observedContentType": "text/csv", "encoding": "CSV"}
    return {
        "captureData": {
            "endpointInput": {**side, "mode": "INPUT", "data": f"{number},2,3"},
            "endpointOutput": {**side, "mode": "OUTPUT", "data": answer},
        },
        "eventMetadata": {
            "eventId": f"event-{number}",
            "customAttributes": ["channel=web"],
            "inferenceId": f"payment-{number}",
            "inferenceTime": samples.NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "eventVersion": "0",
    }


def test_requests_are_found_where_the_endpoint_keeps_them(table: Rendered, tmp_path: Path) -> None:
    """The endpoint's own configuration says where; every saved query runs as it stands over what lies there."""
    configured = capture(NAMING, PROJECT, served("real-time"), "arn:aws:kms:eu-west-1:222222222222:key/endpoint")
    assert configured is not None
    hour = samples.NOW.strftime("%Y/%m/%d/%H")
    kept = str(configured.destination_s3_uri).removeprefix("s3://")
    folder = tmp_path / kept / names.endpoint(NAMING, PROJECT) / names.VARIANT / hour
    lines = [_captured(1, "0.9"), _captured(2, "0.5"), _captured(3, "0.5")]
    samples.write_lines(folder / "05-12-345-1b2c.jsonl", lines)
    samples.write_lines(tmp_path / kept / "another-endpoint" / "main" / hour / "x.jsonl", lines)
    connection = open_database("serving_card_fraud", table.all("aws_glue_catalog_table"), tmp_path)
    saved = {body["name"]: body["query"] for body in table.all("aws_athena_named_query").values()}
    (by_hour,) = ask(connection, saved["card-fraud-requests-by-hour"])
    assert (by_hour["hour"], by_hour["requests"], by_hour["answered"]) == (hour, 3, 3)
    by_value = ask(connection, saved["card-fraud-answers-by-value"])
    assert [(row["answer"], row["times"]) for row in by_value] == [("0.5", 2), ("0.9", 1)]
    for wanted in ("payment-2", "event-2"):
        (one,) = ask(connection, saved["card-fraud-one-request"], wanted)
        assert (one["asked"], one["answered"]) == ("2,2,3", "0.5")
    assert len(saved) == 3


def test_the_teams_jobs_alone_are_granted_the_table(table: Rendered) -> None:
    """To see and to read; where Lake Formation is not in charge, nothing is granted, and IAM decides."""
    grants = table.all("aws_lakeformation_permissions").values()
    assert {grant["principal"] for grant in grants} == {"arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline"}
    assert sorted(tuple(grant["permissions"]) for grant in grants) == [("DESCRIBE",), ("DESCRIBE", "SELECT")]
    assert not _render(governed=False).all("aws_lakeformation_permissions")


def test_queries_stand_in_the_teams_workgroup(table: Rendered) -> None:
    """Whose results and scan limit are the team's."""
    groups = {body["workgroup"] for body in table.all("aws_athena_named_query").values()}
    assert groups == {"acme-dev-fraud-queries"}


def test_what_keeps_no_requests_has_no_table_to_fill() -> None:
    """Serverless endpoints keep none, and batches keep them in another shape."""
    assert [served(mode).keeps_requests for mode in ("real-time", "asynchronous", "serverless", "batch")] == [
        True,
        True,
        False,
        False,
    ]
