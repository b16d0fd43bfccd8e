"""A plan as policies judge it: the stack as written, with what the plan knows put in the place of expressions.

The same policies thus judge stack and plan. checkov's own reading of plans is not used: it loses a policy document in
which one ARN is not known yet, data sources, providers and all that is deleted (docs/adr/0018). A plan document is
made by delivery and holds no sensitive value:

version   1
stack     the text of the `cdk.tf.json` that was planned
changes   of each resource: address, module, type, name, index, actions, after, unknown; before, where it is changed
          or goes; previous, where it moved; imported, where it is; what Terraform marks as sensitive reads
          `(sensitive value)` in before and after
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import ValidationError

from policies.reading import Json, ViewError, parse
from policies.record import Frozen
from policies.view import View, view_of

SENSITIVE = "(sensitive value)"
DELETED = ("delete", "forget")
# The attribute of another resource, whole: what relates the two, and the value alone would no longer tell it.
RELATION = re.compile(r"\$\{[a-z0-9]+_\w+\.[\w-]+[.\[][^{}]*\}")
# Terraform's own words in a resource: no attribute of it, so no plan tells of them.
META = ("//", "connection", "depends_on", "lifecycle", "provider", "provisioner")


class PlannedChange(Frozen):
    """What a plan does to one resource. `after` is None for one that is deleted; `unknown` has its shape.

    `before` is None for one that is created, and for one that stays as it is. `previous` is its address before a move.
    """

    address: str
    module: str = ""
    type: str
    name: str
    index: int | str | None = None
    actions: list[str]
    after: Json | None
    unknown: Any
    before: Json | None = None
    previous: str = ""
    imported: bool = False

    @property
    def stays(self) -> bool:
        """Whether there is such a resource after the plan."""
        return self.after is not None and not set(DELETED).issuperset(self.actions)

    @property
    def key(self) -> str:
        """Its name among the resources of its type: instances of one block differ."""
        name = f"{self.module}.{self.name}" if self.module else self.name
        return name if self.index is None else f"{name}[{json.dumps(self.index)}]"


class PlanDocument(Frozen):
    """What delivery writes beside a saved plan."""

    version: Literal[1] = 1
    stack: str
    changes: list[PlannedChange]


def plan_view(content: bytes) -> View:
    """The view of a plan document. Raises ViewError when it is none, or tells nothing of a resource of the stack."""
    try:
        plan = PlanDocument.model_validate_json(content)
    except ValidationError as error:
        raise ViewError(f"not a plan document: {error}") from error
    document = parse(plan.stack.encode())
    written = document.get("resource", {})
    if untold := sorted(_untold(written, plan.changes)):
        raise ViewError(f"the plan tells nothing of {', '.join(untold)}")
    resources: dict[str, Json] = {}
    own = _own_account(document)
    for change in plan.changes:
        if change.stays:
            body = written.get(change.type, {}).get(change.name, {}) if not change.module else {}
            meta = {key: body[key] for key in META if key in body}
            planned = _known(body, change.after, change.unknown, own)
            resources.setdefault(change.type, {})[change.key] = {**planned, **meta}
    document["resource"] = resources
    return view_of(
        document, plan.stack, tuple((change.address, change.type, *change.actions) for change in plan.changes)
    )


def _untold(written: Mapping[str, Json], changes: Iterable[PlannedChange]) -> Iterator[str]:
    """Addresses of blocks that the plan leaves out. One with count or for_each may have no instance."""
    told = {(change.type, change.name) for change in changes if not change.module}
    for type_, named in written.items():
        for name, body in named.items():
            if (type_, name) not in told and not {"count", "for_each"} & body.keys():
                yield f"{type_}.{name}"


def _own_account(document: Json) -> frozenset[str]:
    """The expressions by which the stack's providers name their account: no plan tells what they stand for."""
    providers = document.get("provider", {}).get("aws", [])
    named = (body.get("allowed_account_ids") for body in (providers if isinstance(providers, list) else [providers]))
    return frozenset(str(one) for ids in named for one in (ids if isinstance(ids, list) else []))


def _known(written: Any, after: Any, unknown: Any, own: frozenset[str], *, sole: bool = True) -> Any:
    """The planned value; as written where it is not known yet or sensitive; None where there is none.

    A reference to a resource stays, and to the `own` account: policies tell by it what belongs together, also when its
    value is known, as it is in every plan but the first. Only where it is `sole`, for in lists a plan has an order of
    its own.
    """
    if unknown is True or after == SENSITIVE:
        return written if written is not None or unknown is True else after
    if sole and isinstance(written, str) and isinstance(after, str) and (RELATION.fullmatch(written) or written in own):
        return written
    if isinstance(after, dict):
        names, ahead = _object(written), _object(unknown)
        found = {
            key: _known(names.get(key), after.get(key), ahead.get(key), own, sole=sole) for key in {**after, **ahead}
        }
        return {key: value for key, value in found.items() if value is not None}
    if isinstance(after, list):
        size = max(len(after), len(unknown) if isinstance(unknown, list) else 0)
        parts = (_elements(written, size), _elements(after, size), _elements(unknown, size))
        # An empty list is how a plan writes a block that is not there.
        known = [_known(*part, own, sole=sole and size == 1) for part in zip(*parts, strict=True)]
        return known or (None if written is None else [])
    return after


def _object(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _elements(value: Any, size: int) -> list[Any]:
    """The elements of a list, or of the one block that stands for it; of another size they are nobody's."""
    found = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    return found if len(found) == size else [None] * size
