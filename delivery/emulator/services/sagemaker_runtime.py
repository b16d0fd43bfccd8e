"""SageMaker's runtime: endpoints answer as the samples of their model's version say. No model computes anything.

The version's `SamplePayloadUrl` names a file of JSON lines, each with the members `content_type`, `accept`,
`request` and `answer`. A request that is none of them is one that the container cannot read. Answers that a test put
into moto's own queue (`/moto-api/static/sagemaker/endpoint-results`) come first, whatever is asked.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.sagemakerruntime.models import sagemakerruntime_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_endpoints import in_service
from delivery.emulator.services.sagemaker_models import MODEL, read, versions, write
from delivery.emulator.store import Record

SERVICE = Service("sagemaker-runtime")


class ContainerError(Exception):
    """The container gave no answer."""


def answer(call: Call, model: Record, content_type: str, body: str) -> tuple[str, str]:
    """What the model answers to a request, and of which type; raises ContainerError."""
    prepared = sagemakerruntime_backends[call.account][call.region].results_queue
    if prepared:
        text, kind, _, _ = prepared.pop(0)
        return text, kind
    for version in versions(call, model):
        for line in (read(version.get("SamplePayloadUrl", "")) or b"").splitlines():
            sample = json.loads(line)
            if (sample["content_type"], sample["request"].strip()) == (content_type, body.strip()):
                return sample["answer"], sample["accept"]
    raise ContainerError(f"{model['ModelName']}: no sample of its version is this request, which no container reads")


@SERVICE.operation("InvokeEndpoint")
def invoke(call: Call) -> Answer:
    """The first variant answers, or the one that is asked for; what capture is set for lies in its bucket at once."""
    endpoint = in_service(call)
    configuration = endpoint["Configuration"]
    if "AsyncInferenceConfig" in configuration:
        raise AwsError("ValidationError", f"Endpoint {endpoint['EndpointName']} is asked by InvokeEndpointAsync.")
    wanted = call.params.get("TargetVariant", configuration["ProductionVariants"][0]["VariantName"])
    variant = next((each for each in configuration["ProductionVariants"] if each["VariantName"] == wanted), None)
    if variant is None:
        raise AwsError("ValidationError", f"{endpoint['EndpointName']} has no variant {wanted}")
    kind, body = call.params.get("ContentType", "application/octet-stream"), call.params.get("Body", b"")
    text = body.decode() if isinstance(body, bytes) else body
    model = MODEL.find(call, variant)
    try:
        said, said_as = answer(call, model, kind, text)
    except ContainerError as error:
        raise AwsError("ModelError", f"Received client error (400) from {wanted} with message: {error}") from None
    _capture(call, endpoint, wanted, (kind, text), (said_as, said))
    return {"Body": said.encode(), "ContentType": said_as, "InvokedProductionVariant": wanted}


def _capture(call: Call, endpoint: Record, variant: str, asked: tuple[str, str], said: tuple[str, str]) -> None:
    """A line for the request, in the format of SageMaker's data capture.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
    """
    capture: Record = endpoint["Configuration"].get("DataCaptureConfig", {})
    modes = {each["CaptureMode"] for each in capture.get("CaptureOptions", [])}
    if not capture.get("EnableCapture") or capture["InitialSamplingPercentage"] == 0:
        return
    now = datetime.now(UTC)
    data: dict[str, Any] = {}
    for member, mode, (kind, text) in (("endpointInput", "Input", asked), ("endpointOutput", "Output", said)):
        if modes & {mode, "InputAndOutput"}:
            encoding = kind.rpartition("/")[2].upper()
            data[member] = {"observedContentType": kind, "mode": mode.upper(), "data": text, "encoding": encoding}
    about = {"eventId": str(uuid.uuid4()), "inferenceTime": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    if "InferenceId" in call.params:
        about["inferenceId"] = call.params["InferenceId"]
    line = json.dumps({"captureData": data, "eventMetadata": about, "eventVersion": "0"})
    place = f"{capture['DestinationS3Uri'].rstrip('/')}/{endpoint['EndpointName']}/{variant}/{now:%Y/%m/%d/%H}"
    write(f"{place}/{now:%M-%S}-000-{about['eventId']}.jsonl", f"{line}\n".encode())


@SERVICE.operation("InvokeEndpointAsync")
def invoke_async(call: Call) -> Answer:
    """The answer, or why there is none, lies at its place when the call returns."""
    endpoint = in_service(call)
    output = endpoint["Configuration"].get("AsyncInferenceConfig", {}).get("OutputConfig")
    if output is None:
        raise AwsError("ValidationError", f"Endpoint {endpoint['EndpointName']} is not asynchronous.")
    asked = read(call.params["InputLocation"])
    if asked is None:
        raise AwsError("ValidationError", f"there is no object {call.params['InputLocation']}")
    variant = endpoint["Configuration"]["ProductionVariants"][0]
    inference = call.params.get("InferenceId") or str(uuid.uuid4())
    place = f"{output['S3OutputPath'].rstrip('/')}/{uuid.uuid4()}.out"
    failure = f"{output.get('S3FailurePath', output['S3OutputPath']).rstrip('/')}/{uuid.uuid4()}-error.out"
    kind, text = call.params.get("ContentType", "application/octet-stream"), asked.decode()
    try:
        said, said_as = answer(call, MODEL.find(call, variant), kind, text)
    except ContainerError as error:
        write(failure, str(error).encode())
    else:
        write(place, said.encode())
        _capture(call, endpoint, variant["VariantName"], (kind, text), (said_as, said))
    return {"InferenceId": inference, "OutputLocation": place, "FailureLocation": failure}
