"""From what Macie found in a domain's zones to a proposal on its owner's desk."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.core.assets import Archive
from modules.core.bucket import Bucket, Retention
from modules.core.function import Function
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.data_lake.functions.propose_tags import DECLARED
from modules.foundations.contract import BaselineContract

SOURCE = Path(__file__).parent / "functions" / "propose_tags"
KEEP_DAYS = 400  # a proposal that nobody took up in a year is found again, or is settled


class TagProposals(Construct):
    """Findings of Macie in the buckets `zones` become proposals in the bucket `bucket`, told to `owner`.

    `what` begins the names of what is made here. `declared` is what the domain declares (`modules/data_lake/declared`).
    `data_key_arn` encrypts the proposals: they tell where sensitive data is.

    Guarantees:
    - a finding in one of the zones, and no sample, reaches the function; the owner is mailed what it proposes;
    - the function reads no data and changes no tag: it writes proposals and tells the owner, and may do nothing else;
    - a finding that cannot be worked on stays in a queue for 14 days, and the owner is alarmed;
    - proposals are kept for 400 days.

    Controls: DATA-17, PLAT-03 (NIST 800-53 RA-2, SI-4, AC-16).
    https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        bucket: str,
        zones: Collection[str],
        declared: bytes,
        owner: str,
        data_key_arn: str,
        keys: BaselineContract,
        access_logs: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what)
        messages = keys.key_arns["messages"]
        alarm = f"{name}-failed"
        kept = Bucket(
            self,
            "proposals",
            naming=naming,
            what=bucket,
            key_arn=data_key_arn,
            retention=Retention(noncurrent_days=30, expire_after_days=KEEP_DAYS),
            access_logs=access_logs,
        )
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=what,
            key_arn=messages,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{alarm}")]},
            email=owner,
        )
        function = Function(
            self,
            "function",
            naming=naming,
            what=what,
            source=Archive.of_package(SOURCE, {DECLARED: declared}),
            handler="modules.data_lake.functions.propose_tags.handler.handle",
            key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
            retention_days=365,
            environment={"ACCOUNT_ID": naming.account_id, "BUCKET": kept.name, "TOPIC_ARN": topic.arn},
            concurrency=2,
            statements=_statements(kept.arn, topic.arn, data_key_arn, messages),
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description="Sensitive data that Macie found in the zones",
            event_pattern=json.dumps(
                {
                    "source": ["aws.macie"],
                    "detail-type": ["Macie Finding"],
                    "detail": {
                        "category": ["CLASSIFICATION"],
                        "sample": [False],
                        "resourcesAffected": {"s3Bucket": {"name": sorted(zones)}},
                    },
                },
                sort_keys=True,
            ),
        )
        permission = LambdaPermission(
            self,
            "invoked-by-rule",
            action="lambda:InvokeFunction",
            function_name=function.name,
            principal=EVENTS,
            source_arn=rule.arn,
            source_account=naming.account_id,
        )
        CloudwatchEventTarget(
            self, "target", rule=rule.name, arn=function.arn, target_id="function", depends_on=[permission]
        )
        CloudwatchMetricAlarm(
            self,
            "failed",
            alarm_name=alarm,
            alarm_description="Findings of Macie that no proposal could be made of wait in the dead-letter queue",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": function.dead_letters_name},
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",  # an empty queue stops reporting after six hours
            alarm_actions=[topic.arn],
        )


def _statements(bucket_arn: str, topic_arn: str, data_key_arn: str, messages_key_arn: str) -> list[Statement]:
    return [
        # Without it S3 answers 403, not 404, for an object that is not there.
        Statement("SeeWhatIsThere", actions=("s3:ListBucket",), resources=(bucket_arn,)),
        Statement("SeeWhoWasTold", actions=("s3:GetObject",), resources=(f"{bucket_arn}/told/*",)),
        Statement(
            "KeepProposals", actions=("s3:PutObject",), resources=(f"{bucket_arn}/proposals/*", f"{bucket_arn}/told/*")
        ),
        Statement("TellTheOwner", actions=("sns:Publish",), resources=(topic_arn,)),
        Statement(
            "EncryptBoth", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(data_key_arn, messages_key_arn)
        ),
    ]
