"""The registry of a project's models in its team's dev account."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_model_package_group import SagemakerModelPackageGroup
from cdktf_cdktf_provider_aws.sagemaker_model_package_group_policy import SagemakerModelPackageGroupPolicy
from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Statement, policy_document
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.ml_use_case import names

_DESCRIBE_GROUP = ("sagemaker:DescribeModelPackageGroup",)
_READ_VERSIONS = ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages")


class ModelGroup(Construct):
    """The model package group `what`; `reader` is who copies approved versions to the central registry, with its edge.

    Guarantees:
    - Terraform refuses to destroy the group, and its versions with it;
    - another account reads versions as one role, and neither registers, approves nor deletes any.

    Controls: SM-44 (NIST 800-53 AC-3, AC-5, CM-3).
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        tags: Mapping[str, str],
        reader: tuple[ForeignRole, Edge] | None,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what, limit=names.SAGEMAKER_LIMIT)
        group = SagemakerModelPackageGroup(
            self,
            "group",
            model_package_group_name=name,
            model_package_group_description=description,
            tags=dict(tags),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.name = group.model_package_group_name
        if reader is not None:
            role, edge = reader
            self._read_by(naming, name, role)
            edge.render(holder(self), "policy")

    def _read_by(self, naming: Naming, name: str, role: ForeignRole) -> None:
        principals, conditions = role.principals, role.conditions()
        group = naming.arn("sagemaker", f"model-package-group/{name}")
        versions = naming.arn("sagemaker", f"model-package/{name}/*")
        SagemakerModelPackageGroupPolicy(
            self,
            "policy",
            model_package_group_name=self.name,
            resource_policy=policy_document(
                Statement(
                    "CentralRegistryFindsGroup",
                    actions=_DESCRIBE_GROUP,
                    resources=(group,),
                    principals=principals,
                    conditions=conditions,
                ),
                Statement(
                    "CentralRegistryReadsVersions",
                    actions=_READ_VERSIONS,
                    resources=(versions,),
                    principals=principals,
                    conditions=conditions,
                ),
            ),
        )
