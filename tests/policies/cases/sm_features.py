"""Cases of the controls of feature groups: what keeps them, whose they are, how they are shared."""

from __future__ import annotations

from tests.policies.cases import Body, Case, changed
from tests.policies.cases.sm_registry import FEATURES
from tests.policies.support import ACCOUNT

OWNED = {"Owner": "risk@acme.example", "Sensitivity": "confidential", "Team": "risk"}
CATALOGUE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:sagemaker-catalog/DefaultFeatureGroupCatalog"
TRANSIT = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:transit-gateway/tgw-1"
GROUP = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:feature-group/customers"


def _share(*permissions: str) -> Body:
    arns = [f"arn:aws:ram::aws:permission/AWSRAMPermissionSageMaker{name}" for name in permissions]
    return {"name": "features", "allow_external_principals": False, "permission_arns": arns}


def _of(share: str, resource: str) -> Body:
    return {"resource_arn": resource, "resource_share_arn": f"${{aws_ram_resource_share.@{share}.arn}}"}


CASES = [
    Case(
        "CKV_MLGOV_420",
        "aws_sagemaker_feature_group",
        passes={"kept": changed(FEATURES, lifecycle={"prevent_destroy": True})},
        fails={
            "absent": (FEATURES, "lifecycle.prevent_destroy is not true"),
            "off": (changed(FEATURES, lifecycle={"prevent_destroy": False}), "lifecycle.prevent_destroy is not true"),
        },
    ),
    Case(
        "CKV_MLGOV_421",
        "aws_sagemaker_feature_group",
        passes={"owned": changed(FEATURES, tags=OWNED)},
        fails={
            "untagged": (FEATURES, "tags.Owner is not set"),
            "silent": (changed(FEATURES, tags=changed(OWNED, Sensitivity=None)), "tags.Sensitivity is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_422",
        "aws_ram_resource_share",
        passes={
            "read": _share("FeatureGroupReadOnly"),
            "admin": _share("FeatureGroupAdmin"),
            "find": _share("CatalogResourceSearch"),
        },
        fails={
            "default": (_share(), "permission_arns holds 0 permissions: name one"),
            "two": (_share("FeatureGroupReadOnly", "FeatureGroupAdmin"), "permission_arns holds 2 permissions"),
            "other": (_share("CatalogResourceSearch"), "permission_arns holds AWSRAMPermissionSageMakerCatalogResour"),
            "catalogue": (_share("FeatureGroupReadOnly"), "not AWSRAMPermissionSageMakerCatalogResourceSearch"),
            "both": (_share("FeatureGroupReadOnly"), "it shares feature groups and their catalogue together"),
        },
        ignores={"network": {"name": "transit", "allow_external_principals": False}},
        beside={
            "aws_sagemaker_feature_group.made": {**FEATURES, "feature_group_name": "made"},
            "aws_ram_resource_association.of_read": _of("read", "${aws_sagemaker_feature_group.@made.arn}"),
            "aws_ram_resource_association.of_admin": _of("admin", GROUP),
            "aws_ram_resource_association.of_find": _of("find", CATALOGUE),
            "aws_ram_resource_association.of_default": _of("default", GROUP),
            "aws_ram_resource_association.of_two": _of("two", GROUP),
            "aws_ram_resource_association.of_other": _of("other", GROUP),
            "aws_ram_resource_association.of_catalogue": _of("catalogue", CATALOGUE),
            "aws_ram_resource_association.of_both": _of("both", GROUP),
            "aws_ram_resource_association.of_both_too": _of("both", CATALOGUE),
            "aws_ram_resource_association.of_network": _of("network", TRANSIT),
        },
    ),
]
