"""A look from outside: an endpoint is asked what its version was asked when it was made."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from modules.ml_operations.layout import NO_VERSION, SAMPLES, ServedVersion
from modules.ml_operations.release.answers import differs

SAMPLES_FILE = f"{SAMPLES}samples.jsonl"
# So many of a version's samples are asked each time: enough for a median, and no burden.
ASKED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: the `version`, None while none is served; how often it `asked`; what is `wrong`, in words.

    `millis` is the median of the answers.
    """

    version: str | None = None
    asked: int = 0
    wrong: tuple[str, ...] = ()
    millis: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Asks one endpoint. `runtime`, `objects`, `parameters`: clients of SageMaker's runtime, S3, Systems Manager.

    `slowest_ms` bounds the median of its answers, seen from here; `tolerance` is what numbers in them may differ by.
    """

    runtime: Any
    objects: Any
    parameters: Any
    endpoint: str
    parameter: str
    slowest_ms: float
    tolerance: float

    def look(self) -> Found:
        """Ask as the version's samples say. Raises what AWS refuses but to answer, and ValueError without samples."""
        value = self.parameters.get_parameter(Name=self.parameter)["Parameter"]["Value"]
        served: ServedVersion = json.loads(value)
        if served["model_package_arn"] == NO_VERSION:
            return Found()
        asked = [self._ask(sample) for sample in self._samples(served["files"])]
        wrong = [told for told, _ in asked if told]
        times = [millis for told, millis in asked if told is None]
        median = statistics.median(times) if times else None
        if median is not None and median > self.slowest_ms:
            wrong.append(f"half of the answers take longer than {median:.0f} ms, and at most {self.slowest_ms:.0f} may")
        return Found(served["version"], len(asked), tuple(wrong), median)

    def _samples(self, files: str) -> list[dict[str, str]]:
        place = urlsplit(f"{files}{SAMPLES_FILE}")
        body: bytes = self.objects.get_object(Bucket=place.netloc, Key=place.path.removeprefix("/"))["Body"].read()
        found = [json.loads(line) for line in body.decode().splitlines() if line.strip()][:ASKED]
        if not found:
            raise ValueError(f"{place.geturl()} has no sample, so nothing can be asked")
        return found

    def _ask(self, sample: dict[str, str]) -> tuple[str | None, float]:
        """What is wrong with the answer, None if nothing is, and how many milliseconds it took."""
        errors, start = self.runtime.exceptions, time.monotonic()
        try:
            answer = self.runtime.invoke_endpoint(
                EndpointName=self.endpoint,
                ContentType=sample["content_type"],
                Accept=sample["accept"],
                Body=sample["request"].encode(),
            )
        except (
            errors.InternalFailure,
            errors.ModelError,
            errors.ModelNotReadyException,
            errors.ServiceUnavailable,
            errors.ValidationError,  # there is no such endpoint
        ) as error:
            return str(error), 0.0
        text = answer["Body"].read().decode()
        return differs(sample["answer"], text, self.tolerance), (time.monotonic() - start) * 1000
