"""`python -m tests.policies.guardrails.slice`: write the slice of the service authorisation reference that we use.

Needs the packages of `make setup-test`; the reference is data of one of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from policies.catalogue import Catalogue, shipped
from policies.sources import SLICE
from tests.support.node import PACKAGES

DATA = PACKAGES / "node_modules" / "@cloud-copilot" / "iam-data" / "data" / "actions"


def named(catalogue: Catalogue) -> Iterator[str]:
    """The actions, globs among them, of every guardrail."""
    for control in catalogue.controls.values():
        for denial in control.preventive.statements if control.preventive else ():
            yield from (action for action in denial.actions if action != "*")


def text() -> str:
    """The slice as it must stand in `service_authorization.json`. A glob has the keys that any of its actions takes."""
    found = {}
    for pattern in sorted(set(named(shipped()))):
        service, _, name = pattern.partition(":")
        meant = [action for action in _actions(service).values() if fnmatchcase(action["name"].lower(), name.lower())]
        if meant:
            levels = {action["accessLevel"] for action in meant}
            keys = set().union(*(_keys(action) for action in meant))
            found[pattern] = {"access": levels.pop() if len(levels) == 1 else "several", "keys": sorted(keys)}
    return json.dumps(found, indent=1) + "\n"


def _keys(action: Mapping[str, Any]) -> set[str]:
    return {*action["conditionKeys"]}.union(*(type_["conditionKeys"] for type_ in action["resourceTypes"]))


def _actions(service: str) -> Mapping[str, Mapping[str, Any]]:
    file = DATA / f"{service}.json"
    found: Mapping[str, Mapping[str, Any]] = json.loads(file.read_bytes()) if file.is_file() else {}
    return found


if __name__ == "__main__":
    SLICE.write_text(text(), encoding="utf-8")
