"""The Terraform of a stack, kept where the pipeline that applies it again finds it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.naming import Naming
from modules.core.object_tags import no_tags
from modules.ml_operations import names

_FILE = "${path.module}/cdk.tf.json"
_HASH = '${filesha256("${path.module}/cdk.tf.json")}'


class PublishedStack(Construct):
    """The JSON of the stack in which this stands, as Terraform runs it, as an object of the model's bucket.

    Guarantees: it is, byte for byte, what was applied last: what passed the gate, and nothing rendered for the release.
    Controls: CICD-07 (NIST 800-53 CM-3, SI-7).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, project: str, key_arn: str) -> None:
        super().__init__(scope, id_)
        S3Object(
            self,
            "json",
            bucket=naming.bucket(names.serving_bucket(project)),
            key=names.STACK_FILE,
            source=_FILE,
            source_hash=_HASH,
            content_type="application/json",
            server_side_encryption="aws:kms",
            kms_key_id=key_arn,
            bucket_key_enabled=True,
            override_provider=no_tags(),
        )
