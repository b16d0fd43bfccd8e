"""Step Query asks Athena in the team's workgroup, and keeps every file of the answer."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

import definitions
import query

NAMES = ("catalog", "database", "query", "workgroup")
ASKED = {"region": "eu-west-1", **{name: definitions.ATHENA[name] for name in NAMES}}
RESULTS = "s3://acme-dev-fraud-queries/results/"
PLACE = "00000000-0000-0000-0000-000000000000"
TEXT = (
    f"UNLOAD (SELECT * FROM ({ASKED['query']})) TO '{RESULTS}unloaded/{PLACE}/'"
    " WITH (format = 'PARQUET', compression = 'SNAPPY')"
)


def athena(*states: str) -> tuple[Any, Stubber]:
    """Athena, whose query is in these states, one after the other. botocore validates each request and answer."""
    client = boto3.client("athena", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    stub = Stubber(client)
    group = {"Name": ASKED["workgroup"], "Configuration": {"ResultConfiguration": {"OutputLocation": RESULTS}}}
    stub.add_response("get_work_group", {"WorkGroup": group}, {"WorkGroup": ASKED["workgroup"]})
    stub.add_response(
        "start_query_execution",
        {"QueryExecutionId": "q-1"},
        {
            "QueryString": TEXT,
            "QueryExecutionContext": {"Catalog": ASKED["catalog"], "Database": ASKED["database"]},
            "WorkGroup": ASKED["workgroup"],
            "ClientRequestToken": PLACE,
        },
    )
    for state in states:
        execution = {
            "Status": {"State": state, "StateChangeReason": "Bytes scanned limit was exceeded"},
            "Statistics": {"DataManifestLocation": f"{RESULTS}q-1-manifest.csv"},
        }
        stub.add_response("get_query_execution", {"QueryExecution": execution}, {"QueryExecutionId": "q-1"})
    stub.activate()
    return client, stub


class Files:
    """S3 that holds a manifest and what it lists."""

    def __init__(self, *listed: str) -> None:
        self._manifest = "\n".join(listed).encode()

    def get_object(self, **where: str) -> dict[str, Any]:
        """The manifest."""
        assert where == {"Bucket": "acme-dev-fraud-queries", "Key": "results/q-1-manifest.csv"}
        return {"Body": io.BytesIO(self._manifest)}

    def download_file(self, bucket: str, key: str, path: str) -> None:
        """A file that says where it lay."""
        Path(path).write_text(f"{bucket}/{key}")


def test_the_query_runs_in_the_workgroup_at_a_place_of_its_own() -> None:
    """UNLOAD below the workgroup's results, asked again until it has ended; nothing else is asked of Athena."""
    client, stub = athena("QUEUED", "RUNNING", "SUCCEEDED")
    waited: list[float] = []
    assert query.unload(client, ASKED, PLACE, waited.append) == f"{RESULTS}q-1-manifest.csv"
    assert waited == [query.PAUSE, query.PAUSE]
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_query_that_fails_fails_the_step(state: str) -> None:
    """With Athena's reason: a limit of the workgroup, a missing grant."""
    client, _ = athena(state)
    with pytest.raises(query.QueryError, match=f"query q-1 {state}: Bytes scanned limit was exceeded"):
        query.unload(client, ASKED, PLACE)


def test_every_file_of_the_answer_is_kept(tmp_path: Path) -> None:
    """In the order of their names, so that the same answer is the same folder."""
    where = f"{RESULTS}unloaded/{PLACE}"
    assert query.download(Files(f"{where}/b", f"{where}/a"), f"{RESULTS}q-1-manifest.csv", tmp_path / "query") == 2
    kept = [path.read_text().rpartition("/")[2] for path in sorted((tmp_path / "query").glob("*.parquet"))]
    assert kept == ["a", "b"]


def test_an_answer_without_rows_fails_the_step(tmp_path: Path) -> None:
    """A model of nothing is none."""
    with pytest.raises(query.QueryError, match="no row"):
        query.download(Files(), f"{RESULTS}q-1-manifest.csv", tmp_path)
