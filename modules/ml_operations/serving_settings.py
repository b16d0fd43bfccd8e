"""How a project's model is served, as its file says. No cdktf here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modules.core.instances import on_local_disks
from modules.core.settings import InstanceType, Schedule, Shape, Strict
from modules.ml_operations.rollout_settings import Rollout, Thresholds

ServingMode = Literal["real-time", "asynchronous", "serverless", "batch"]
ServingStage = Literal["test", "prod"]
ContentType = Annotated[str, Shape(r"[a-z]+/[a-z0-9.+-]+", "a media type such as text/csv", 64)]
# What serves when a file says nothing: a stage's fewest and most instances. Production survives the loss of a zone;
# what answers later, or by the calendar, waits for it.
_INSTANCES: Mapping[ServingMode, Mapping[ServingStage, tuple[int, int]]] = {
    "real-time": {"test": (1, 2), "prod": (2, 4)},
    "asynchronous": {"test": (0, 2), "prod": (0, 4)},
    "batch": {"test": (1, 1), "prod": (1, 1)},
    "serverless": {"test": (0, 0), "prod": (0, 0)},  # AWS counts none
}
_FEWEST_IN_PRODUCTION = 2
# What each mode alone has.
_OWN: Mapping[str, ServingMode] = {"asynchronous": "asynchronous", "serverless": "serverless", "batch": "batch"}
_GUARDED: tuple[ServingMode, ...] = ("real-time", "asynchronous")
# What takes longer is told, where a file says nothing: one that waits for an answer, a cold start, a long document.
_SLOWEST_MS: Mapping[ServingMode, int] = {"real-time": 1000, "serverless": 10_000, "asynchronous": 300_000}


class StageServing(Strict):
    """What differs in one stage; what is left out is as `Serving` has it, or as good for mode and stage.

    Instances scale from `at_least` to `at_most`. `capture_percent` of the requests are kept with their answers.
    """

    instance_type: InstanceType | None = None
    at_least: Annotated[int, Field(ge=0, le=100)] | None = None
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    capture_percent: Annotated[int, Field(ge=1, le=100)] = 100


class Scaling(Strict):
    """When instances are added: more `invocations_per_minute` than this for each. Pauses are in seconds.

    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html
    """

    invocations_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 600
    out_pause_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    in_pause_seconds: Annotated[int, Field(ge=0, le=3600)] = 300


class Asynchronous(Strict):
    """An endpoint that takes requests from a bucket and answers into it; without any, its last instance goes.

    `waiting_per_instance`: more of them waiting for each, and instances are added. `oldest_minutes`: its owner hears
    when a request waits for longer.
    """

    at_once_per_instance: Annotated[int, Field(ge=1, le=1000)] = 4
    waiting_per_instance: Annotated[int, Field(ge=1, le=10_000)] = 5
    oldest_minutes: Annotated[int, Field(ge=1, le=1440)] = 60


class Serverless(Strict):
    """An endpoint without instances of ours. AWS has it in no network of ours, and keeps nothing of what it is asked.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    """

    memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    at_once: Annotated[int, Field(ge=1, le=200)] = 20


class Batch(Strict):
    """By the calendar all that lies below `input/` is answered, below `output/`, each run apart."""

    schedule: Schedule = "cron(0 5 * * ? *)"
    content_type: ContentType = "text/csv"
    by_line: bool = True
    max_payload_mb: Annotated[int, Field(ge=1, le=100)] = 6


class ServedAs(Strict):
    """How a model is served in one place: everything said, nothing left out."""

    mode: ServingMode
    stage: ServingStage
    instance_type: InstanceType
    at_least: int
    at_most: int
    capture_percent: int
    scaling: Scaling
    rollout: Rollout
    thresholds: Thresholds
    asynchronous: Asynchronous
    serverless: Serverless
    batch: Batch

    @property
    def has_endpoint(self) -> bool:
        """Whether something waits for requests."""
        return self.mode != "batch"

    @property
    def keeps_requests(self) -> bool:
        """Whether requests are kept with their answers as they come: serverless endpoints keep nothing."""
        return self.mode in ("asynchronous", "real-time")

    @property
    def guarded(self) -> bool:
        """Whether AWS shifts traffic step by step, and back on an alarm: not for serverless endpoints.

        https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
        """
        return self.mode in _GUARDED

    @property
    def takes_key(self) -> bool:
        """Whether SageMaker takes a key for volumes: it refuses one where local disks are encrypted by the hardware."""
        return self.mode == "serverless" or not on_local_disks(self.instance_type)

    @property
    def configured(self) -> str:
        """A digest of what an endpoint's configuration is made of."""
        text = self.model_dump_json(include={"mode", "instance_type", "capture_percent", "asynchronous", "serverless"})
        return hashlib.sha256(f"{text} {self.at_first}".encode()).hexdigest()[:16]

    @property
    def slowest_ms(self) -> int:
        """The latency that is told, in milliseconds; only of what has an endpoint."""
        return self.thresholds.latency_p99_ms or _SLOWEST_MS[self.mode]

    @property
    def at_first(self) -> int:
        """Instances that a new configuration begins with, before it scales."""
        return max(self.at_least, _FEWEST_IN_PRODUCTION if self.stage == "prod" and self.has_endpoint else 1)


class Serving(Strict):
    """`serving:` of a project's file: its approved versions are released to test and production, and served so.

    `ended`: it is served no more; what serves it is taken down, and what it holds stays. A project that has ended goes
    on being served until then.
    """

    mode: ServingMode = "real-time"
    instance_type: InstanceType = "ml.m5.large"
    test: StageServing = StageServing()
    prod: StageServing = StageServing()
    scaling: Scaling = Scaling()
    rollout: Rollout = Rollout()
    alarms: Thresholds = Thresholds()
    asynchronous: Asynchronous = Asynchronous()
    serverless: Serverless = Serverless()
    batch: Batch = Batch()
    ended: bool = False

    def at(self, stage: ServingStage) -> ServedAs:
        """How it is served in a stage; in an account that is both, as in production."""
        own = self.prod if stage == "prod" else self.test
        fewest, most = _INSTANCES[self.mode][stage]
        at_least = fewest if own.at_least is None else own.at_least
        return ServedAs(
            mode=self.mode,
            stage=stage,
            instance_type=own.instance_type or self.instance_type,
            at_least=at_least,
            at_most=max(most, at_least) if own.at_most is None else own.at_most,
            capture_percent=own.capture_percent,
            scaling=self.scaling,
            rollout=self.rollout,
            thresholds=self.alarms,
            asynchronous=self.asynchronous,
            serverless=self.serverless,
            batch=self.batch,
        )

    @model_validator(mode="after")
    def _says_nothing_of_other_modes(self) -> Self:
        said = self.model_fields_set
        if others := sorted(each for each, mode in _OWN.items() if each in said and mode != self.mode):
            raise ValueError(f"must not have {', '.join(others)} with mode {self.mode}")
        if "rollout" in said and self.mode not in _GUARDED:
            raise ValueError(f"must not have rollout with mode {self.mode}: AWS updates it at once, without alarms")
        if "scaling" in said and self.mode not in _GUARDED:
            raise ValueError(f"must not have scaling with mode {self.mode}: nothing of it scales by settings")
        if "alarms" in said and self.mode == "batch":
            raise ValueError("must not have alarms with mode batch: they watch an endpoint, and a run has none")
        if "instance_type" in said and self.mode == "serverless":
            raise ValueError("must not have instance_type with mode serverless: AWS has no such")
        if self.mode == "asynchronous" and "invocations_per_minute" in self.scaling.model_fields_set:
            raise ValueError(
                "must not have scaling.invocations_per_minute with mode asynchronous: "
                "it scales by asynchronous.waiting_per_instance"
            )
        return self

    @model_validator(mode="after")
    def _has_as_many_instances_as_its_mode_needs(self) -> Self:
        stages: tuple[ServingStage, ...] = ("test", "prod")
        for served in map(self.at, stages):
            own = getattr(self, served.stage).model_fields_set
            if served.mode == "serverless":
                if said := sorted(own & {"at_least", "at_most", "instance_type", "capture_percent"}):
                    raise ValueError(f"must not have {served.stage}.{said[0]} with mode serverless: AWS has no such")
                continue
            if served.mode == "batch" and "at_least" in own:
                raise ValueError(f"must not have {served.stage}.at_least with mode batch: a run has at_most instances")
            if served.mode == "batch" and "capture_percent" in own:
                raise ValueError(f"must not have {served.stage}.capture_percent with mode batch: it keeps all")
            if served.at_most < served.at_first:
                raise ValueError(
                    f"must have {served.stage}.at_most of {served.at_first} or more: a version begins with as many"
                )
            if served.mode == "real-time" and served.at_least < (fewest := served.at_first):
                raise ValueError(f"must have {served.stage}.at_least of {fewest} or more: requests do not wait")
        return self
