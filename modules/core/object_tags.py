"""Tags of an object in S3, which takes ten at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.s3_object import S3ObjectOverrideProvider, S3ObjectOverrideProviderDefaultTags

# In place of the stack's tags, which are too many for a project; the bucket's tags tell what objects cost.
FEW_TAGS: Mapping[str, str] = {"ManagedBy": "mlgov"}


def without_stack_tags() -> S3ObjectOverrideProvider:
    """Leaves the stack's tags away from an object; the provider takes no others in their place here."""
    return S3ObjectOverrideProvider(default_tags=S3ObjectOverrideProviderDefaultTags(tags={}))
