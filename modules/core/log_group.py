"""A CloudWatch log group with retention and key."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming


class LogGroup(Construct):
    """A log group that keeps its events for `retention_days` days and encrypts them with `key_arn`.

    Guarantees: explicit retention; customer-managed key.
    Controls: LOG-03 (NIST 800-53 AU-11, SC-28).
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, key_arn: str, retention_days: int) -> None:
        super().__init__(scope, id_)
        group = CloudwatchLogGroup(self, "group", name=name, retention_in_days=retention_days, kms_key_id=key_arn)
        self.name = group.name  # a reference: who names the group waits for it


def logs_may_use_key(naming: Naming) -> Statement:
    """The statement a key needs before CloudWatch Logs of this account and region can encrypt with it."""
    return Statement(
        "CloudWatchLogsOfThisAccount",
        actions=("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
        resources=("*",),
        principals=service(f"logs.{naming.region}.amazonaws.com"),
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": naming.arn("logs", "log-group:*")}},
    )
