"""What holds for the log groups of an account in one region, made by us, by teams or by AWS."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_account_policy import CloudwatchLogAccountPolicy
from constructs import Construct

from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.observability.log_catalogue import made_in
from modules.observability.telemetry_settings import LogSettings


class AccountLogs(Construct):
    """Log groups that AWS would make without end and key, data protection and field indexes of the account's logs.

    `roles` are the account's, `key_arn` is its key for logs.

    Guarantees:
    - the log groups of SageMaker in accounts of teams are there before AWS makes them, with retention and our key;
    - credentials and personal data that the settings name are masked in every log group, those of teams included;
      where that happened is a finding in a log group of its own, which tells not what it was;
    - queries by the indexed fields skip what cannot match.

    Controls: LOG-03, LOG-05 (NIST 800-53 AU-11, SC-28, SI-12, SI-19).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: LogSettings, key_arn: str, roles: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        for purpose in made_in(roles):
            days = settings.days_of(purpose.name)
            LogGroup(self, purpose.name, name=purpose.pattern, key_arn=key_arn, retention_days=days)
        if settings.masked:
            name = naming.name("masked")
            days = settings.days_of("sensitive-data-findings")
            group = f"/aws/vendedlogs/sensitive-data/{name}"
            findings = LogGroup(self, "findings", name=group, key_arn=key_arn, retention_days=days)
            CloudwatchLogAccountPolicy(
                self,
                "protection",
                policy_name=name,
                policy_type="DATA_PROTECTION_POLICY",
                policy_document=_protection(name, naming.partition, settings.masked, findings.name),
            )
        if settings.indexed:
            CloudwatchLogAccountPolicy(
                self,
                "indexes",
                policy_name=naming.name("indexes"),
                policy_type="FIELD_INDEX_POLICY",
                policy_document=json.dumps({"Fields": list(settings.indexed)}),
            )


def _protection(name: str, partition: str, masked: Sequence[str], findings: str) -> str:
    """The policy's document: CloudWatch Logs wants one statement that audits and one that masks, of the same data."""
    identifiers = [f"arn:{partition}:dataprotection::aws:data-identifier/{identifier}" for identifier in masked]
    audit = {"Audit": {"FindingsDestination": {"CloudWatchLogs": {"LogGroup": findings}}}}
    operations = {"Audit": audit, "Mask": {"Deidentify": {"MaskConfig": {}}}}
    return json.dumps(
        {
            "Name": name,
            "Version": "2021-06-01",
            "Statement": [
                {"Sid": sid, "DataIdentifier": identifiers, "Operation": operation}
                for sid, operation in operations.items()
            ],
        }
    )
