"""What an ML project is, as YAML says it, and what may be set for builds. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from modules.core.settings import Shape, Strict, TeamName, Text

# Names of roles and of buckets hold it; a model's group is called `<organisation>-<environment>-<team>-<project>`.
ProjectName = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "lower-case letters, digits and single hyphens, a letter first (such as card-fraud)",
        20,
        shortest=2,
    ),
]
BuildTemplate = Literal["build-tabular", "build-language-model"]


class MetricGate(Strict):
    """What a model must reach before it is registered: `metric` as the evaluation reports it, and one bound."""

    metric: Annotated[str, Shape(r"[a-z][a-z0-9_]*", "a metric's name such as roc_auc", 64)]
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("must have either at_least or at_most")
        return self


class ProjectSpec(Strict):
    """`projects/<project>.yaml`: one model that a team builds, by which template."""

    project: ProjectName
    team: TeamName
    description: Text
    template: BuildTemplate
    gate: MetricGate


class BuildSettings(Strict):
    """Where builds of all projects take their source, and what they may use."""
