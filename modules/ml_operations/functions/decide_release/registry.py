"""What the central registry and the table of releases say: calls of AWS, every page of them."""

from __future__ import annotations

from typing import Any

from modules.ml_operations.functions.decide_release.decision import APPROVED, Version
from modules.ml_operations.releases import PROJECT, Decision, Release, is_release


def described(sagemaker: Any, arn: str) -> tuple[str, Version]:
    """The version's group, and the version."""
    found = sagemaker.describe_model_package(ModelPackageName=arn)
    changed = found.get("LastModifiedTime", found["CreationTime"])  # a version that nobody changed has none
    version = Version(found["ModelPackageArn"], found["ModelPackageVersion"], found["ModelApprovalStatus"], changed)
    return found["ModelPackageGroupName"], version


def approved(sagemaker: Any, group: str) -> list[dict[str, Any]]:
    """The summaries of the group's approved versions."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus=APPROVED
    )
    return [summary for page in pages for summary in page["ModelPackageSummaryList"]]


def recorded(dynamodb: Any, table: str, project: str) -> tuple[list[Release], dict[int, Decision]]:
    """Where which version of the project is live, and what was decided on each version."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=True,
        KeyConditionExpression="#project = :project",
        ExpressionAttributeNames={"#project": PROJECT},
        ExpressionAttributeValues={":project": {"S": project}},
    )
    items = [item for page in pages for item in page["Items"]]
    decisions = [Decision.of(item) for item in items if not is_release(item)]
    return [Release.of(item) for item in items if is_release(item)], {each.version: each for each in decisions}
