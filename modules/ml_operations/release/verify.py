"""Verify: an integration test of what serves a version, by really asking it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from modules.ml_operations.release.answers import differs
from modules.ml_operations.release.checks import Checks
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.waiting import Patience

Sample = Mapping[str, str]
MALFORMED = b"this is no request\x00"
_PERCENTILE = 0.95


@dataclass(frozen=True, slots=True)
class Demands:
    """What an answer must keep to. `capture`: whether requests must be found in the bucket; none if serverless."""

    tolerance: float
    latency_ms: float
    capture: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that answers at once. `runtime`, `objects`: clients of SageMaker's runtime and S3."""

    runtime: Any
    objects: Any
    name: str
    bucket: str
    capture_prefix: str
    demands: Demands
    patience: Patience
    run: str

    def test(self, samples: Sequence[Sample]) -> Checks:
        """Every sample is answered as it was when the model was made, in time, and captured; nonsense is refused."""
        checks, millis = Checks(), list[float]()
        for number, sample in enumerate(samples, 1):
            checks.make(f"sample {number}", partial(self._ask, sample, number, millis))
        checks.make("a malformed request is refused", lambda: self._malformed(samples[0]))
        checks.make("latency", lambda: self._in_time(millis))
        if self.demands.capture:
            checks.make("requests are captured", self._captured)
        return checks

    def _ask(self, sample: Sample, number: int, millis: list[float]) -> str:
        start = time.monotonic()
        try:
            answer = self.runtime.invoke_endpoint(
                EndpointName=self.name,
                ContentType=sample["content_type"],
                Accept=sample["accept"],
                Body=sample["request"].encode(),
                InferenceId=f"{self.run}-{number}",
            )
        except self.runtime.exceptions.ModelError as error:
            raise ReleaseError(f"the model answers with an error: {error}") from error
        actual = answer["Body"].read().decode()
        millis.append((time.monotonic() - start) * 1000)
        if wrong := differs(sample["answer"], actual, self.demands.tolerance):
            raise ReleaseError(wrong)
        return "answered as when it was made"

    def _malformed(self, sample: Sample) -> str:
        try:
            self.runtime.invoke_endpoint(
                EndpointName=self.name, ContentType=sample["content_type"], Accept=sample["accept"], Body=MALFORMED
            )
        except self.runtime.exceptions.ModelError as error:
            return f"refused: {error}"
        raise ReleaseError("the model answered nonsense as if it were a request")

    def _in_time(self, millis: Sequence[float]) -> str:
        if not millis:
            raise ReleaseError("nothing was answered, so nothing was measured")
        slowest = sorted(millis)[math.ceil(_PERCENTILE * len(millis)) - 1]
        if slowest > self.demands.latency_ms:
            bound = self.demands.latency_ms
            raise ReleaseError(f"the 95th percentile is {slowest:.0f} ms, and at most {bound:.0f} ms are allowed")
        return f"the 95th percentile is {slowest:.0f} ms"

    def _captured(self) -> str:
        return self.patience.until(self._find_capture, f"a captured request below {self.capture_prefix}")

    def _find_capture(self) -> str | None:
        pages = self.objects.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.capture_prefix)
        found = [one for page in pages for one in page.get("Contents", ())]
        for one in sorted(found, key=lambda one: one["LastModified"], reverse=True)[:20]:
            body: bytes = self.objects.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read()
            if f'"{self.run}-'.encode() in body:
                return f"captured in {one['Key']}"
        return None
