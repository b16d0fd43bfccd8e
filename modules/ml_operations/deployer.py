"""As whom a release works where a model is served: one role changes what serves it, another asks it."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Principals, Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.ml_operations import names
from modules.ml_operations.deployer_permissions import Served, deploys, verifies
from modules.ml_operations.serving_settings import ServingStage

HOUR = 3600


class Deployer(Construct):
    """The roles `deploy--<project>` and `verify--<project>` of one serving account.

    `releases` is the naming of the releasing account, `stage` which of its builds reach this account, `edge` DEPLOYS,
    None within one account.

    Guarantees:
    - each trusts one build of this project's pipeline, by its role's ARN, with the external id, of this organisation;
    - the one changes what serves this project, and nothing of another project; it approves nothing, makes no identity
      and deletes no data;
    - the other asks the endpoint, or starts a batch, and changes nothing.

    Controls: CICD-06, IAM-01, IAM-11, SM-38, SM-42 (NIST 800-53 AC-5, AC-6, CM-5).
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        served: Served,
        stage: ServingStage,
        releases: Naming,
        external_id: str,
        organization_id: str,
        boundary_arn: str,
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        naming, project = served.naming, served.project
        parts: dict[str, tuple[str, Sequence[Statement]]] = {
            "deploy": (names.deployer(project), tuple(deploys(served))),
            "verify": (names.verifier(project), tuple(verifies(served))),
        }
        for what, (role, statements) in parts.items():
            build = releases.role_arn(names.build_role(project, f"{what}-{stage}"))
            Role(
                self,
                what,
                naming=naming,
                what=role,
                description=f"What releases of {project} do here: {what}",
                trust=[trusts_build(build, external_id=external_id, organization_id=organization_id)],
                boundary_arn=boundary_arn,
                statements=statements,
                session_seconds=HOUR,
            )
        if edge is not None:
            edge.render(holder(self), "role")


def trusts_build(role_arn: str, *, external_id: str, organization_id: str) -> Statement:
    """One build becomes the role. Its account is the principal: a role's own ARN is lost when it is made anew."""
    account = role_arn.split(":role/", maxsplit=1)[0]
    return Statement(
        "BuildWithExternalId",
        actions=("sts:AssumeRole",),
        principals=Principals("AWS", (f"{account}:root",)),
        conditions={
            "ArnEquals": {"aws:PrincipalArn": role_arn},
            "StringEquals": {"aws:PrincipalOrgID": organization_id, "sts:ExternalId": external_id},
        },
    )
