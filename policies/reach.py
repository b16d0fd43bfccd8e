"""Which accounts a resource reaches that is attached to a unit, to the root, or to single accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]

_OUTPUT = re.compile(r"\.outputs\.(?:(?P<units>unit_ids)|(?P<accounts>account_ids))\.(?P<name>[\w-]+)\}")
_ROOT = re.compile(r"\.outputs\.root_id\}")


class Reach:
    """The accounts of an organisation by unit and by stack, from the manifest of a synthesis.

    Guardrails bind every account but the management one (`bound`); all else reaches that one, too.
    """

    def __init__(self, manifest: Json) -> None:
        organization = manifest["organization"]
        self.accounts = tuple(sorted(account["name"] for account in organization["accounts"]))
        self.bound = frozenset(
            account["name"] for account in organization["accounts"] if "management" not in account["roles"]
        )
        self._by_id = {account["id"]: account["name"] for account in organization["accounts"] if account["id"]}
        self._of_stack: dict[str, str] = {stack["id"]: stack["account"] for stack in manifest["stacks"]}
        parents = {unit["key"]: unit["parent"] for unit in organization["units"]}
        self._below: dict[str, set[str]] = {key: set() for key in parents}
        for account in organization["accounts"]:
            unit = account["unit"]
            while unit is not None:
                self._below[unit].add(account["name"])
                unit = parents[unit]

    def of_stack(self, stack: str) -> str:
        """The account of a stack."""
        return self._of_stack[stack]

    def of_stacks(self, stacks: Iterable[str]) -> tuple[str, ...]:
        """The accounts of stacks, sorted."""
        return tuple(sorted({self._of_stack[stack] for stack in stacks}))

    def target(self, identifier: str) -> frozenset[str]:
        """The accounts below the unit or root, or the account, that an expression or a literal id names."""
        if found := _OUTPUT.search(identifier):
            return frozenset(self._below[found["name"]] if found["units"] else {found["name"]})
        if _ROOT.search(identifier):
            return frozenset(self.accounts)
        return frozenset({self._by_id[identifier]} if identifier in self._by_id else ())
