"""An S3 bucket with everything a governed bucket needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_object_lock_configuration import (
    S3BucketObjectLockConfigurationA,
    S3BucketObjectLockConfigurationRuleA,
    S3BucketObjectLockConfigurationRuleDefaultRetentionA,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA, S3BucketVersioningVersioningConfiguration
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.iam import Statement, deny_insecure_transport, policy_document, policy_length
from modules.core.naming import Naming

ABORT_UPLOAD_DAYS = 7
_TIERS = ("STANDARD_IA", "GLACIER_IR", "DEEP_ARCHIVE")
_POLICY_LIMIT = 20_480  # bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html


@dataclass(frozen=True, slots=True)
class ObjectLock:
    """Write once, read many: the default retention of every new object version, in days."""

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    days: int


@dataclass(frozen=True, slots=True)
class Retention:
    """How long objects stay, in days. None: for ever (current) or never colder.

    From infrequent (a fee for each gigabyte read) over cold (a higher one) to deep, where what is read has to be
    restored first, for hours. `expire_below`: only what lies below these prefixes expires; without any, everything.
    """

    noncurrent_days: int
    infrequent_after_days: int | None = None
    cold_after_days: int | None = None
    deep_after_days: int | None = None
    expire_after_days: int | None = None
    expire_below: tuple[str, ...] = ()

    @property
    def tiers(self) -> dict[str, int]:
        """The storage classes in which objects lie later, with the days after which."""
        days = (self.infrequent_after_days, self.cold_after_days, self.deep_after_days)
        return {tier: after for tier, after in zip(_TIERS, days, strict=True) if after is not None}


class Bucket(Construct):
    """A private, versioned, encrypted bucket named `<organisation>-<environment>-<what>`.

    `key_arn` is None only for a target of server access logs: S3 delivers those to SSE-S3 buckets alone.
    `access_logs` is the name of such a target in the same account and region (`AccessLogBucket.name`).

    Guarantees:
    - all four public access blocks; ACLs off (bucket owner enforced);
    - TLS only; encrypted at rest by the given key, with a bucket key;
    - versioned; interrupted uploads removed after 7 days; retention as given;
    - Terraform refuses to destroy it;
    - a policy that S3 would refuse for its length is told at synthesis, by a ConfigError.

    Controls: DATA-02, DATA-03, DATA-04, DATA-05, DATA-06, DATA-08
    (FSBP S3.1, S3.5, S3.8, S3.14, S3.17; NIST 800-53 SC-8, SC-28, AC-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        key_arn: str | None,
        retention: Retention,
        access_logs: str | None = None,
        lock: ObjectLock | None = None,
        statements: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id_)
        name = naming.bucket(what)
        self.arn = naming.bucket_arn(what)
        bucket = S3Bucket(
            self,
            "bucket",
            bucket=name,
            object_lock_enabled=lock is not None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        # Each companion names the bucket through the resource, so that Terraform and checkov see the relation.
        bucket_id = bucket.id
        S3BucketPublicAccessBlock(
            self,
            "public-access",
            bucket=bucket_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=bucket_id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=bucket_id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        self.versioned: ITerraformDependable = versioning  # what S3 refuses before waits for this
        self._encrypt(bucket_id, key_arn)
        document = policy_document(deny_insecure_transport(self.arn, f"{self.arn}/*"), *statements)
        _check_length(naming.bucket(what), document)
        policy = S3BucketPolicy(self, "policy", bucket=bucket_id, policy=document)
        self.name = policy.bucket  # a reference: who names the bucket waits for its policy
        self.resource: ITerraformDependable = policy  # who names it by the rule waits for this
        self._retain(bucket_id, retention, versioning)
        if lock is not None:
            S3BucketObjectLockConfigurationA(
                self,
                "lock",
                bucket=bucket_id,
                rule=S3BucketObjectLockConfigurationRuleA(
                    default_retention=S3BucketObjectLockConfigurationRuleDefaultRetentionA(
                        mode=lock.mode, days=lock.days
                    )
                ),
                depends_on=[versioning],
            )
        if access_logs is not None:
            S3BucketLoggingA(self, "logging", bucket=bucket_id, target_bucket=access_logs, target_prefix=f"{name}/")

    def _encrypt(self, bucket_id: str, key_arn: str | None) -> None:
        default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=bucket_id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=default, bucket_key_enabled=key_arn is not None
                )
            ],
        )

    def _retain(self, bucket_id: str, retention: Retention, versioning: S3BucketVersioningA) -> None:
        everything = [S3BucketLifecycleConfigurationRuleFilter(prefix="")]
        expire = retention.expire_after_days
        expiration = [S3BucketLifecycleConfigurationRuleExpiration(days=expire)] if expire else None
        S3BucketLifecycleConfiguration(
            self,
            "retention",
            bucket=bucket_id,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="retention",
                    status="Enabled",
                    filter=everything,
                    transition=[
                        S3BucketLifecycleConfigurationRuleTransition(days=days, storage_class=tier)
                        for tier, days in retention.tiers.items()
                    ]
                    or None,
                    expiration=None if retention.expire_below else expiration,
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=retention.noncurrent_days
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=ABORT_UPLOAD_DAYS
                        )
                    ],
                ),
                *(
                    S3BucketLifecycleConfigurationRule(
                        id=f"expire-{prefix.strip('/').replace('/', '-')}",
                        status="Enabled",
                        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix=prefix)],
                        expiration=expiration,
                    )
                    for prefix in retention.expire_below
                ),
            ],
            depends_on=[versioning],  # rules for noncurrent versions need versioning first
        )


def _check_length(name: str, document: str) -> None:
    if (length := policy_length(document)) > _POLICY_LIMIT:
        raise ConfigError(
            f"the bucket {name} names so many who read it that its policy has {length} characters, and S3 takes "
            f"{_POLICY_LIMIT}: let fewer teams read there, or give a stage an account of its own"
        )
