"""The role as which apps that nobody uses are stopped in an account for development."""

from __future__ import annotations

from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.cost_reporting.names import WASTE_STOPPER
from modules.cost_reporting.usage_settings import StopSettings
from modules.cost_reporting.visitor import trusts


class WasteStopper(Construct):
    """The role `names.WASTE_STOPPER`, for every region of the account. `function` is the role that becomes it.

    Guarantees:
    - the function's role alone may become it, of this organisation alone, and with the external id;
    - it can stop apps of Studio, and neither endpoints nor jobs nor anything else; in a dry run it can stop nothing.

    Controls: IAM-01, IAM-05 (NIST 800-53 AC-3, AC-6, SC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: StopSettings,
        function: ForeignRole,
        boundary_arn: str,
        edge: Edge,
    ) -> None:
        super().__init__(scope, id_)
        below = f"arn:{naming.partition}:sagemaker:*:{naming.account_id}"
        statements = [
            # Listings have no resources in IAM.
            Statement("List", actions=("sagemaker:ListApps", "sagemaker:ListSpaces"), resources=("*",)),
            Statement("Describe", actions=("sagemaker:DescribeApp",), resources=(f"{below}:app/*",)),
            Statement(
                "ReadTags",
                actions=("sagemaker:ListTags",),
                resources=(f"{below}:space/*", f"{below}:user-profile/*"),
            ),
        ]
        if settings.mode == "on":
            statements.append(Statement("Stop", actions=("sagemaker:DeleteApp",), resources=(f"{below}:app/*",)))
        Role(
            self,
            "role",
            naming=naming,
            what=WASTE_STOPPER,
            description="Apps of Studio that nobody uses are stopped as this role",
            trust=[trusts(function)],
            boundary_arn=boundary_arn,
            statements=statements,
        )
        edge.render(holder(self), "role")
