"""What the function calls beside its queue: Sid of a statement of its role -> actions."""

from __future__ import annotations

from collections.abc import Mapping

CALLS: Mapping[str, tuple[str, ...]] = {
    "ReadVersions": ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
    "WriteCards": (
        "sagemaker:CreateModelCardExportJob",
        "sagemaker:DescribeModelCard",
        "sagemaker:ListModelCardExportJobs",
        "sagemaker:ListModelCardVersions",
        "sagemaker:UpdateModelCard",
    ),
    "ReadEvidence": ("s3:GetObject",),
}
