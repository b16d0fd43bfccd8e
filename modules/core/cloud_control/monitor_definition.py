"""A job definition of SageMaker Model Monitor, through Cloud Control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cdktf import ITerraformDependable, TerraformCount, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource
from constructs import Construct

WatchedKind = Literal["ModelQuality", "ModelBias", "ModelExplainability"]


class MonitorDefinition(Construct):
    """`AWS::SageMaker::<kind>JobDefinition` of the properties `desired`, JSON text as CloudFormation spells them.

    Values that Terraform knows later may stand in `desired`. `count` is 1 or 0. AWS changes no
    definition: one that differs is made beside the old one, so its name must differ, too, and the old one ends last.

    Native replacement: none yet, neither in hashicorp/aws 5.100 nor in 6.x.

    Guarantees: it is there before who depends on `made`, and until nothing names it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        kind: WatchedKind,
        desired: str,
        count: TerraformCount,
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        self.made = CloudcontrolapiResource(
            self,
            "definition",
            type_name=f"AWS::SageMaker::{kind}JobDefinition",
            desired_state=desired,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            count=count,
            depends_on=list(after) or None,
        )
