"""From a finding to the security contact."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.securityhub_action_target import SecurityhubActionTarget
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.foundations.security.settings import Severity

EVENTS = "events.amazonaws.com"
ESCALATED = "escalated"


class FindingAlerts(Construct):
    """A topic for each severity of `severities`, and one for findings that an analyst escalates by hand.

    Everybody at `email` has to confirm each subscription once, by the link that AWS mails.

    Guarantees:
    - a new active finding of these severities, from any account and governed region, reaches its topic;
    - an analyst can send any finding on with the action Escalate;
    - topics are encrypted under their own key, take messages from this account's rules only, and over TLS only.

    Controls: ORG-07, DATA-09 (FSBP SNS.1; NIST 800-53 IR-4, IR-6, SI-4(5)).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, severities: Sequence[Severity], email: str
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._email = naming, email
        rules = naming.arn("events", f"rule/{naming.name('findings')}-*")
        self._key = Key(
            self,
            "key",
            naming=naming,
            purpose="findings-alerts",
            statements=[
                Statement(
                    "RulesPublishEncrypted",
                    actions=("kms:GenerateDataKey*", "kms:Decrypt"),
                    resources=("*",),
                    principals=service(EVENTS),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnLike": {"aws:SourceArn": rules},
                    },
                )
            ],
        )
        for severity in severities:
            self._route(
                severity.lower(),
                f"New findings of severity {severity}",
                {
                    "source": ["aws.securityhub"],
                    "detail-type": ["Security Hub Findings - Imported"],
                    "detail": {
                        "findings": {
                            "Severity": {"Label": [severity]},
                            "Workflow": {"Status": ["NEW"]},
                            "RecordState": ["ACTIVE"],
                        }
                    },
                },
            )
        action = SecurityhubActionTarget(
            self,
            "escalate",
            name="Escalate",
            identifier="Escalate",
            description="Send this finding to the security contact",
        )
        self._route(
            ESCALATED,
            "Findings that an analyst escalates",
            {
                "source": ["aws.securityhub"],
                "detail-type": ["Security Hub Findings - Custom Action"],
                "resources": [action.arn],
            },
        )

    def _route(self, what: str, description: str, pattern: Mapping[str, object]) -> None:
        """A topic, the rule that feeds it, and the contact who reads it."""
        place, name = Construct(self, what), self._naming.name(f"findings-{what}")
        topic_arn = self._naming.arn("sns", name)
        topic = SnsTopic(place, "topic", name=name, kms_master_key_id=self._key.arn)
        policy = SnsTopicPolicy(
            place,
            "policy",
            arn=topic.arn,
            policy=policy_document(
                Statement(
                    "OwnRulePublishes",
                    actions=("sns:Publish",),
                    resources=(topic_arn,),
                    principals=service(EVENTS),
                    conditions={"ArnEquals": {"aws:SourceArn": self._naming.arn("events", f"rule/{name}")}},
                ),
                Statement(
                    "DenyInsecureTransport",
                    actions=("sns:Publish",),
                    resources=(topic_arn,),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ),
        )
        rule = CloudwatchEventRule(
            place, "rule", name=name, description=description, event_pattern=json.dumps(pattern, sort_keys=True)
        )
        CloudwatchEventTarget(place, "target", rule=rule.name, arn=topic.arn, target_id="topic", depends_on=[policy])
        SnsTopicSubscription(place, "contact", topic_arn=topic.arn, protocol="email", endpoint=self._email)
