"""An SNS topic that this account's own services publish to, and who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import TOPIC_LIMIT, Naming

EVENTS, ALARMS = "events.amazonaws.com", "cloudwatch.amazonaws.com"
_SIDS = {EVENTS: "OwnRulePublishes", ALARMS: "OwnAlarmPublishes"}


class Topic(Construct):
    """The topic `<organisation>-<environment>-<what>`, told to `email`, who confirms once by the link that AWS mails.

    With None nobody is told but who subscribes by a policy of this account.

    `publishers` are services, each with the ARNs of what may publish through it: rules, alarms; a `*` matches any text.
    `EVENTS` and `ALARMS` are the services. A role of this account publishes by its own policy. `key_arn` must be open
    to the services. What publishes depends on `policy`: before it is there messages are refused. `statements` are for
    publishers of other accounts.

    Guarantees:
    - messages are encrypted under `key_arn`, and taken over TLS alone;
    - of services only the named ones publish, and only for the named rules and alarms.

    Controls: DATA-09 (FSBP SNS.1; NIST 800-53 SC-8, SC-28, AC-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        key_arn: str,
        publishers: Mapping[str, Sequence[str]],
        email: str | None,
        statements: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what, limit=TOPIC_LIMIT)
        topic_arn = naming.arn("sns", name)
        topic = SnsTopic(self, "topic", name=name, kms_master_key_id=key_arn)
        self.arn = topic.arn
        self.policy: ITerraformDependable = SnsTopicPolicy(
            self,
            "policy",
            arn=self.arn,
            policy=policy_document(
                *(_publish(topic_arn, name, arns) for name, arns in sorted(publishers.items())),
                *statements,
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
        if email is not None:
            SnsTopicSubscription(self, "contact", topic_arn=self.arn, protocol="email", endpoint=email)


def services_may_use_key(naming: Naming, *services: str) -> Statement:
    """What the policy of a topic's key needs, so that these services of this account can publish to it.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return Statement(
        "ServicesTellTopics",
        actions=("kms:Decrypt", "kms:GenerateDataKey*"),
        resources=("*",),
        principals=service(*services),
        conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
    )


def _publish(topic_arn: str, principal: str, arns: Sequence[str]) -> Statement:
    operator = "ArnLike" if any("*" in arn for arn in arns) else "ArnEquals"
    return Statement(
        _SIDS[principal],
        actions=("sns:Publish",),
        resources=(topic_arn,),
        principals=service(principal),
        conditions={operator: {"aws:SourceArn": arns}},
    )
