"""Messages that cannot be handled are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument

# Attributes of all services by which a queue is where the messages go that failed elsewhere.
_FAILED = re.compile(r"dead_letter|redrive_policy|on_failure")


class PlatQueueRedrive(StackCheck):
    """A queue that is worked on has a redrive_policy: without one a message that fails comes back until it expires.

    A queue that takes what failed elsewhere in the stack is not judged.
    """

    policy = "CKV_MLGOV_424"
    title = "SQS queue hands on what cannot be handled"
    control = "PLAT-09"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sqs_queue")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if any(_leads_to(value, subject) for value in stack.values_under(_FAILED)):
            return NOT_APPLICABLE
        companion = any(
            _leads_to(str(one.value("queue_url")), subject) for one in stack.resources("aws_sqs_queue_redrive_policy")
        )
        given = subject.given("redrive_policy") or companion
        return holds(
            None if given else "redrive_policy is not set, and no resource of the stack has it as dead letters"
        )


def _leads_to(value: str, queue: Conf) -> bool:
    known = (str(queue.value(name)) for name in ("arn", "url", "id") if queue.given(name))
    return f"${{{queue.address}." in value or any(one in value for one in known)


check = PlatQueueRedrive()
