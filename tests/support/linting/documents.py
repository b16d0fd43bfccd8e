"""The IAM policy documents of a synthesis, found by their shape wherever they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from policies.iam import Statement
from tests.support.organisations import documents

Kind = Literal["identity", "trust", "resource", "endpoint", "scp", "rcp", "data-protection"]
ACCOUNT = "222222222222"
ANY = "*"
_ORGANISATION_POLICIES: dict[str, Kind] = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
_EXPRESSION = re.compile(r"\$\$\{|\$\{(?:[^{}]|\{[^{}]*\})*\}")


@dataclass(frozen=True, eq=False)
class PolicyDocument:
    """One document: where it stands, what kind of policy it is, and its JSON as written, expressions included."""

    organisation: str
    stack: str
    address: str
    path: str
    kind: Kind
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.organisation} {self.stack} {self.address} {self.path}"

    @property
    def statements(self) -> list[Statement]:
        """Its statements."""
        found = self.body["Statement"]
        return [Statement(body) for body in (found if isinstance(found, list) else [found])]

    @property
    def readable(self) -> dict[str, Any]:
        """Its JSON as IAM would read it: a value of the right form stands where Terraform has yet to put one."""
        found: dict[str, Any] = readable(self.body)
        return found


def policy_documents(name: str, out: Path) -> Iterator[PolicyDocument]:
    """Every document of the organisation's stacks: a JSON text, or an object, with Version and Statement."""
    for entry, document in documents(out):
        for section in ("resource", "data"):
            for type_, named in document.get(section, {}).items():
                for logical, block in named.items():
                    for path, body in _found(block, ""):
                        kind = _kind(type_, block, path, body)
                        yield PolicyDocument(name, entry.id, f"{type_}.{logical}", path, kind, body)


def _found(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(value)
        except ValueError:
            return  # text that merely begins like JSON
    if isinstance(value, dict):
        if {"Version", "Statement"} <= value.keys():
            yield path, value
            return
        for key, child in value.items():
            yield from _found(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _found(child, f"{path}[{index}]")


def _kind(type_: str, block: dict[str, Any], path: str, body: dict[str, Any]) -> Kind:
    if type_ == "aws_organizations_policy":
        return _ORGANISATION_POLICIES[block.get("type", "SERVICE_CONTROL_POLICY")]
    if "DataIdentifier" in json.dumps(body["Statement"]):  # of CloudWatch Logs, in a grammar of its own
        return "data-protection"
    if type_ == "aws_vpc_endpoint":
        return "endpoint"
    if path.lower().replace("_", "").endswith("assumerolepolicy"):
        return "trust"
    found = body["Statement"] if isinstance(body["Statement"], list) else [body["Statement"]]
    return "resource" if any({"Principal", "NotPrincipal"} & one.keys() for one in found) else "identity"


def readable(value: Any, keys: tuple[str, ...] = ()) -> Any:
    """The value without Terraform's expressions. `keys` lead to it: what may stand there depends on them."""
    if isinstance(value, dict):
        return {key: readable(child, (*keys, key)) for key, child in value.items()}
    if isinstance(value, list):
        return [readable(child, keys) for child in value]
    return _text(value, keys) if isinstance(value, str) else value


def _text(text: str, keys: tuple[str, ...]) -> str:
    """The text without Terraform's expressions; `$${`, which Terraform gives to IAM as `${`, is IAM's own."""

    def stands_for(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        before, after = text[: match.start()], text[match.end() :]
        return ACCOUNT if before.endswith(":") and (after.startswith(":") or not after) else "x"

    leading = _EXPRESSION.match(text)
    if leading and leading[0] != "$${":
        if "Principal" in keys or "NotPrincipal" in keys:
            return f"arn:aws:iam::{ACCOUNT}:{'oidc-provider' if 'Federated' in keys else 'role'}/x"
        if keys and keys[-1] in ("Resource", "NotResource"):
            return ANY  # which resource it is, Terraform says
    return _EXPRESSION.sub(stands_for, text)
