"""From a finding to the security contact."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.securityhub_action_target import SecurityhubActionTarget
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.topic import EVENTS, Topic
from modules.foundations.security.settings import Severity

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
        name = self._naming.name(f"findings-{what}")
        topic = Topic(
            self,
            what,
            naming=self._naming,
            what=f"findings-{what}",
            key_arn=self._key.arn,
            publishers={EVENTS: [self._naming.arn("events", f"rule/{name}")]},
            email=self._email,
        )
        rule = CloudwatchEventRule(
            topic, "rule", name=name, description=description, event_pattern=json.dumps(pattern, sort_keys=True)
        )
        CloudwatchEventTarget(
            topic, "target", rule=rule.name, arn=topic.arn, target_id="topic", depends_on=[topic.policy]
        )
