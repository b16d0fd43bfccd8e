"""Where a product is launched, and what the names there look like. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.iam import Conditions
from modules.core.naming import Naming
from modules.ml_platform.names import MADE_BY_PROJECTS


@dataclass(frozen=True, slots=True)
class LaunchScope:
    """Where a product is launched: `naming` of the dev account, and the names of the teams that work in it."""

    naming: Naming
    teams: tuple[str, ...]

    def names(self, pattern: str) -> list[str]:
        """`pattern`, such as `{}-mlflow-*`, for each team, as names of the account."""
        prefix = f"{self.naming.organization}-{self.naming.environment}"
        return [f"{prefix}-{pattern.format(team)}" for team in self.teams]

    def roles(self, *whats: str) -> list[str]:
        """The ARNs of these roles of each team."""
        return [self.naming.role_arn(f"{team}-{what}") for team in self.teams for what in whats]

    @property
    def made(self) -> Conditions:
        """What is made or tagged carries the tag of a team of the account."""
        return {"StringEquals": {"aws:RequestTag/Team": self.teams}}

    @property
    def owned(self) -> Conditions:
        """What is there carries it."""
        return {"StringEquals": {"aws:ResourceTag/Team": self.teams}}

    @property
    def projects(self) -> str:
        """What the names of everything begin with that a SageMaker project makes: its id begins with `p-`."""
        return f"{self.naming.organization}-{self.naming.environment}-{MADE_BY_PROJECTS}-*"

    @property
    def settings(self) -> str:
        """The ARNs of the parameters that tell these projects their settings."""
        naming = self.naming
        path = f"{naming.organization}/{naming.environment}/projects/{MADE_BY_PROJECTS}-*"
        return naming.arn("ssm", f"parameter/{path}")
