"""SQS: queue attributes that moto forgets or writes otherwise than SQS."""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.models import Queue

from delivery.emulator.service import Service

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
