"""A replica is under a key of ours, as its source is."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, given


class DataReplicaKey(PlatformCheck):
    """Each rule replicates what is under SSE-KMS, which S3 leaves out by default, and names the key of the replica."""

    policy = "CKV_MLGOV_216"
    title = "S3 replication covers encrypted objects and names the replica's KMS key"
    control = "DATA-04"
    resources = ("aws_s3_bucket_replication_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            *(
                problem
                for rule in conf.blocks("rule")
                for problem in (
                    equal(rule, "source_selection_criteria.sse_kms_encrypted_objects.status", "Enabled"),
                    given(rule, "destination.encryption_configuration.replica_kms_key_id"),
                )
            )
        )


check = DataReplicaKey()
