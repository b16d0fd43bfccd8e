"""The roles of a team that read no data lake: its engineers and leads in Studio, and its endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_use_case.names import role as role_name
from modules.ml_use_case.role_statements import TeamRole
from modules.ml_use_case.team_policies import TeamPolicies

_DESCRIPTIONS: Mapping[TeamRole, str] = {
    "ml-engineer": "People of the team {} who deploy models, in Studio",
    "ml-team-lead": "People of the team {} who judge models, in Studio",
    "serving": "Endpoints of the team {}",
}


class TeamRoles(Construct):
    """Those of `roles` that data is not granted to; the data scientist's and the jobs' stand with what they read.

    Guarantees:
    - SageMaker alone assumes the roles, for this account; the trail names the person who works in Studio.

    Controls: IAM-01, IAM-11, SM-02 (NIST 800-53 AC-6, AU-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        team: str,
        roles: Sequence[TeamRole],
        policies: TeamPolicies,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        for role in roles:
            if role in _DESCRIPTIONS:
                Role(
                    self,
                    role,
                    naming=naming,
                    what=role_name(team, role),
                    description=_DESCRIPTIONS[role].format(team),
                    trust=[_sagemaker(naming, role)],
                    boundary_arn=boundary_arn,
                    policies=policies.of(role),
                )


def _sagemaker(naming: Naming, role: TeamRole) -> Statement:
    """SageMaker sets who works in Studio as source identity; nobody works as an endpoint."""
    person = () if role == "serving" else ("sts:SetSourceIdentity",)
    return Statement(
        "SageMakerOfThisAccount",
        actions=("sts:AssumeRole", *person),
        principals=service("sagemaker.amazonaws.com"),
        conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
    )
