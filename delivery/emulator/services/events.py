"""EventBridge: what becomes of an event on its way to a rule's targets."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

from moto.events.exceptions import ResourceNotFoundException
from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from delivery.emulator.service import Service

SERVICE = Service("events")
# The targets that moto delivers to, beside buses: log groups, archives and queues.
_DELIVERED = ("events", "logs", "sqs")
# Where an event for a function lies in the function's account, as Lambda itself keeps it until the function is called.
ASYNCHRONOUS = "asynchronous--{function}"
# In a template: text in quotes, or the value of a path of the event that stands by itself.
_TEXT_OR_VALUE, _VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|<([\w.-]+)>'), re.compile(r"<([\w.-]+)>")


@SERVICE.mend
def events_go_on_as_they_came() -> None:
    """An event that is forwarded to the bus of another account still says whose it is, when and of what; moto makes a
    new one there. A bus, queue or topic that is not there takes none: the event lies in the target's dead-letter queue.
    A topic publishes what the target's template makes of it. An event for a function lies in a queue, as nobody calls
    functions here. A target that moto cannot deliver to, such as
    a state machine, hears of nothing, where moto fails the sender's call. A rule that is disabled sends nothing, nor
    does one that goes by a schedule alone.
    """
    deliver = Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        scheduled = self.scheduled_expression and not self.event_pattern.get_pattern()
        if scheduled or self.state == "DISABLED" or not self.event_pattern.matches_event(original_event):
            return
        every = self.targets
        for target in every:
            if ":event-bus/" in target["Arn"]:
                _forward(self, target, original_event)
                continue
            if target["Arn"].split(":")[2] == "sns":
                _publish(self, target, original_event)
                continue
            self.targets = [_reachable(target)] if target["Arn"].split(":")[2] in (*_DELIVERED, "lambda") else []
            try:
                deliver(self, copy.deepcopy(original_event), transform_input)
            except QueueDoesNotExist:
                _give_up(self, target, original_event)
            finally:
                self.targets = every

    Rule.send_to_targets = send_to_targets


@SERVICE.mend
def events_say_whose_they_are() -> None:
    """What a queue gets of an event has its account, too."""
    whole = EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE
    EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE = whole.replace('"region"', '"account": "<account>", "region"', 1)


def _reachable(target: dict[str, Any]) -> dict[str, Any]:
    """The target, or the queue where events for it lie if it is a function."""
    _, _, service, region, account, name = target["Arn"].split(":", 5)
    if service != "lambda":
        return target
    queue = ASYNCHRONOUS.format(function=name.split(":")[1])
    found = sqs_backends[account][region].create_queue(queue, {})
    return {**target, "Arn": found.queue_arn}


def _give_up(rule: Any, target: dict[str, Any], event: Any) -> None:
    """An event that cannot be delivered lies in the target's dead-letter queue, if it has one."""
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue:
        rule._send_to_sqs_queue(queue.rpartition(":")[2], copy.deepcopy(event))


def _forward(rule: Any, target: dict[str, Any], event: Any) -> None:
    _, _, _, region, account, bus = target["Arn"].split(":", 5)
    try:
        found = events_backends[account][region].describe_event_bus(bus.removeprefix("event-bus/"))
    except ResourceNotFoundException:
        _give_up(rule, target, event)
        return
    for each in list(found.rules.values()):
        each.send_to_targets(copy.deepcopy(event))


def _publish(rule: Any, target: dict[str, Any], event: Any) -> None:
    """What the topic is told. A message that the template makes no JSON of is not delivered, as with EventBridge."""
    _, _, _, region, account, _ = target["Arn"].split(":", 5)
    told = {name: value for name, value in event.items() if name != "ingestion-time"}
    told["time"] = datetime.fromtimestamp(float(event["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    message = target.get("Input") or _transformed(target.get("InputTransformer"), told)
    topic = sns_backends[account][region].topics.get(target["Arn"])
    if topic is None or not _is_json(message):
        _give_up(rule, target, event)
        return
    topic.publish(message)


def _is_json(message: str) -> bool:
    try:
        json.loads(message)
    except ValueError:
        return False
    return True


def _transformed(transformer: dict[str, Any] | None, event: dict[str, Any]) -> str:
    """The template with its values: within quotes as text, elsewhere as JSON, with quotes of its own.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """
    if transformer is None:
        return json.dumps(event)
    values = {name: _at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}

    def text(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        return value if isinstance(value, str) else json.dumps(value)

    def fill(match: re.Match[str]) -> str:
        return _VALUE.sub(text, match[0]) if match[1] is None else json.dumps(values.get(match[1], ""))

    return _TEXT_OR_VALUE.sub(fill, transformer["InputTemplate"])


def _at(path: str, event: dict[str, Any]) -> Any:
    """The value at a path such as `$.detail.state`; nothing where the event has none."""
    found: Any = event
    for name in path.split(".")[1:]:
        found = found.get(name, "") if isinstance(found, dict) else ""
    return found
