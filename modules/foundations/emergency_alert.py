"""From the use of emergency access to the security contact."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.topic import EVENTS, Topic
from modules.foundations.personas import EMERGENCY

# What Identity Center tells CloudTrail when somebody takes a permission set: in the console, and by the CLI or an SDK.
# https://docs.aws.amazon.com/singlesignon/latest/userguide/understanding-sso-entries.html
_TAKEN = ("Federate", "GetRoleCredentials")
_TOLD = {
    "account": "$.detail.serviceEventDetails.account_id",
    "by": "$.detail.userIdentity.userName",
    "from": "$.detail.sourceIPAddress",
    "at": "$.detail.eventTime",
}


class EmergencyAlert(Construct):
    """Tells `email`, who confirms once by the link that AWS mails, whenever somebody takes emergency access.

    Stands where Identity Center does, in its account and region: the event of a sign-in is there alone.

    Guarantees:
    - taking the emergency permission set is told, in the console as by the CLI, with account, person, address and time;
    - events that only read count, too: handing out credentials is one of them;
    - its topic is encrypted under its own key, and takes messages of this rule only, over TLS only.

    Controls: IAM-05, SM-38 (NIST 800-53 AC-2(12), AC-6(9), IR-5).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, email: str) -> None:
        super().__init__(scope, id_)
        what = "emergency-access"
        name = naming.name(what)
        arn = naming.arn("events", f"rule/{name}")
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=what,
            statements=[
                Statement(
                    "RulePublishesEncrypted",
                    actions=("kms:GenerateDataKey*", "kms:Decrypt"),
                    resources=("*",),
                    principals=service(EVENTS),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnEquals": {"aws:SourceArn": arn},
                    },
                )
            ],
        )
        topic = Topic(self, "topic", naming=naming, what=what, key_arn=key.arn, publishers={EVENTS: [arn]}, email=email)
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description="Somebody takes emergency access",
            state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            event_pattern=json.dumps(
                {
                    "source": ["aws.sso"],
                    "detail-type": ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"],
                    "detail": {
                        "eventSource": ["sso.amazonaws.com"],
                        "eventName": list(_TAKEN),
                        "serviceEventDetails": {"role_name": [f"mlgov-{EMERGENCY}"]},
                    },
                },
                sort_keys=True,
            ),
        )
        CloudwatchEventTarget(
            self,
            "target",
            rule=rule.name,
            arn=topic.arn,
            target_id="topic",
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths=_TOLD,
                input_template=json.dumps(
                    f"Emergency access (mlgov-{EMERGENCY}) to account <account> was taken by <by> from <from> at <at>. "
                    "If nobody told you of an emergency, end the session and find out who."
                ),
            ),
            depends_on=[topic.policy],
        )
