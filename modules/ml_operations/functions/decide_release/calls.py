"""What the function calls beside its queue: Sid of a statement of its role -> actions."""

from __future__ import annotations

from collections.abc import Mapping

CALLS: Mapping[str, tuple[str, ...]] = {
    "ReadVersions": ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
    "StartRelease": ("codepipeline:StartPipelineExecution",),
    "ReadReleases": ("dynamodb:Query",),
    "WriteReleases": ("dynamodb:PutItem",),
    "TellPeople": ("sns:Publish",),
}
