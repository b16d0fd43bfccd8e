"""What models of Bedrock are asked and answer in an account: kept whole where few look, masked where many do."""

from __future__ import annotations

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.bedrock_model_invocation_logging_configuration import (
    BedrockModelInvocationLoggingConfiguration,
    BedrockModelInvocationLoggingConfigurationLoggingConfig,
    BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfig,
    BedrockModelInvocationLoggingConfigurationLoggingConfigS3Config,
)
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.iam import ANYONE, Conditions, Statement, service
from modules.core.key import Key
from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.core.role import Role
from modules.observability.names import INVOCATIONS, invocation_log
from modules.observability.telemetry_settings import InvocationLogSettings

BEDROCK = "bedrock.amazonaws.com"


class InvocationLog(Construct):
    """The log of every call of a model of Bedrock in the account and region.

    The bucket keeps each call whole, the log group as the account's data protection masks it. `logs_key_arn` is the
    account's key for logs.

    Guarantees:
    - text, images, embeddings and video are logged, none is left out;
    - Bedrock alone writes, for this account alone; the bucket's key is of its own, so that to read logs of other kinds
      is not to read what a model was told;
    - nobody deletes what is in the bucket before it expires as set, the account itself included;
    - people query the log group, in which credentials and personal data are masked.

    Controls: BR-03, LOG-03, DATA-04 (NIST 800-53 AU-2, AU-9, SI-19).
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: InvocationLogSettings,
        logs_key_arn: str,
        log_days: int,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name, what = naming.name(INVOCATIONS), invocation_log(naming.account)
        group = f"/aws/vendedlogs/bedrock/{name}"
        logs = LogGroup(self, "logs", name=group, key_arn=logs_key_arn, retention_days=log_days)
        role = Role(
            self,
            "role",
            naming=naming,
            what=INVOCATIONS,
            description="Bedrock writes what models are asked and answer",
            trust=[
                Statement("Bedrock", actions=("sts:AssumeRole",), principals=service(BEDROCK), conditions=_here(naming))
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "WriteInvocations",
                    actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(naming.arn("logs", f"log-group:{group}:log-stream:aws/bedrock/modelinvocations"),),
                )
            ],
        )
        configuration = BedrockModelInvocationLoggingConfigurationLoggingConfig(
            text_data_delivery_enabled=True,
            image_data_delivery_enabled=True,
            embedding_data_delivery_enabled=True,
            video_data_delivery_enabled=True,
            s3_config=BedrockModelInvocationLoggingConfigurationLoggingConfigS3Config(
                bucket_name=naming.bucket(what)  # as text, which the gate can judge
            ),
            cloudwatch_config=BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfig(
                log_group_name=logs.name, role_arn=role.arn
            ),
        )
        # Bedrock tries role and bucket when it is told of them.
        BedrockModelInvocationLoggingConfiguration(
            self,
            "configuration",
            logging_config=configuration,
            depends_on=[role.whole, self._bucket(naming, what, settings)],
        )

    def _bucket(self, naming: Naming, what: str, settings: InvocationLogSettings) -> ITerraformDependable:
        """The bucket, open to Bedrock alone; what waits for its policy waits for this."""
        encrypts = Statement(
            "BedrockEncrypts",
            actions=("kms:GenerateDataKey",),
            resources=("*",),
            principals=service(BEDROCK),
            conditions=_here(naming),
        )
        key = Key(self, "key", naming=naming, purpose=INVOCATIONS, statements=[encrypts])
        arn = naming.bucket_arn(what)
        return Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key.arn,
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
            retention=Retention(
                noncurrent_days=settings.expire_after_days, expire_after_days=settings.expire_after_days
            ),
            statements=[
                Statement(
                    "BedrockWrites",
                    actions=("s3:PutObject",),
                    resources=(f"{arn}/AWSLogs/{naming.account_id}/BedrockModelInvocationLogs/*",),
                    principals=service(BEDROCK),
                    conditions=_here(naming),
                ),
                Statement(
                    "NobodyDeletes",
                    actions=("s3:DeleteObject", "s3:DeleteObjectVersion"),
                    resources=(f"{arn}/*",),
                    effect="Deny",
                    principals=ANYONE,
                ),
            ],
        ).resource


def _here(naming: Naming) -> Conditions:
    """Against a confused deputy: Bedrock acts for this account and region."""
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnLike": {"aws:SourceArn": naming.arn("bedrock", "*")},
    }
