"""Verify what is asked through files: an asynchronous endpoint, and a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from modules.ml_operations.release.answers import differs
from modules.ml_operations.release.aws import place
from modules.ml_operations.release.checks import Checks
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.verify import MALFORMED, Sample
from modules.ml_operations.release.waiting import Patience

_ENDED = {"Failed", "Stopped", "Succeeded"}


@dataclass(frozen=True, slots=True)
class AsynchronousEndpoint:
    """An endpoint that answers into a bucket. Requests of a test are put below `requests`, a prefix with the slash."""

    runtime: Any
    objects: Any
    name: str
    bucket: str
    requests: str
    tolerance: float
    patience: Patience
    run: str

    def test(self, samples: Sequence[Sample]) -> Checks:
        """Every sample is answered as it was when the model was made; nonsense ends in a failure."""
        checks = Checks()
        for number, sample in enumerate(samples, 1):
            checks.make(f"sample {number}", partial(self._ask, sample, number))
        checks.make("a malformed request is refused", lambda: self._malformed(samples[0]))
        return checks

    def _ask(self, sample: Sample, number: int) -> str:
        output, failure = self._send(sample, sample["request"].encode(), str(number))
        succeeded, content = self._answer(output, failure)
        if not succeeded:
            raise ReleaseError(f"the model answers with an error: {content[:300]}")
        if wrong := differs(sample["answer"], content, self.tolerance):
            raise ReleaseError(wrong)
        return f"answered in {output}"

    def _malformed(self, sample: Sample) -> str:
        succeeded, content = self._answer(*self._send(sample, MALFORMED, "malformed"))
        if succeeded:
            raise ReleaseError("the model answered nonsense as if it were a request")
        return f"refused: {content[:300]}"

    def _send(self, sample: Sample, body: bytes, what: str) -> tuple[str, str]:
        key = f"{self.requests}{self.run}/{what}"
        self.objects.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=sample["content_type"])
        answer = self.runtime.invoke_endpoint_async(
            EndpointName=self.name,
            ContentType=sample["content_type"],
            Accept=sample["accept"],
            InputLocation=f"s3://{self.bucket}/{key}",
        )
        return answer["OutputLocation"], answer["FailureLocation"]

    def _answer(self, output: str, failure: str) -> tuple[bool, str]:
        def look() -> tuple[bool, str] | None:
            for succeeded, uri in ((True, output), (False, failure)):
                if (content := read(self.objects, uri)) is not None:
                    return succeeded, content
            return None

        return self.patience.until(look, f"an answer at {output} or {failure}")


@dataclass(frozen=True, slots=True)
class Batch:
    """A pipeline of SageMaker that transforms what lies below `Input` to below `Output`. `registry`: its client."""

    registry: Any
    objects: Any
    pipeline: str
    bucket: str
    requests: str
    answers: str
    tolerance: float
    patience: Patience
    run: str

    def test(self, samples: Sequence[Sample]) -> Checks:
        """One batch of all samples answers each as it was when the model was made."""
        checks = Checks()
        checks.make("a batch of all samples", lambda: self._transform(samples))
        return checks

    def _transform(self, samples: Sequence[Sample]) -> str:
        prefix = f"{self.requests}{self.run}/"
        for number, sample in enumerate(samples, 1):
            self.objects.put_object(
                Bucket=self.bucket,
                Key=f"{prefix}{number:03}",
                Body=sample["request"].encode(),
                ContentType=sample["content_type"],
            )
        below = f"s3://{self.bucket}/{self.answers}{self.run}"
        started = self.registry.start_pipeline_execution(
            PipelineName=self.pipeline,
            ClientRequestToken=self.run.ljust(32, "0"),
            PipelineParameters=[
                {"Name": "Input", "Value": f"s3://{self.bucket}/{prefix}"},
                {"Name": "Output", "Value": below},
            ],
        )["PipelineExecutionArn"]
        status = self.patience.until(lambda: self._ended(started), f"the end of the batch {started}")
        if status != "Succeeded":
            raise ReleaseError(f"the batch {started} is {status}: see its steps in SageMaker")
        for number, sample in enumerate(samples, 1):
            uri = f"{below}/{started.rpartition('/')[2]}/{number:03}.out"
            actual = read(self.objects, uri)
            if actual is None:
                raise ReleaseError(f"there is no answer to sample {number} at {uri}")
            if wrong := differs(sample["answer"], actual, self.tolerance):
                raise ReleaseError(f"sample {number}: {wrong}")
        return f"{len(samples)} samples answered by {started}"

    def _ended(self, execution: str) -> str | None:
        described = self.registry.describe_pipeline_execution(PipelineExecutionArn=execution)
        status: str = described["PipelineExecutionStatus"]
        return status if status in _ENDED else None


def read(objects: Any, uri: str) -> str | None:
    """The text of an object; None while it is not there."""
    bucket, key = place(uri)
    try:
        content: bytes = objects.get_object(Bucket=bucket, Key=key)["Body"].read()
    except objects.exceptions.NoSuchKey:
        return None
    return content.decode()
