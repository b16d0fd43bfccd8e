"""A queue, and the function that works on its messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingScalingConfig,
)
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import Function
from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.core.topic import EVENTS

KEEP_LOGS_DAYS = 365
# Less than the 14 days of the dead-letter queue, where the time in this queue counts too.
KEEP_SECONDS = 4 * 24 * 3600
# AWS: at least six times the function's timeout, so that a message that is worked on is not given out once more.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBLE_AGAIN_FACTOR = 6


@dataclass(frozen=True, slots=True)
class Work:
    """How messages are worked on: so many in one run, by so many runs at once, each for so long.

    A message that has been tried `tries` times ends in the dead-letter queue.
    """

    batch: int
    concurrency: int
    timeout_seconds: int
    tries: int


class QueueWorker(Construct):
    """The queue and the function `<organisation>-<environment>-<what>`, from the Python package in `archive`.

    The queue is called `queue` where it goes by a name of its own. `handler` is the dotted path of the code,
    `statements` what it calls beside its queue, `senders` who sends. `rules` are the ARNs of rules of EventBridge that
    send, and whose events end in the dead-letter queue when they cannot; their targets depend on `policies`. The
    function is told its dead-letter queue as DEAD_LETTERS_URL and its own queue as OWN_QUEUE_URL.

    Guarantees:
    - the queue is encrypted under `key_arn`, takes messages over TLS only, and of the senders that are named;
    - a message that is worked on is hidden from other runs for longer than a run lasts;
    - of a batch only the messages that failed are tried again; after the last try they lie in the dead-letter queue for
      the rest of 14 days, to which no other queue may send;
    - the function may take messages from its own queue alone.

    Controls: PLAT-03, PLAT-06, DATA-03, IAM-05 (FSBP SQS.1; NIST 800-53 SC-8, SC-28, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        archive: Archive,
        handler: str,
        work: Work,
        key_arn: str,
        boundary_arn: str,
        statements: Sequence[Statement],
        senders: Sequence[Statement] = (),
        rules: Sequence[str] = (),
        queue: str | None = None,
        memory_mb: int = 256,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(queue or what, limit=QUEUE_LIMIT)
        self.queue_arn = naming.arn("sqs", name)
        base = f"https://sqs.{naming.region}.{_suffix(naming)}/{naming.account_id}"
        function = Function(
            self,
            "function",
            naming=naming,
            what=what,
            source=archive,
            handler=handler,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            retention_days=KEEP_LOGS_DAYS,
            statements=[
                Statement(
                    "WorkOnOwnQueue",
                    actions=("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
                    resources=(self.queue_arn,),
                ),
                *statements,
            ],
            environment={
                **(environment or {}),
                "DEAD_LETTERS_URL": f"{base}/{naming.name(f'{what}-dead-letters', limit=QUEUE_LIMIT)}",
                "OWN_QUEUE_URL": f"{base}/{name}",
            },
            timeout_seconds=work.timeout_seconds,
            memory_mb=memory_mb,
            concurrency=work.concurrency,
        )
        self.function_name, self.role_arn = function.name, function.role_arn
        self.queue_name = name
        self.dead_letters_name, self.dead_letters_arn = function.dead_letters_name, function.dead_letters_arn
        waiting = SqsQueue(
            self,
            "queue",
            name=name,
            kms_master_key_id=key_arn,
            message_retention_seconds=KEEP_SECONDS,
            receive_wait_time_seconds=20,
            visibility_timeout_seconds=VISIBLE_AGAIN_FACTOR * work.timeout_seconds,
            redrive_policy=json.dumps(
                {"deadLetterTargetArn": function.dead_letters_arn, "maxReceiveCount": work.tries}, sort_keys=True
            ),
        )
        SqsQueueRedriveAllowPolicy(
            self,
            "dead-letters-of-this-queue",
            queue_url=function.dead_letters_url,
            redrive_allow_policy=json.dumps(
                {"redrivePermission": "byQueue", "sourceQueueArns": [self.queue_arn]}, sort_keys=True
            ),
        )
        policy = SqsQueuePolicy(
            self,
            "policy",
            queue_url=waiting.url,
            policy=policy_document(_tls_only(self.queue_arn), *senders, *_rules_send(self.queue_arn, rules)),
        )
        self.policies: list[ITerraformDependable] = [policy]
        if rules:
            arn = naming.arn("sqs", naming.name(f"{what}-dead-letters", limit=QUEUE_LIMIT))
            self.policies.append(
                SqsQueuePolicy(
                    self,
                    "dead-letters-policy",
                    queue_url=function.dead_letters_url,
                    policy=policy_document(_tls_only(arn), *_rules_send(arn, rules)),
                )
            )
        LambdaEventSourceMapping(
            self,
            "messages",
            event_source_arn=waiting.arn,
            function_name=function.name,
            batch_size=work.batch,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=LambdaEventSourceMappingScalingConfig(maximum_concurrency=work.concurrency),
            depends_on=[policy],
        )


def _rules_send(queue_arn: str, rules: Sequence[str]) -> Iterator[Statement]:
    if rules:
        yield Statement(
            "RulesSend",
            actions=("sqs:SendMessage",),
            resources=(queue_arn,),
            principals=service(EVENTS),
            conditions={"ArnEquals": {"aws:SourceArn": rules}},
        )


def _tls_only(queue_arn: str) -> Statement:
    return Statement(
        "DenyInsecureTransport",
        actions=("sqs:*",),
        resources=(queue_arn,),
        effect="Deny",
        principals=ANYONE,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def _suffix(naming: Naming) -> str:
    return "amazonaws.com.cn" if naming.partition == "aws-cn" else "amazonaws.com"
