"""The queue in which events wait that EventBridge could not deliver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.function import DEAD_LETTER_SECONDS
from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.core.topic import EVENTS


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """A queue of dead letters. What sends depends on `policy`: before it is there events are refused."""

    arn: str
    name: str
    policy: ITerraformDependable


def dead_letters(scope: Construct, *, naming: Naming, what: str, key_arn: str, rules: Sequence[str]) -> DeadLetters:
    """Place the queue `<organisation>-<environment>-<what>-dead-letters` of the rules with the ARNs `rules` in `scope`.

    A `*` in an ARN matches any text. `key_arn` must be open to EventBridge. Who hears of the first message is said by a
    `DeadLetterAlarm` on its name.

    Guarantees:
    - of services EventBridge alone sends, and only for these rules;
    - messages are encrypted under `key_arn`, taken over TLS alone, and kept for 14 days.

    Controls: PLAT-03, PLAT-06 (NIST 800-53 AC-3, AU-5, SC-8, SC-28).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    name = naming.name(f"{what}-dead-letters", limit=QUEUE_LIMIT)
    arn = naming.arn("sqs", name)
    queue = SqsQueue(
        scope, "dead-letters", name=name, kms_master_key_id=key_arn, message_retention_seconds=DEAD_LETTER_SECONDS
    )
    operator = "ArnLike" if any("*" in rule for rule in rules) else "ArnEquals"
    policy = SqsQueuePolicy(
        scope,
        "dead-letters-policy",
        queue_url=queue.url,
        policy=policy_document(
            Statement(
                "RulesSend",
                actions=("sqs:SendMessage",),
                resources=(arn,),
                principals=service(EVENTS),
                conditions={operator: {"aws:SourceArn": rules}},
            ),
            Statement(
                "DenyInsecureTransport",
                actions=("sqs:*",),
                resources=(arn,),
                effect="Deny",
                principals=ANYONE,
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
        ),
    )
    return DeadLetters(queue.arn, queue.name, policy)
