"""The role as which the inventory of usage lists what an account has."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.cost_reporting.names import USAGE_READER
from modules.cost_reporting.visitor import trusts

# IAM knows no resources of these listings; DescribeApp and the others below have them.
_LISTINGS = (
    "ListApps",
    "ListEndpoints",
    "ListFeatureGroups",
    "ListHyperParameterTuningJobs",
    "ListModelPackageGroups",
    "ListNotebookInstances",
    "ListPipelines",
    "ListProcessingJobs",
    "ListSpaces",
    "ListTrainingJobs",
    "ListTransformJobs",
    "ListUserProfiles",
)
_OF_RESOURCES = {
    "DescribeApp": ("app/*",),
    "DescribeEndpoint": ("endpoint/*",),
    "DescribeEndpointConfig": ("endpoint-config/*",),
    "DescribeModel": ("model/*",),
    "DescribeProcessingJob": ("processing-job/*",),
    "DescribeTrainingJob": ("training-job/*",),
    "DescribeTransformJob": ("transform-job/*",),
    "ListModelPackages": ("model-package-group/*", "model-package/*"),
    "ListPipelineExecutions": ("pipeline/*",),
}


class UsageReader(Construct):
    """The role `names.USAGE_READER`, for every region of the account. `inventory` is the role that becomes it.

    `edge` is the way from there; None within one account.

    Guarantees:
    - the inventory's role alone may become it, of this organisation alone, and with the external id;
    - it lists and describes SageMaker's resources, their tags and how often endpoints are asked, and reads no data.

    Controls: IAM-01, IAM-05 (NIST 800-53 AC-3, AC-6, CM-8).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        inventory: ForeignRole,
        boundary_arn: str,
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        Role(
            self,
            "role",
            naming=naming,
            what=USAGE_READER,
            description="The inventory of usage lists what is in this account as this role",
            trust=[trusts(inventory)],
            boundary_arn=boundary_arn,
            statements=[
                Statement("List", actions=[f"sagemaker:{each}" for each in _LISTINGS], resources=("*",)),
                Statement(
                    "Describe",
                    actions=[f"sagemaker:{each}" for each in _OF_RESOURCES],
                    resources=_resources(naming),
                ),
                # Neither has resources in IAM: https://docs.aws.amazon.com/service-authorization/latest/reference/
                Statement("Measure", actions=("cloudwatch:GetMetricData",), resources=("*",)),
                Statement("ReadTags", actions=("tag:GetResources",), resources=("*",)),
            ],
        )
        if edge is not None:
            edge.render(holder(self), "role")


def _resources(naming: Naming) -> Sequence[str]:
    found = sorted({each for every in _OF_RESOURCES.values() for each in every})
    return [f"arn:{naming.partition}:sagemaker:*:{naming.account_id}:{each}" for each in found]
