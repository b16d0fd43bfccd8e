"""A stack as policies see it: blocks, attributes, and what cannot be known before Terraform runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")


class Unprovable(Exception):
    """A policy needs a literal and finds an expression: the judgement is that the policy is not met."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"not provable at synthesis: {name} is {value!r}; write a literal")


def is_expression(value: object) -> bool:
    """Whether `value` is text that Terraform has yet to evaluate, in whole or in part."""
    return isinstance(value, str) and EXPRESSION.search(value) is not None


@dataclass(frozen=True, slots=True)
class Conf:
    """The configuration of one block.

    Reads Terraform JSON and checkov's form of it alike (checkov wraps every value in a list). So the
    reader says what it expects: `value` one value, `values` a list of values, `blocks` nested blocks.
    """

    body: Mapping[str, Any]
    address: str = ""

    def value(self, name: str) -> Any:
        """The attribute as written, expressions included; None when it is absent or null."""
        found = self.body.get(name)
        while isinstance(found, list):
            if len(found) != 1:
                return found or None
            found = found[0]
        return found

    def given(self, name: str) -> bool:
        """Whether the attribute is set to something: not absent, null, or empty. An expression is something."""
        return self.value(name) not in (None, "", {})

    def literal(self, name: str) -> Any:
        """The attribute's value; raises Unprovable when it is an expression."""
        found = self.value(name)
        if is_expression(found):
            raise Unprovable(name, found)
        return found

    def true(self, name: str) -> bool:
        """Whether the attribute is literally true; absent is false. Raises Unprovable for an expression."""
        return self.literal(name) in (True, "true", "True")

    def number(self, name: str) -> int | None:
        """The attribute as a whole number, None when absent. Raises Unprovable for anything else."""
        found = self.literal(name)
        if found is None:
            return None
        if isinstance(found, bool) or not re.fullmatch(r"-?\d+", str(found)):
            raise Unprovable(name, found)
        return int(found)

    def values(self, name: str) -> list[Any]:
        """The elements of a list attribute, expressions included. One expression for the whole list is one element."""
        found = self.body.get(name)
        while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
            found = found[0]
        if found is None:
            return []
        return found if isinstance(found, list) else [found]

    def literals(self, name: str) -> list[str]:
        """The elements of a list attribute as text; raises Unprovable when one of them is an expression."""
        found = self.values(name)
        for value in found:
            if is_expression(value):
                raise Unprovable(name, value)
        return [str(value) for value in found]

    def at(self, path: str) -> list[Conf]:
        """The nested blocks at a dotted path, through every block on the way; the body itself for an empty path."""
        found = [self]
        for name in path.split(".") if path else ():
            found = [block for outer in found for block in outer.blocks(name)]
        return found

    def blocks(self, name: str) -> list[Conf]:
        """The nested blocks of that name. Raises Unprovable when an expression stands in their place."""
        found = self.values(name)
        if bad := [block for block in found if not isinstance(block, Mapping)]:
            raise Unprovable(name, bad[0])
        return [Conf(block, f"{self.address}.{name}") for block in found]


class StackDocument:
    """One stack's sanitised Terraform JSON (see `policies.view`), for policies that relate blocks to each other."""

    def __init__(self, document: Mapping[str, Any], changes: Sequence[Sequence[str]] = ()) -> None:
        self._document, self._changes = document, changes

    def destroyed(self, *types: str) -> Iterator[Conf]:
        """Resources of the types that a plan deletes or replaces; none in a stack. Only the address is known."""
        for address, type_, *actions in self._changes:
            if type_ in types and "delete" in actions:
                yield Conf({}, address)

    def resources(self, *types: str) -> Iterator[Conf]:
        """Managed resources of the types, in the document's order."""
        for kind in types:
            for name, body in self._document.get("resource", {}).get(kind, {}).items():
                yield Conf(body, f"{kind}.{name}")

    def templates(self) -> Iterator[Conf]:
        """The templates of products, as `template` of the S3 objects that hold them; see `policies.template`."""
        from policies.template import Template, published  # which needs this module

        for found in published(self._document, planned=bool(self._changes)):
            if isinstance(found, Template):  # of what cannot be read the scan makes a fault
                yield Conf({"template": found}, found.address)

    def values_under(self, name: re.Pattern[str]) -> Iterator[str]:
        """Every text of the resources that stands in an attribute or block whose name the pattern finds."""
        for named in self._document.get("resource", {}).values():
            for body in named.values():
                yield from _texts_under(body, name, within=False)

    def providers(self, name: str) -> Iterator[Conf]:
        """The provider's configurations, one per alias; one with no body where resources of it have none at all."""
        found = self._document.get("provider", {}).get(name, [])
        if not found and any(kind.startswith(f"{name}_") for kind in self._document.get("resource", {})):
            found = [{}]
        for body in found if isinstance(found, list) else [found]:
            alias = body.get("alias")
            yield Conf(body, f"provider.{name}.{alias}" if alias else f"provider.{name}")

    def tag(self, key: str) -> str | None:
        """The stack's own tag of that key, from the default tags of its provider; None where no tag says it.

        Raises Unprovable for an expression.
        """
        for provider in self.providers("aws"):
            for tags in (tags for block in provider.blocks("default_tags") for tags in block.blocks("tags")):
                return str(tags.literal(key)) if tags.given(key) else None
        return None

    @property
    def environment(self) -> str | None:
        """The environment that the stack is tagged with: `org`, `dev`, `test` or `prod`; None where no tag says it."""
        return self.tag("Environment")

    def backends(self) -> Iterator[Conf]:
        """The state backend: `terraform.backend.<type>`, or `terraform.backend` with no body where none is set."""
        found = self._document.get("terraform", {}).get("backend", {})
        for kind, body in found.items():
            yield Conf(body, f"terraform.backend.{kind}")
        if not found:
            yield Conf({}, "terraform.backend")


def _texts_under(value: Any, name: re.Pattern[str], *, within: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _texts_under(child, name, within=within or name.search(key) is not None)
    elif isinstance(value, list):
        for child in value:
            yield from _texts_under(child, name, within=within)
    elif within and isinstance(value, str):
        yield value
