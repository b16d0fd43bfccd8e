"""Tags of an object in S3, which takes ten at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_object import S3ObjectOverrideProvider, S3ObjectOverrideProviderDefaultTags


def few_tags() -> S3ObjectOverrideProvider:
    """In place of the stack's tags, which are too many for a project; the bucket's tags tell what objects cost."""
    return S3ObjectOverrideProvider(default_tags=S3ObjectOverrideProviderDefaultTags(tags={"ManagedBy": "mlgov"}))
