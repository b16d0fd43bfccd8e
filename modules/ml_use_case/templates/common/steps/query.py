"""Step Query: asks Athena as the pipeline's role, and keeps what it answers. The one step that asks AWS for anything.

The query runs as UNLOAD in the team's workgroup, which decides where its files lie, under which key and how much may be
scanned. SageMaker's own reading (AthenaDatasetDefinition) makes a table at a place that the job names: a workgroup that
enforces its own place refuses that, and a role that makes no tables cannot do it
(https://docs.aws.amazon.com/athena/latest/ug/ctas-considerations-limitations.html, and of the same guide unload.html;
https://github.com/aws/sagemaker-python-sdk/issues/5176: it makes the database `sagemaker_processing`).
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3

HERE = Path(__file__).with_name("query.json")
PAUSE = 5  # seconds between two looks; the job's longest time ends a wait that is too long
_RUNNING = ("QUEUED", "RUNNING")


class QueryError(Exception):
    """The query was not answered: says why."""


def arguments() -> argparse.ArgumentParser:
    """The folder that the pipeline names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--query", type=Path, required=True)
    return parser


def main(argv: Sequence[str] | None = None, asked: Mapping[str, str] | None = None) -> None:
    """Write to --query what query.json, or `asked`, asks for: Parquet.

    Raises QueryError when Athena does not answer, or answers with no row.
    """
    folder: Path = arguments().parse_args(argv).query
    asked = asked or json.loads(HERE.read_text())
    session = boto3.Session(region_name=asked["region"])
    manifest = unload(session.client("athena"), asked, f"{uuid.uuid4()}")
    files = download(session.client("s3"), manifest, folder)
    print(json.dumps({"message": "answered", "files": files}))


def unload(athena: Any, asked: Mapping[str, str], place: str, pause: Callable[[float], None] = time.sleep) -> str:
    """Run the query; where the list of its files lies. `place` is new: Athena writes into no place that holds a file.

    Raises QueryError, with Athena's reason, when the query did not succeed.
    """
    group = athena.get_work_group(WorkGroup=asked["workgroup"])["WorkGroup"]["Configuration"]
    location = f"{group['ResultConfiguration']['OutputLocation'].rstrip('/')}/unloaded/{place}/"
    # UNLOAD takes a SELECT; what begins with WITH is one when it is selected from.
    rows = f"SELECT * FROM ({asked['query']})"
    text = f"UNLOAD ({rows}) TO '{location}' WITH (format = 'PARQUET', compression = 'SNAPPY')"
    started = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Catalog": asked["catalog"], "Database": asked["database"]},
        WorkGroup=asked["workgroup"],
        ClientRequestToken=place,
    )["QueryExecutionId"]
    while True:
        execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        status = execution["Status"]
        if status["State"] not in _RUNNING:
            break
        pause(PAUSE)
    if status["State"] != "SUCCEEDED":
        raise QueryError(f"query {started} {status['State']}: {status.get('StateChangeReason', 'no reason given')}")
    return str(execution["Statistics"]["DataManifestLocation"])


def download(s3: Any, manifest: str, folder: Path) -> int:
    """Put the files that the manifest lists into the folder, by their number; how many there are.

    Raises QueryError when there is none.
    """
    bucket, key = _split(manifest)
    listed = sorted(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().split())
    if not listed:
        raise QueryError("the query answered with no row")
    folder.mkdir(parents=True, exist_ok=True)
    for number, uri in enumerate(listed):
        bucket, key = _split(uri)
        s3.download_file(bucket, key, str(folder / f"part-{number:05}.parquet"))
    return len(listed)


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.strip('"').removeprefix("s3://").partition("/")
    return bucket, key


if __name__ == "__main__":
    main()
