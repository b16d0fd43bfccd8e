"""Plans in Terraform's JSON, made by hand in the form that `terraform show -json` writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from delivery.saved_plan import document
from policies.plan import PlanDocument

Json = dict[str, Any]


def change(
    type_: str,
    name: str = "x",
    *,
    actions: Iterable[str] = ("update",),
    before: Any = None,
    after: Any = None,
    **more: Any,
) -> Json:
    """One of `resource_changes`; `more` are keys beside `change`, or of it (`after_unknown` and so on)."""
    inner = {"actions": [*actions], "before": before, "after": after, "after_unknown": {}}
    beside: Json = {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name}
    for key, value in more.items():
        (beside if key in ("address", "previous_address", "index", "module_address") else inner)[key] = value
    return {**beside, "change": inner}


def plan(changes: Iterable[Mapping[str, Any]], **more: Any) -> Json:
    """The whole plan, of a configuration that it does not tell of."""
    return {"format_version": "1.2", "complete": True, "errored": False, "resource_changes": [*changes], **more}


def planned(changes: Iterable[Mapping[str, Any]], written: Mapping[str, Any] | None = None) -> PlanDocument:
    """What is kept of such a plan of a stack with these resources."""
    return document("one", json.dumps({"resource": written or {}}).encode(), plan(changes))
