"""A role that products hand to an AWS service, made once in an account so that no product makes roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role


class ServiceRole(Construct):
    """`<organisation>-dev-<what>`, which `principal` assumes; templates name it.

    Guarantees: only this service may assume it, and only for this account; it stays within the account's boundary.
    Controls: IAM-01, PLAT-05 (NIST 800-53 AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        principal: str,
        boundary_arn: str,
        statements: Sequence[Statement],
    ) -> None:
        super().__init__(scope, id_)
        Role(
            self,
            "role",
            naming=replace(naming, environment="dev"),
            what=what,
            description=f"What {principal} does in the name of launched products",
            trust=[
                Statement(
                    "Service",
                    actions=("sts:AssumeRole",),
                    principals=service(principal),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=statements,
        )
