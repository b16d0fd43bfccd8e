"""The sanitised view of a stack: the document that policies judge.

checkov 3.3.30 passes over a whole file, or over parts of it, when it meets certain valid Terraform
JSON. The view takes out what blinds it and is not judged anyway, puts in what is known, and reports
what cannot be shown. It exists in memory only: the stack's file is never changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.document import is_expression
from policies.reading import Json, parse

# Each of these blocks makes checkov drop the whole file. None declares a resource.
BLINDING_BLOCKS = ("import", "moved", "removed", "check")

_REFERENCE = re.compile(r"\$\{(local|var)\.([\w-]+)\}")
_OPENING = re.compile(r'^( {2}| {4}| {6})"((?:[^"\\]|\\.)*)": [\[{]')


@dataclass(frozen=True, slots=True)
class View:
    """A stack's document as policies judge it. `dynamic` lists resources whose blocks exist only at apply.

    `changes` is what a plan does: for each resource its address, its type and the actions; empty for a stack.
    """

    document: Json
    paths: dict[str, str]
    lines: dict[str, int]
    dynamic: tuple[str, ...]
    changes: tuple[tuple[str, ...], ...] = ()

    def path(self, address: str) -> str | None:
        """The construct path of a resource or data source, as cdktf wrote it."""
        return self.paths.get(address)

    def line(self, address: str) -> int:
        """The line where its block starts; 1 for what has no line of its own."""
        return self.lines.get(address, 1)


def view(content: bytes) -> View:
    """The view of a stack's file. Raises ViewError when the bytes are no JSON object of Terraform's shape."""
    return view_of(parse(content), content.decode("utf-8"))


def view_of(document: Json, text: str, changes: tuple[tuple[str, ...], ...] = ()) -> View:
    """The view of a document, which is taken over; its lines are those of `text`."""
    paths = {
        address.partition("[")[0]: path for address, body in _named_blocks(document) if (path := _construct_path(body))
    }
    for block in BLINDING_BLOCKS:
        document.pop(block, None)
    document.get("terraform", {}).pop("required_version", None)
    known = _known_values(document)
    dynamic = []
    for address, body in _named_blocks(document):
        if _drop_dynamic(body):
            dynamic.append(address)
        # Neither an order nor a name in a tag is a relation: checkov would take both for "is connected to".
        body.pop("depends_on", None)
        if "tags" in body:
            body["tags"] = _opaque(body["tags"])
    return View(_clean(document, known), paths, _lines(text), tuple(dynamic), changes)


def _named_blocks(document: Json) -> Iterator[tuple[str, Json]]:
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, names in document.get(section, {}).items():
            for name, body in names.items():
                yield f"{prefix}{kind}.{name}", body


def _construct_path(body: Json) -> str | None:
    """Where cdktf noted the construct; None for a block that cdktf did not write."""
    found: object = body
    for key in ("//", "metadata", "path"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def _known_values(document: Json) -> dict[tuple[str, str], Any]:
    """Locals and variable defaults that are literals."""
    known = {("local", name): value for name, value in document.get("locals", {}).items()}
    known |= {
        ("var", name): body["default"]
        for name, body in document.get("variable", {}).items()
        if isinstance(body, Mapping) and "default" in body
    }
    literal = (bool, int, float, str)
    return {key: value for key, value in known.items() if isinstance(value, literal) and not is_expression(value)}


def _drop_dynamic(value: Any) -> bool:
    """Remove every `dynamic` block below `value`; whether there was one. An attribute of that name is no block."""
    found = False
    if isinstance(value, dict):
        if isinstance(value.get("dynamic"), (dict, list)):
            del value["dynamic"]
            found = True
        return any([_drop_dynamic(child) for child in value.values()]) or found
    if isinstance(value, list):
        return any([_drop_dynamic(child) for child in value])
    return False


def _opaque(value: Any) -> Any:
    """`value` with a remark in the place of each text that Terraform has yet to evaluate."""
    if isinstance(value, dict):
        return {key: _opaque(child) for key, child in value.items()}
    return "(expression)" if is_expression(value) else value


def _clean(value: Any, known: Mapping[tuple[str, str], Any]) -> Any:
    """`value` without nulls (checkov takes `[null]` for a value), and known values in place of references."""
    if isinstance(value, dict):
        given = {key: child for key, child in value.items() if child is not None}
        return {key: child if key == "//" else _clean(child, known) for key, child in given.items()}
    if isinstance(value, list):
        return [_clean(child, known) for child in value if child is not None]
    if isinstance(value, str) and (reference := _REFERENCE.fullmatch(value)):
        return known.get((reference[1], reference[2]), value)
    return value


def _lines(text: str) -> dict[str, int]:
    """Where blocks start, read from the two-space layout that cdktf writes."""
    lines: dict[str, int] = {}
    section = kind = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not (opening := _OPENING.match(line)):
            continue
        depth, key = len(opening[1]), json.loads(f'"{opening[2]}"')
        if depth == 2:
            section = key
        elif depth == 4:
            kind = key
            lines.setdefault(f"{section}.{kind}", number)
        elif section in ("resource", "data"):
            lines.setdefault(f"{'data.' if section == 'data' else ''}{kind}.{key}", number)
        elif section == "terraform":
            lines.setdefault(f"{section}.{kind}.{key}", number)
    return lines
