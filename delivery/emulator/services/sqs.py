"""SQS: queue attributes that moto forgets or writes otherwise than SQS, and the way back from a dead-letter queue."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.sqs.models import Queue, sqs_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("sqs")


@SERVICE.mend
def attributes_as_sqs_writes_them() -> None:
    """The redrive policy has no spaces, else Terraform shows a change for ever; a redrive allow policy is given
    back, and is absent once it was set to nothing.
    """
    write = Queue.attributes.fget
    Queue.redrive_allow_policy = None
    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]

    def attributes(self: Any) -> dict[str, Any]:
        result: dict[str, Any] = write(self)
        if "RedrivePolicy" in result:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        if not self.redrive_allow_policy:
            del result["RedriveAllowPolicy"]
        return result

    Queue.attributes = property(attributes)


@SERVICE.mend
def a_policy_survives_other_attributes() -> None:
    """moto forgets the queue's policy whenever another attribute is set."""
    write = Queue._set_attributes

    def _set_attributes(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = getattr(self, "policy", None)
        write(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    Queue._set_attributes = _set_attributes


@SERVICE.mend
def an_event_source_mapping_calls_nobody() -> None:
    """Messages stay in their queue until somebody receives them; moto would start the function in a container."""
    Queue.lambda_event_source_mappings = property(lambda self: {}, lambda self, value: None)


def _queue(call: Call, arn: str) -> Any:
    for queue in sqs_backends[call.account][call.region].queues.values():
        if queue.queue_arn == arn:
            return queue
    raise AwsError("ResourceNotFoundException", f"there is no queue {arn}")


@SERVICE.operation("StartMessageMoveTask")
def start_move(call: Call) -> Answer:
    """All messages are moved at once, to the queue given or to the one whose dead letters they are."""
    source = _queue(call, call.params["SourceArn"])
    queues = sqs_backends[call.account][call.region].queues.values()
    origins = [each for each in queues if each.dead_letter_queue is source]
    if not origins:
        raise AwsError("InvalidParameterValue", f"{source.queue_arn} is the dead-letter queue of no queue")
    target = _queue(call, call.params["DestinationArn"]) if "DestinationArn" in call.params else None
    if target is None and len(origins) > 1:
        raise AwsError("InvalidParameterValue", "the emulator does not know which queue each message came from")
    moved = [message for message in source._messages if message.visible]
    for message in moved:
        source._messages.remove(message)
        message.approximate_receive_count = 0
        (target or origins[0]).add_message(message)
    task = {
        "TaskHandle": str(uuid4()),
        "Status": "COMPLETED",
        "SourceArn": source.queue_arn,
        "ApproximateNumberOfMessagesMoved": len(moved),
        "ApproximateNumberOfMessagesToMove": len(moved),
        "StartedTimestamp": int(datetime.now(UTC).timestamp() * 1000),
        **({"DestinationArn": target.queue_arn} if target else {}),
    }
    call.table("move-task")[task["TaskHandle"]] = task
    return {"TaskHandle": task["TaskHandle"]}


@SERVICE.operation("ListMessageMoveTasks")
def list_moves(call: Call) -> Answer:
    """The newest first; a task that is over has no handle."""
    source = _queue(call, call.params["SourceArn"]).queue_arn
    tasks = [each for each in reversed(call.table("move-task").values()) if each["SourceArn"] == source]
    shown = [{name: value for name, value in each.items() if name != "TaskHandle"} for each in tasks]
    return {"Results": shown[: call.params.get("MaxResults", 1)]}
