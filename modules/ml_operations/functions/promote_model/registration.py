"""The central version: whether there is one already, and the request that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.ml_operations.functions.promote_model.approval import Approval
from modules.ml_operations.functions.promote_model.errors import RefusedError
from modules.ml_operations.functions.promote_model.origin import Origin
from modules.ml_operations.layout import APPROVED_AT, APPROVED_BY, AUTHOR, FILES, MANIFEST_HASH, SOURCE_VERSION

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
MOST_PROPERTIES, LONGEST_PROPERTY = 50, 256


def registered(client: Any, origin: Origin, described: Mapping[str, Any]) -> str | None:
    """The ARN of the central version that was made of this one; None when there is none.

    It cannot be older than what it was made of, so that few have to be looked at.
    """
    for arn in _since(client, origin.group, described["CreationTime"]):
        found = client.describe_model_package(ModelPackageName=arn)
        if found.get("CustomerMetadataProperties", {}).get(SOURCE_VERSION) == origin.version.arn:
            return arn
    return None


def request(package: Mapping[str, Any], origin: Origin, said: Approval, *, files: str, manifest: str) -> dict[str, Any]:
    """What CreateModelPackage is asked: pending approval, with all that dev knew of the version and where it came from.

    Raises RefusedError when that is more than SageMaker takes.
    """
    properties = {
        **package.get("CustomerMetadataProperties", {}),
        SOURCE_VERSION: origin.version.arn,
        AUTHOR: said.author,
        APPROVED_BY: said.approver,
        APPROVED_AT: said.at,
        MANIFEST_HASH: manifest,
        FILES: files,
    }
    long = sorted(name for name, value in properties.items() if len(value) > LONGEST_PROPERTY)
    if long or len(properties) > MOST_PROPERTIES:
        raise RefusedError(
            "properties",
            f"the version has {len(properties)} properties, of which {long or 'none'} are too long: a central one has "
            f"at most {MOST_PROPERTIES} of {LONGEST_PROPERTY} characters",
        )
    return {
        **package,
        "ModelPackageGroupName": origin.group,
        "ModelApprovalStatus": "PendingManualApproval",
        "CustomerMetadataProperties": properties,
    }


def _since(client: Any, group: str, when: object) -> Iterator[str]:
    pages = client.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group, CreationTimeAfter=when)
    for page in pages:
        yield from (each["ModelPackageArn"] for each in page["ModelPackageSummaryList"])
