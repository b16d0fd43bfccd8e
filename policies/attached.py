"""The guardrails that a synthesis attaches, read from its Terraform JSON: which account is under which Deny."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.preventive import PLACEHOLDER, PRINCIPAL, Denial
from policies.reach import Json

_KINDS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
# An attribute of a resource of the same stack.
REFERENCE = re.compile(r"\$\{(aws_\w+)\.([\w-]+)\.\w+\}")
_TARGET = re.compile(r"\.outputs\.(?:(unit_ids|account_ids)\.([\w-]+)|root_id)\}$")


@dataclass(frozen=True, slots=True)
class Carried:
    """A Deny of an attached document, with the accounts below its targets."""

    carrier: str
    kind: str
    statement: Json
    accounts: frozenset[str]


def denials(organization: Json, documents: Mapping[str, Json]) -> Iterator[Carried]:
    below = accounts_below(organization)
    for stack, document in documents.items():
        resources = document.get("resource", {})
        targets: dict[str, set[str]] = {}
        for attachment in resources.get("aws_organizations_policy_attachment", {}).values():
            policy, target = REFERENCE.fullmatch(attachment["policy_id"]), _TARGET.search(attachment["target_id"])
            if policy and target:
                kind, name = target.groups()
                accounts = {name} & below[None] if kind == "account_ids" else below.get(name, set())
                targets.setdefault(policy[2], set()).update(accounts)
        for name, policy in resources.get("aws_organizations_policy", {}).items():
            kind = _KINDS.get(policy.get("type", ""))
            if kind and name in targets:
                for statement in json.loads(policy["content"].replace("$${", "${"))["Statement"]:
                    carrier = f"{stack}/aws_organizations_policy.{name}"
                    yield Carried(carrier, kind, statement, frozenset(targets[name]))


def bound(organization: Json) -> dict[str, str | None]:
    """The unit of each account that a guardrail can bind."""
    accounts = organization["accounts"]
    return {account["name"]: account["unit"] for account in accounts if "management" not in account["roles"]}


def accounts_below(organization: Json) -> dict[str | None, set[str]]:
    """The accounts in a unit and in the units below it; below None, the root, all."""
    parents = {unit["key"]: unit["parent"] for unit in organization["units"]}
    found: dict[str | None, set[str]] = {key: set() for key in (*parents, None)}
    for account, own in bound(organization).items():
        unit = own
        while unit is not None:
            found[unit].add(account)
            unit = parents[unit]
        found[None].add(account)
    return found


def holds(statement: Json, denial: Denial) -> bool:
    """Whether the statement denies all that the denial does: its actions, and nothing else different."""
    if statement["Effect"] != "Deny" or not set(denial.actions) <= set(many(statement.get("Action"))):
        return False
    if denial.not_actions and set(denial.not_actions) != set(many(statement.get("NotAction"))):
        return False
    resources = "NotResource" if denial.not_resources else "Resource"
    if not _alike(denial.not_resources or denial.resources, many(statement.get(resources))):
        return False
    wanted = {
        (operator, key): many(value) for operator, keys in denial.conditions.items() for key, value in keys.items()
    }
    given = {
        (operator, key): many(value)
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    }
    if denial.exempt:
        spared = given.pop(("ArnNotLike", PRINCIPAL), [])
        if not spared:
            return False
    return wanted.keys() == given.keys() and all(_alike(wanted[test], given[test]) for test in wanted)


def _alike(templates: Iterable[str], values: Iterable[str]) -> bool:
    """Whether each value is one of the templates, filled in, and each template stands for a value."""
    patterns = [re.compile(PLACEHOLDER.sub(".+", _escaped(template)), re.DOTALL) for template in templates]
    found = list(values)
    return all(any(pattern.fullmatch(value) for pattern in patterns) for value in found) and all(
        any(pattern.fullmatch(value) for value in found) for pattern in patterns
    )


def _escaped(template: str) -> str:
    """The template as a regular expression, its placeholders left as they are."""
    parts = re.split(r"((?<!\$)\{[a-z_]+\})", template)
    return "".join(part if PLACEHOLDER.fullmatch(part) else re.escape(part) for part in parts)


def many(value: Any) -> list[Any]:
    """A value that stands alone, or in a list, or not at all, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]
