"""What may be set for how models in use are watched. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modules.core.instances import on_local_disks
from modules.core.settings import InstanceType, Shape, Strict
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.serving_settings import ServingMode

# What is done about drift that stays, beside telling the owner: nothing, learn again, or go back to the version before.
Response = Literal["tell", "retrain", "rollback"]
Digest = Annotated[str, Shape(r"sha256:[0-9a-f]{64}", "the digest of an image such as sha256:0f3c...", 71)]

# Truth is matched with captured data by the hour.
_NEED_TRUTH: tuple[MonitorKind, ...] = ("model-quality", "model-bias")


class MonitorSettings(Strict):
    """One kind of monitor: how often it runs, and what is done when it finds violations.

    The owner hears of the first run with violations. After `act_after` runs in a row that had some, `response` follows.
    """

    every_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = 24
    response: Response = "tell"
    act_after: Annotated[int, Field(ge=1, le=100)] = 3

    @property
    def schedule(self) -> str:
        """As SageMaker spells it, in UTC; it starts up to 20 minutes later.

        https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-schedule-expression.html
        """
        hours = {1: "*", 24: "0"}.get(self.every_hours, f"0/{self.every_hours}")
        return f"cron(0 {hours} ? * * *)"


class MonitoringSettings(Strict):
    """How served models are watched, by kind.

    `truth_delay_hours`: how long after an answer the truth lies below ground-truth/ of the model's bucket.
    `max_runtime_minutes` bounds one run. `analyzer_digest` and `clarify_digest` pin AWS's containers, which AWS
    publishes by region; left out, the current one runs. `explanations` are watched only where the guardrails let a
    team's jobs put up endpoints, which SM-38 refuses in production (ADR 34); `explain_on` is what Clarify's own copy
    of the model runs on while it explains, for the time of one run (its disks are encrypted by the hardware), by
    `shap_samples` variations of each answer.
    """

    data_quality: MonitorSettings = MonitorSettings(every_hours=1, response="retrain", act_after=24)
    model_quality: MonitorSettings = MonitorSettings(response="rollback", act_after=2)
    model_bias: MonitorSettings = MonitorSettings(response="rollback", act_after=2)
    model_explainability: MonitorSettings = MonitorSettings()
    truth_delay_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 24
    instance_type: InstanceType = "ml.m5.xlarge"
    volume_gb: Annotated[int, Field(ge=5, le=500)] = 20
    max_runtime_minutes: Annotated[int, Field(ge=5, le=60)] = 30
    explanations: bool = False
    explain_on: InstanceType = "ml.m5d.xlarge"
    shap_samples: Annotated[int, Field(ge=10, le=5000)] = 100
    analyzer_digest: Digest | None = None
    clarify_digest: Digest | None = None

    @model_validator(mode="after")
    def _ends_before_it_runs_again(self) -> Self:
        hourly = [kind for kind, each in self.by_kind.items() if each.every_hours == 1]
        if hourly and self.max_runtime_minutes > 50:
            raise ValueError(f"must have max_runtime_minutes of 50 at most, as {', '.join(hourly)} runs every hour")
        return self

    @model_validator(mode="after")
    def _explains_on_encrypted_disks(self) -> Self:
        if not on_local_disks(self.explain_on):
            raise ValueError(
                "must have an explain_on with local disks, such as ml.m5d.xlarge: Clarify names no key for others, and "
                "a volume without a key is refused"
            )
        return self

    @property
    def by_kind(self) -> Mapping[MonitorKind, MonitorSettings]:
        """What is set for each kind."""
        return {
            "data-quality": self.data_quality,
            "model-quality": self.model_quality,
            "model-bias": self.model_bias,
            "model-explainability": self.model_explainability,
        }

    def window(self, kind: MonitorKind) -> tuple[str, str]:
        """From when to when captured data are looked at, before a run: all since the last, once their truth is known.

        https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-schedule.html
        """
        delay = self.truth_delay_hours if kind in _NEED_TRUTH else 0
        return f"-PT{delay + self.by_kind[kind].every_hours}H", f"-PT{delay}H"


def monitors(mode: ServingMode, *, bias: bool, explanations: bool) -> tuple[MonitorKind, ...]:
    """The kinds that can watch a model that is served so.

    `bias`: the project names facets. `explanations`: they are wanted, and the model reads no text, which Clarify
    explains by its words, and no baseline of our builds has these. Nothing watches serverless endpoints: AWS captures
    no data of them. A batch keeps no record of single answers to which truth could be joined, so only what it is asked
    is watched.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    """
    if mode == "serverless":
        return ()
    if mode == "batch":
        return ("data-quality",)
    found: list[MonitorKind] = ["data-quality", "model-quality"]
    if bias:
        found.append("model-bias")
    if explanations:
        found.append("model-explainability")
    return tuple(found)
