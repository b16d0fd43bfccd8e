"""The permissions that go with a resource share: AWS's own ones, one for each type of resource in it."""

from __future__ import annotations

from typing import Any

from moto.ram.utils import AWS_MANAGED_PERMISSIONS

from delivery.emulator.service import Answer, AwsError, Call

_PREFIX = "arn:aws:ram::aws:permission/"
_GROUP, _CATALOGUE = "sagemaker:FeatureGroup", "sagemaker:SagemakerCatalog"
_HUB, _MODELS = "sagemaker:Hub", "sagemaker:ModelPackageGroup"
# Beside those that moto lists. https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-cross-account-access.html
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram.html and jumpstart-curated-hubs-ram.html
_SAGEMAKER = {
    "AWSRAMPermissionSageMakerHubFullAccessPolicy": _HUB,
    "AWSRAMPermissionSageMakerHubRead": _HUB,
    "AWSRAMPermissionSageMakerHubReadAndUse": _HUB,
    "AWSRAMDefaultPermissionSageMakerModelPackageGroup": _MODELS,
    "AWSRAMPermissionSageMakerModelPackageGroupAllowDeploy": _MODELS,
    "AWSRAMPermissionSageMakerModelPackageGroupAllowRegister": _MODELS,
    "AWSRAMPermissionSageMakerCatalogResourceSearch": _CATALOGUE,
    "AWSRAMPermissionSageMakerFeatureGroupReadOnly": _GROUP,
    "AWSRAMPermissionSagemakerFeatureGroupAdmin": _GROUP,
    "AWSRAMPermissionSagemakerFeatureGroupReadWrite": _GROUP,
}
TYPES = {
    **{_PREFIX + name: kind for name, kind in _SAGEMAKER.items()},
    **{each["arn"]: each["resourceType"] for each in AWS_MANAGED_PERMISSIONS},
}


def permissions(call: Call, share: Any) -> list[str]:
    """The ARNs of the permissions that somebody put on the share; where nobody did, AWS takes its default."""
    kept: list[str] = call.store.beside(share).setdefault("permissions", [])
    return kept


def add_permission(call: Call, share: Any, arn: str, *, replace: bool = False) -> None:
    """Raises UnknownResourceException for none of AWS's; a type of resource has one permission in a share."""
    if arn not in TYPES:
        raise AwsError("UnknownResourceException", f"the emulator knows no permission {arn}")
    kept = permissions(call, share)
    others = [each for each in kept if TYPES[each] == TYPES[arn] and each != arn]
    if others and not replace:
        raise AwsError("InvalidParameterException", f"{TYPES[arn]} has the permission {others[0]} already")
    kept[:] = [*(each for each in kept if TYPES[each] != TYPES[arn]), arn]


def remove_permission(call: Call, share: Any, arn: str) -> None:
    """Raises UnknownResourceException for one that is not on the share."""
    if arn not in permissions(call, share):
        raise AwsError("UnknownResourceException", f"{arn} is not on the share")
    permissions(call, share).remove(arn)


def described(arn: str) -> Answer:
    """One permission as a list of a share's shows it."""
    return {
        "arn": arn,
        "name": arn.removeprefix(_PREFIX),
        "resourceType": TYPES[arn],
        "version": "1",
        "defaultVersion": True,
        "status": "ASSOCIATED",
        "isResourceTypeDefault": False,
        "permissionType": "AWS_MANAGED",
    }
