"""The key of the account that releases models: over events that wait, functions, their logs, and alarms."""

from __future__ import annotations

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.log_group import logs_may_use_key
from modules.core.naming import Naming
from modules.core.topic import ALARMS, EVENTS
from modules.ml_operations.names import RELEASE_KEY


class ReleaseKey(Construct):
    """The key `<organisation>-<environment>-ml-releases`.

    Guarantees: beside the account's IAM, only EventBridge and CloudWatch use it, for rules and alarms of this account,
    and CloudWatch Logs for its log groups.

    Controls: DATA-09, DATA-10 (FSBP KMS.4, SQS.1; NIST 800-53 SC-12, SC-28, AC-6).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-cmk.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming) -> None:
        super().__init__(scope, id_)
        services = [
            Statement(
                sid,
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                resources=("*",),
                principals=service(name),
                conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
            )
            for sid, name in (("RulesSendEncrypted", EVENTS), ("AlarmsTellEncrypted", ALARMS))
        ]
        key = Key(self, "key", naming=naming, purpose=RELEASE_KEY, statements=[logs_may_use_key(naming), *services])
        self.arn = key.arn
