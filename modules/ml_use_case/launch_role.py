"""The role as which Service Catalog launches one product in a team's account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder

# What Service Catalog calls the stacks that it makes.
_STACKS = "stack/SC-*"
_ON_STACKS = (
    "CreateChangeSet",
    "CreateStack",
    "DeleteChangeSet",
    "DeleteStack",
    "DescribeChangeSet",
    "DescribeStackEvents",
    "DescribeStackResource",
    "DescribeStackResources",
    "DescribeStacks",
    "ExecuteChangeSet",
    "GetStackPolicy",
    "GetTemplate",
    "GetTemplateSummary",
    "ListChangeSets",
    "ListStackResources",
    "SetStackPolicy",
    "TagResource",
    "UntagResource",
    "UpdateStack",
)


class LaunchRole(Construct):
    """`<organisation>-dev-<what>`: called the same in every account, whatever environment it is of.

    A launch constraint names it, not its ARN. `statements` are what CloudFormation must be allowed for the template's
    resources; `library` what the platform's templates, seed code and topic of launches need. `edge` None: the
    portfolio stands in this very account. Service Catalog need not say for which account it acts, so that the
    condition binds where it does: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html

    Guarantees:
    - Service Catalog alone may assume it, and for no other account;
    - it works on Service Catalog's own stacks and on what `statements` name, within the account's boundary;
    - it makes no role and attaches no policy.

    Controls: PLAT-05, IAM-01 (NIST 800-53 AC-6, CM-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        title: str,
        boundary_arn: str,
        library: Sequence[Statement],
        statements: Sequence[Statement],
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        role = Role(
            self,
            "role",
            naming=replace(naming, environment="dev"),
            what=what,
            description=f"Service Catalog launches the product {title} as this role",
            trust=[
                Statement(
                    "ServiceCatalog",
                    actions=("sts:AssumeRole",),
                    principals=service("servicecatalog.amazonaws.com"),
                    conditions={"StringEqualsIfExists": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "StacksOfServiceCatalog",
                    actions=tuple(f"cloudformation:{verb}" for verb in _ON_STACKS),
                    resources=(naming.arn("cloudformation", f"{_STACKS}/*"),),
                ),
                # Speaks of a template and of no stack: CloudFormation has no resource-level permissions for it.
                Statement("ValidateTemplates", actions=("cloudformation:ValidateTemplate",), resources=("*",)),
                # Service Catalog launches from a copy in a bucket of its own, whose name AWS does not tell.
                Statement(
                    "ReadCopiesOfServiceCatalog",
                    actions=("s3:GetObject",),
                    resources=(f"arn:{naming.partition}:s3:::*/*",),
                    conditions={"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}},
                ),
                *library,
                *statements,
            ],
        )
        self.arn = role.arn
        if edge:
            edge.render(holder(self), "role")
