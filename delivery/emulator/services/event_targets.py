"""EventBridge's targets: an event reaches buses of other accounts as it was; what nothing runs is passed over."""

from __future__ import annotations

import json
import logging
from typing import Any

from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser

from delivery.emulator.service import Service

SERVICE = Service("events")
_BUS = ":event-bus/"
_log = logging.getLogger("delivery.emulator")


@SERVICE.mend
def deliver_to_each_target() -> None:
    """A disabled rule delivers nothing, a target that moto cannot call (a function, a topic) stops no other one, and
    an event keeps its account, and on its way to another bus its time and resources, as with EventBridge.
    """
    whole = EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE
    EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE = whole.replace('"region"', '"account": "<account>", "region"', 1)
    deliver = Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        if self.state == "DISABLED" or not self.event_pattern.matches_event(original_event):
            return
        targets = self.targets
        for target in targets:
            if _BUS in target["Arn"]:
                _pass_on(target["Arn"], original_event)
                continue
            self.targets = [target]
            try:
                deliver(self, original_event, transform_input)
            except NotImplementedError:
                _log.info("%s is called by nobody here", target["Arn"])
            finally:
                self.targets = targets

    Rule.send_to_targets = send_to_targets


def _pass_on(bus_arn: str, event: Any) -> None:
    _, _, _, region, account, resource = bus_arn.split(":", 5)
    bus = events_backends[account][region].describe_event_bus(resource.partition("/")[2])
    for rule in list(bus.rules.values()):
        rule.send_to_targets(json.loads(json.dumps(event)))
