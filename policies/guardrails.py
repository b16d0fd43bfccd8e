"""Guardrails: the preventive points of the controls as service and resource control policies.

A level holds what it adds to the levels before it; an organisational unit inherits from the unit above, and the root's
level stands by itself.
Statements are merged only where that changes nothing, and packed into the fewest documents. The same
controls and inputs always give the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from policies.catalogue import Control, shipped
from policies.errors import GuardrailError
from policies.preventive import PLACEHOLDER, PRINCIPAL, ROOT, UNIT_LEVELS, Denial, Exempt, Kind, Level

# Stands for the organisation's id, which Terraform knows later. No id is longer, so what fits with it fits.
ORGANIZATION_ID = "o-" + "0" * 32
_VERSION = "2012-10-17"
_OURS: tuple[Exempt, ...] = ("platform", "launchers", "deployers")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What of an organisation its guardrails speak of.

    A statement that names an empty tuple is left out: there is nothing to hold a request against.
    `exempt` are patterns of role ARNs.
    """

    partition: str
    organization: str
    regions: tuple[str, ...]
    exempt: Mapping[Exempt, tuple[str, ...]]
    approved_vpcs: tuple[str, ...] = ()
    approved_subnets: tuple[str, ...] = ()
    corporate_networks: tuple[str, ...] = ()
    image_accounts: tuple[str, ...] = ()
    bedrock_models: tuple[str, ...] = ()
    organization_id: str = ORGANIZATION_ID

    def values(self, name: str) -> tuple[str, ...]:
        """What stands for `{name}`. Raises GuardrailError for a name that is none."""
        if name == "exempt_roles":  # those that we make; people's are Identity Center's, which lets nobody change them
            return tuple(sorted({role for whom in _OURS for role in self.exempt[whom]}))
        if name == "exempt" or name not in self.__slots__:
            raise GuardrailError(f"the control catalogue names {{{name}}}, which no organisation fills in")
        value = getattr(self, name)
        return (value,) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Quota:
    """What AWS allows: characters of a document, documents attached to one target, and of these `reserved` by others.

    Reserved are AWS's own FullAWSAccess and what Control Tower attaches.
    """

    characters: int
    attachments: int
    reserved: int

    @property
    def free(self) -> int:
        """How many documents of ours one target may carry."""
        return self.attachments - self.reserved


@dataclass(frozen=True, slots=True)
class Document:
    """One policy of a level. `number` counts the documents of a level and kind from 1; `free` is in characters."""

    kind: Kind
    level: Level
    number: int
    content: str
    controls: tuple[str, ...]
    free: int

    @property
    def key(self) -> str:
        """Its name within the organisation, such as `scp-strict-1`."""
        return f"{self.kind}-{self.level}-{self.number}"


@dataclass(slots=True)
class _Merged:
    """A statement with the union of the actions that share all else."""

    body: dict[str, Any]
    actions: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)

    def text(self) -> str:
        """Its minified JSON."""
        actions = {"Action": _one_or_many(sorted(self.actions))} if self.actions else {}
        return json.dumps({**self.body, **actions}, separators=(",", ":"), ensure_ascii=False)


def render(
    level: Level, *, controls: Iterable[Control], inputs: Inputs, quota: Mapping[Kind, Quota]
) -> tuple[Document, ...]:
    """What `level` adds to the levels before it, sorted by kind and number.

    Raises GuardrailError with the numbers when a statement is longer than a document may be, or when a
    target that carries this level (a unit: and those before it) would carry more documents than its quota.
    """
    chosen = tuple(controls)
    documents: dict[Kind, int] = dict.fromkeys(quota, 0)
    found: tuple[Document, ...] = ()
    for below in (ROOT,) if level == ROOT else UNIT_LEVELS[: UNIT_LEVELS.index(level) + 1]:
        found = tuple(
            document
            for kind, limit in sorted(quota.items())
            for document in _pack(kind, below, _merged(kind, below, chosen, inputs), limit)
        )
        for document in found:
            documents[document.kind] += 1
    for kind, count in documents.items():
        limit = quota[kind]
        if count > limit.free:
            raise GuardrailError(
                f"guardrails of level {level}: a target would carry {count} documents of kind {kind}, and "
                f"{limit.free} are free ({limit.attachments} less {limit.reserved} reserved): name fewer values in "
                "foundations.guardrails, or reserve fewer"
            )
    return found


def left_out(controls: Iterable[Control], inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """The controls of which a statement is not rendered, with the inputs that are empty."""
    missing: dict[str, set[str]] = {}
    for control in controls:
        for denial in control.preventive.statements if control.preventive else ():
            if empty := _empty(denial, inputs):
                missing.setdefault(control.id, set()).update(empty)
    return {control: tuple(sorted(names)) for control, names in sorted(missing.items())}


def statement(denial: Denial, inputs: Inputs) -> dict[str, Any] | None:
    """One Deny as AWS takes it, without Sid; None when it names an input that is empty."""
    if _empty(denial, inputs):
        return None
    body: dict[str, Any] = {"Effect": "Deny"}
    if denial.kind == "rcp":
        body["Principal"] = "*"
    actions = "Action" if denial.actions else "NotAction"
    body[actions] = _one_or_many(sorted(denial.actions or denial.not_actions))
    resources = "NotResource" if denial.not_resources else "Resource"
    body[resources] = _one_or_many(list(_filled(denial.not_resources or denial.resources, inputs)))
    conditions = {
        operator: {key: _one_or_many(list(_filled(values, inputs))) for key, values in sorted(keys.items())}
        for operator, keys in denial.conditions.items()
    }
    if denial.exempt:
        keys = conditions.setdefault("ArnNotLike", {})
        keys[PRINCIPAL] = _one_or_many(list(inputs.exempt[denial.exempt]))
    if conditions:
        body["Condition"] = dict(sorted(conditions.items()))
    return body


def _merged(kind: Kind, level: Level, controls: Iterable[Control], inputs: Inputs) -> list[_Merged]:
    """The statements of a level; those that differ in nothing but their actions are one. Conditions never join."""
    found: dict[str, _Merged] = {}
    for control in sorted(controls, key=lambda control: control.id):
        if control.preventive is None or control.preventive.level != level:
            continue
        for denial in control.preventive.statements:
            body = statement(denial, inputs)
            if denial.kind != kind or body is None:
                continue
            actions = body.pop("Action", None)
            merged = found.setdefault(json.dumps(body, sort_keys=True), _Merged(body))
            merged.actions.update(denial.actions if actions else ())
            merged.controls.add(control.id)
    return list(found.values())


def _pack(kind: Kind, level: Level, merged: Iterable[_Merged], quota: Quota) -> Iterator[Document]:
    """The longest statement first, each into the first document with room."""
    room = quota.characters - len(_document([]))
    bins: list[list[_Merged]] = []
    free: list[int] = []
    for item in sorted(merged, key=lambda item: (-len(item.text()), item.text())):
        size = len(item.text()) + 1  # with its comma
        if size > room:
            raise GuardrailError(
                f"guardrails of level {level}: the statement of {', '.join(sorted(item.controls))} has {size} "
                f"characters, and a document holds {room}: name fewer values in foundations.guardrails"
            )
        place = next((index for index, left in enumerate(free) if left >= size), None)
        if place is None:
            bins.append([])
            free.append(room)
            place = len(bins) - 1
        bins[place].append(item)
        free[place] -= size
    for number, items in enumerate(bins, start=1):
        content = _document(item.text() for item in items)
        names = tuple(sorted({control for item in items for control in item.controls}))
        yield Document(kind, level, number, content, names, quota.characters - len(content))


def _document(statements: Iterable[str]) -> str:
    return f'{{"Version":"{_VERSION}","Statement":[{",".join(statements)}]}}'


def _empty(denial: Denial, inputs: Inputs) -> set[str]:
    empty = {name for name in denial.inputs if not inputs.values(name)}
    if denial.exempt and not inputs.exempt[denial.exempt]:
        raise GuardrailError(f"no role is exempt as {denial.exempt}: a denial without its exemption locks everyone out")
    return empty


def _filled(texts: str | Iterable[str], inputs: Inputs) -> Iterator[str]:
    """Each text once for every combination of what its placeholders stand for."""
    for text in [texts] if isinstance(texts, str) else texts:
        names = sorted(set(PLACEHOLDER.findall(text)))
        for values in product(*(inputs.values(name) for name in names)):
            filled = text
            for name, value in zip(names, values, strict=True):
                filled = filled.replace(f"{{{name}}}", value)
            yield filled


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


if __name__ == "__main__":
    from policies.catalogue import shipped
    from policies.guardrail_table import table

    sys.stdout.write(table(shipped().controls.values()))
