"""SageMaker's batch transforms: over at once. Each object is answered line by line, as the runtime answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from moto.events.models import events_backends
from moto.s3.models import s3_backends

from delivery.emulator.service import Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_models import MODEL, missing_files, read, write
from delivery.emulator.services.sagemaker_resources import Kind, offer
from delivery.emulator.services.sagemaker_runtime import ContainerError, answer
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")


def _inputs(uri: str) -> Iterator[str]:
    """The URIs of the objects below a prefix."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    if bucket not in s3_backends.bucket_accounts:
        raise refuse(f"there is no bucket {bucket}")
    partition, owner = s3_backends.bucket_accounts[bucket]
    for key in s3_backends[owner][partition].buckets[bucket].keys:
        if key.startswith(prefix):
            yield f"s3://{bucket}/{key}"


def _check(call: Call, job: Record) -> None:
    MODEL.find(call, job)
    source = job["TransformInput"]["DataSource"]["S3DataSource"]
    if source["S3DataType"] != "S3Prefix":
        raise refuse("the emulator knows no input but that below a prefix")
    if not [*_inputs(source["S3Uri"])]:
        raise refuse(f"there is nothing below {source['S3Uri']}")


def _run(call: Call, job: Record) -> None:
    """The output of an object is called as it is, with `.out`; a job that met a line without an answer has failed."""
    model, given = MODEL.find(call, job), job["TransformInput"]
    prefix = given["DataSource"]["S3DataSource"]["S3Uri"]
    job.update(
        TransformJobStatus="Completed", TransformStartTime=job["CreationTime"], TransformEndTime=datetime.now(UTC)
    )
    try:
        for uri in missing_files(call, model):
            raise ContainerError(f"Failed to download {uri}")
        for uri in [*_inputs(prefix)]:
            text = (read(uri) or b"").decode()
            lines = text.splitlines() if given.get("SplitType", "None") == "Line" else [text]
            said = [
                answer(call, model, given.get("ContentType", "application/octet-stream"), each)[0] for each in lines
            ]
            name = uri.removeprefix(prefix).lstrip("/") or uri.rpartition("/")[2]
            write(f"{job['TransformOutput']['S3OutputPath'].rstrip('/')}/{name}.out", "\n".join(said).encode())
    except ContainerError as error:
        job.update(TransformJobStatus="Failed", FailureReason=str(error))
    said_of = ("TransformJobName", "TransformJobArn", "TransformJobStatus", "FailureReason", "ModelName")
    event = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Transform Job State Change",
        "Resources": [job["TransformJobArn"]],
        "Detail": json.dumps({name: job[name] for name in said_of if name in job}),
    }
    events_backends[call.account][call.region].put_events([event])


TRANSFORM_JOB = offer(
    SERVICE,
    Kind("TransformJob", "transform-job", ("TransformJobName",), assigned=lambda call: {}, check=_check, enter=_run),
)
