"""Jobs of SageMaker that ran within an hour, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.cost_reporting.functions.list_usage.paging import listed
from modules.cost_reporting.functions.list_usage.rows import PROCESSING, TRAINING, TRANSFORM, TUNING, Found, Hour

# Instance type and number of the machines of one job.
Machines = Callable[[Mapping[str, Any]], list[tuple[str, int]]]


def _training(job: Mapping[str, Any]) -> list[tuple[str, int]]:
    resources = job["ResourceConfig"]
    groups = resources.get("InstanceGroups") or ([resources] if "InstanceType" in resources else [])
    return [(each["InstanceType"], each["InstanceCount"]) for each in groups]


def _processing(job: Mapping[str, Any]) -> list[tuple[str, int]]:
    cluster = job["ProcessingResources"]["ClusterConfig"]
    return [(cluster["InstanceType"], cluster["InstanceCount"])]


def _transform(job: Mapping[str, Any]) -> list[tuple[str, int]]:
    resources = job["TransformResources"]
    return [(resources["InstanceType"], resources["InstanceCount"])]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: in SageMaker's names it is the word that `word` is."""

    kind: str
    word: str
    snake: str
    machines: Machines


KINDS = (
    JobKind(TRAINING, "Training", "training", _training),
    JobKind(PROCESSING, "Processing", "processing", _processing),
    JobKind(TRANSFORM, "Transform", "transform", _transform),
)


def jobs(sagemaker: Any, hour: Hour) -> Iterator[Found]:
    """Jobs for training, processing and transforming that had machines within the hour, by their groups of machines.

    Those that a tuning job starts are training jobs and among them; the tuning job itself has no machines.
    """
    for kind in KINDS:
        for name in _names(sagemaker, kind, hour):
            job = getattr(sagemaker, f"describe_{kind.snake}_job")(**{f"{kind.word}JobName": name})
            seconds = hour.seconds(job.get(f"{kind.word}StartTime"), job.get(f"{kind.word}EndTime"))
            if seconds:
                yield from _found(kind, job, seconds)
    for each in _summaries(sagemaker, "hyper_parameter_tuning", "HyperParameterTuningJobSummaries", hour):
        yield Found(
            TUNING,
            each["HyperParameterTuningJobName"],
            each["HyperParameterTuningJobArn"],
            each["HyperParameterTuningJobStatus"],
            each["CreationTime"],
            last_active=each.get("LastModifiedTime"),
            seconds=hour.seconds(each["CreationTime"], each.get("HyperParameterTuningEndTime")),
        )


def _found(kind: JobKind, job: Mapping[str, Any], seconds: int) -> Iterator[Found]:
    machines = kind.machines(job)
    for index, (instance_type, count) in enumerate(machines):
        yield Found(
            kind.kind,
            job[f"{kind.word}JobName"],
            job[f"{kind.word}JobArn"],
            job[f"{kind.word}JobStatus"],
            job["CreationTime"],
            part=None if len(machines) == 1 else f"group-{index + 1}",
            instance_type=instance_type,
            instances=count,
            seconds=seconds,
            last_active=job.get("LastModifiedTime"),
        )


def _names(sagemaker: Any, kind: JobKind, hour: Hour) -> list[str]:
    found = _summaries(sagemaker, kind.snake, f"{kind.word}JobSummaries", hour)
    return sorted({each[f"{kind.word}JobName"] for each in found})


def _summaries(sagemaker: Any, snake: str, key: str, hour: Hour) -> Iterator[dict[str, Any]]:
    """What changed since the hour began, and what runs unchanged; the second may repeat the first."""
    seen: set[str] = set()
    for request in ({"LastModifiedTimeAfter": hour.start}, {"StatusEquals": "InProgress"}):
        for each in listed(sagemaker, f"list_{snake}_jobs", key, CreationTimeBefore=hour.end, **request):
            arn = next(str(value) for name, value in each.items() if name.endswith("JobArn"))
            if arn not in seen:
                seen.add(arn)
                yield each
