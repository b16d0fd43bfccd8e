"""Tags of an object in S3, which takes ten at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_object import S3ObjectOverrideProvider, S3ObjectOverrideProviderDefaultTags


def no_tags() -> S3ObjectOverrideProvider:
    """Leaves away the stack's tags, which are too many for a project; the bucket's tags tell what objects cost.

    The provider takes no tags in their place, and forgets an object's own if the stack has the same.
    """
    return S3ObjectOverrideProvider(default_tags=S3ObjectOverrideProviderDefaultTags(tags={}))
