"""A synthesis as the reader of access sees it: stacks with their accounts, and what their expressions stand for.

Accounts stand in ARNs by their name, as most ids are assigned by AWS later: `arn:aws:iam::fraud-dev:role/x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policies.access.kinds import ARNS, ID, NAMES
from policies.access.rules import Source

Json = Mapping[str, Any]

_ESCAPE = re.compile(r"\$\$\{")
_EXPRESSION = re.compile(r"\$\{([^}]*)\}")
_OUTPUT = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)(?:\.([\w-]+))?")
_ATTRIBUTE = re.compile(r"(aws_\w+)\.([\w-]+)\.(\w+)")
_PLACE = re.compile(r"\{(\w+)\}")
# As deep as outputs that name outputs may go; a circle ends here, unresolved.
_DEPTH = 8


@dataclass(frozen=True)
class Stack:
    """One stack of the synthesis."""

    id: str
    account: str
    region: str
    file: str
    document: Json

    def blocks(self, type_: str) -> Iterator[tuple[str, Json]]:
        """The resources of a type: address and body."""
        for name, body in self.document.get("resource", {}).get(type_, {}).items():
            yield f"{type_}.{name}", body

    def source(self, address: str, body: Json) -> Source:
        """Where a block stands."""
        return Source(self.id, address, body.get("//", {}).get("metadata", {}).get("path", ""), self.file)

    @cached_property
    def default_tags(self) -> Mapping[str, str]:
        """The tags that the provider gives to all resources."""
        providers = self.document.get("provider", {}).get("aws", [])
        first = providers[0] if isinstance(providers, list) and providers else providers or {}
        found: dict[str, str] = {}
        for block in first.get("default_tags", []):
            found |= block.get("tags", {})
        return found


@dataclass(frozen=True)
class Synthesis:
    """All stacks, by id, with the summary of the organisation from the manifest."""

    organization: Json
    stacks: Mapping[str, Stack]
    _known: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, manifest: Json, documents: Mapping[str, Json]) -> Synthesis:
        """From the manifest as JSON and the Terraform JSON of its stacks by id."""
        entries = {entry["id"]: entry for entry in manifest["stacks"]}
        stacks = {
            id_: Stack(id_, entries[id_]["account"], entries[id_]["region"], entries[id_]["path"], documents[id_])
            for id_ in sorted(documents)
        }
        return cls(manifest["organization"], stacks)

    @cached_property
    def accounts(self) -> Mapping[str, Json]:
        """The accounts of the organisation by name."""
        return {account["name"]: account for account in self.organization["accounts"]}

    @cached_property
    def organization_id(self) -> str:
        """What stands for the id that AWS gives the organisation."""
        return f"o-{self.organization['name']}"

    @cached_property
    def _ids(self) -> re.Pattern[str] | None:
        ids = [account["id"] for account in self.accounts.values() if account["id"]]
        return re.compile(rf"(?<!\d)(?:{'|'.join(sorted(ids))})(?!\d)") if ids else None

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {account["id"]: name for name, account in self.accounts.items() if account["id"]}

    def named(self, text: str) -> str:
        """The text with account names in the place of known ids."""
        return self._ids.sub(lambda match: self._names[match[0]], text) if self._ids else text

    def text(self, stack: Stack, text: str) -> str:
        """The text with every expression filled in that the stacks tell of; the others stay as they are."""
        key = (stack.id, text)
        if key not in self._known:
            self._known[key] = self.named(self._filled(stack, _ESCAPE.sub("${", text), _DEPTH))
        return self._known[key]

    def arn(self, stack: Stack, address: str) -> str:
        """The ARN of a block whose type has one."""
        type_, _, name = address.partition(".")
        return self.text(stack, f"${{{type_}.{name}.arn}}")

    def _filled(self, stack: Stack, text: str, depth: int) -> str:
        if "${" not in text or depth == 0:
            return text
        return _EXPRESSION.sub(lambda match: self._value(stack, match[1].strip(), depth - 1) or match[0], text)

    def _value(self, stack: Stack, expression: str, depth: int) -> str | None:
        if output := _OUTPUT.fullmatch(expression):
            return self._output(output[1], output[2], output[3], depth)
        if attribute := _ATTRIBUTE.fullmatch(expression):
            return self._attribute(stack, attribute[1], attribute[2], attribute[3], depth)
        section, _, name = expression.partition(".")
        if section in ("var", "local"):
            found = stack.document.get("variable" if section == "var" else "locals", {}).get(name)
            found = found.get("default") if section == "var" and isinstance(found, dict) else found
            return self._filled(stack, found, depth) if isinstance(found, str) else None
        return None

    def _output(self, producer: str, name: str, key: str | None, depth: int) -> str | None:
        if name == "account_ids" and key in self.accounts:
            return key
        if name == "organization_id":
            return self.organization_id
        if name == "unit_ids" and key:
            return f"ou-{key}"
        stack = self.stacks.get(producer)
        value = stack.document.get("output", {}).get(name, {}).get("value") if stack else None
        value = value.get(key) if key and isinstance(value, dict) else value
        return self._filled(stack, value, depth) if stack and isinstance(value, str) else None

    def _attribute(self, stack: Stack, type_: str, name: str, attribute: str, depth: int) -> str | None:
        body = stack.document.get("resource", {}).get(type_, {}).get(name)
        if body is None:
            return None
        if type_ == "aws_organizations_organization" and attribute == "id":
            return self.organization_id
        if attribute == "arn" or (attribute == "id" and type_ in ARNS and type_ not in NAMES):
            template = ARNS.get(type_)
        elif type_ in NAMES and attribute in ("id", "name", "url", "key_id", NAMES[type_]):
            template = f"{{{NAMES[type_]}}}"
        else:
            template = None
        if template is None:
            return self._filled(stack, body[attribute], depth) if isinstance(body.get(attribute), str) else None
        return self._filled(stack, _PLACE.sub(lambda match: self._place(stack, name, body, match[1]), template), depth)

    def _place(self, stack: Stack, name: str, body: Json, place: str) -> str:
        values = {
            "partition": self.organization["partition"],
            "region": stack.region,
            "account": stack.account,
            "path": body.get("path", "/"),
            "host": str(body.get("url", "")).removeprefix("https://"),
            ID: f"{stack.id}.{name}",
        }
        return str(values.get(place, body.get(place, f"${{{place} of {name}}}")))


def nested(body: Json, name: str) -> list[Json]:
    """The blocks of a name within a block, which cdktf writes as a list where there may be several, else alone."""
    found = body.get(name)
    return list(found) if isinstance(found, list) else [found] if found else []
