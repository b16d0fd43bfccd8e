"""What may be set for AWS Control Tower: the landing zone, and the controls of each guardrail level."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Strict
from modules.foundations.control_tower.controls import CONTROLS, Parameter

Version = Literal["3.3", "4.0"]
# The baseline that registers an organisational unit, by version of the landing zone (AWS Control Tower User Guide,
# "Compatibility of OU baselines and landing zone versions").
BASELINE_VERSIONS: dict[Version, str] = {"3.3": "4.0", "4.0": "5.0"}
# Services that Control Tower makes trusted when it is set up; left out of the list, they would be cut off again.
TRUSTED_SERVICES = ("controltower.amazonaws.com", "member.org.stacksets.cloudformation.amazonaws.com")
EXECUTION_ROLE = "AWSControlTowerExecution"  # as which Control Tower works in member accounts


def _known(name: str) -> str:
    if name not in CONTROLS:
        raise ValueError(f"must be one of {', '.join(sorted(CONTROLS))}")
    return name


ControlName = Annotated[str, AfterValidator(_known)]
Days = Annotated[int, Field(ge=1, le=5475)]


class LandingZoneSettings(Strict):
    """The landing zone. Off: the organisation runs without Control Tower.

    `central_logging`: Control Tower's own trail, in place of ours. `config`: its AWS Config recorders, in place of
    ours, and with them its roles in the security tooling account and detective controls; version 3.3 cannot do without.
    With neither, Control Tower keeps to preventive and proactive controls and needs no account of ours. Days are how
    long its buckets keep what it logs. With either, hashicorp/aws 5.100 plans an update for ever, since it reads these
    numbers back as text (hashicorp/terraform-provider-aws#35763, mended in 6.x).
    """

    enabled: bool = False
    version: Version = "4.0"
    central_logging: bool = False
    config: bool = False
    log_days: Days = 365
    access_log_days: Days = 365

    @property
    def integrated(self) -> bool:
        """Whether Control Tower deploys into the log archive and the security tooling account."""
        return self.enabled and (self.central_logging or self.config)

    @model_validator(mode="after")
    def _the_version_can_do_it(self) -> Self:
        if self.enabled and self.version == "3.3" and not self.config:
            raise ValueError("config must be true with version 3.3: only from 4.0 on Control Tower runs without it")
        return self


class LevelControls(Strict):
    """The controls that each level adds to the levels before it. Quarantine needs none: nothing works there."""

    sandbox: tuple[ControlName, ...] = (
        "bucket-public-access-block",
        "notebook-in-own-vpc",
        "notebook-without-direct-internet",
    )
    standard: tuple[ControlName, ...] = ("bucket-tls-only", "function-not-public", "notebook-without-root")
    strict: tuple[ControlName, ...] = ("bucket-encrypted-by-kms", "key-rotation")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [*self.sandbox, *self.standard, *self.strict]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"must name each control once, as a level keeps those before it: {', '.join(repeated)}")
        return self

    def up_to(self, level: str) -> tuple[str, ...]:
        """The controls of a unit of `level`, sorted; none in quarantine."""
        levels = {"sandbox": self.sandbox, "standard": self.standard, "strict": self.strict}
        if level not in levels:
            return ()
        names = list(levels)[: list(levels).index(level) + 1]
        return tuple(sorted(control for name in names for control in levels[name]))


class ControlTowerSettings(Strict):
    """Controls by readable name, enabled while the landing zone is; `parameters` by control replace its own."""

    controls: LevelControls = LevelControls()
    parameters: dict[ControlName, dict[str, Parameter]] = Field(default_factory=dict)
