"""Mutations of a compliant block: each takes something away, turns something round, or adds what is forbidden."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.policies.mutation.schema import STRINGS, unset
from tests.policies.support import ACCOUNT, OTHER, Json

Path = tuple[str | int, ...]
PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": f"arn:aws:iam::{OTHER}:root"},
    {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
)
ACTIONS = ("*", "iam:PassRole", "iam:CreateAccessKey", "s3:GetObject", "sts:AssumeRole", "kms:*")
WIDER: dict[str, tuple[Any, ...]] = {
    "Principal": PRINCIPALS,
    "Action": ("*", ["*"]),
    "Resource": ("*",),
    "Effect": ("Allow", "Deny"),
}
ALIKE = 3  # of list elements that are texts, or blocks of the same keys, as many stand for the others
_WRITTEN_IN = re.compile(r"(?<=[:\[,])(\$\{[\w.\[\]-]+\})(?=[,\]}])")
OPEN = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}


def mutants(kind: str, body: Json, *, documents: bool = True) -> Iterator[tuple[str, Json]]:
    """Each mutation of the body with what it did; those inside policy documents unless told otherwise."""
    for path, value in _paths(body):
        yield f"without {_name(path)}", _without(body, path)
        for other in _others(path[-1], value, documents):
            yield f"{_name(path)} = {json.dumps(other)[:80]}", _with(body, path, other)
    for field, value in unset(kind, body):
        yield f"{field} = {json.dumps(value)[:80]}", {**body, field: value}


def _paths(value: Any, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place below the value, outermost first; cdktf's remarks are none."""
    pairs = value.items() if isinstance(value, dict) else enumerate(_few(value)) if isinstance(value, list) else ()
    for key, child in pairs:
        if key != "//":
            yield (*above, key), child
            yield from _paths(child, (*above, key))


def _few(elements: list[Any]) -> list[Any]:
    """The elements, but only some of a list in which all are alike; those keep their places."""
    shapes = {tuple(sorted(each)) if isinstance(each, dict) else type(each) for each in elements}
    return elements[:ALIKE] if len(shapes) == 1 else elements


def _others(key: str | int, value: Any, documents: bool) -> Iterator[Any]:
    """Other values for what stands at a place."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (0, 1, -1, 65_535)
    elif (document := _document(value)) is not None:
        changed = _documents(document) if "Statement" in document else _properties(document)
        yield from map(json.dumps, changed if documents else ())
    elif isinstance(value, str):
        yield from ("", "Disabled", "false", "0", "aws:kms", "alias/aws/s3", *STRINGS)
    elif isinstance(value, list):
        yield from ([], *([text] for text in STRINGS))
    if key == "policy" and not (isinstance(value, str) and value.startswith("{")):
        yield json.dumps({"Version": "2012-10-17", "Statement": [OPEN]})


def _document(value: Any) -> Json | None:
    """The JSON object that the text holds; None where it holds none, such as `{account:.owner}` of Firehose."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        # What Terraform writes into the text stands there without quotes: it may be a number or a list.
        return dict(json.loads(_WRITTEN_IN.sub(r'"\1"', value)))
    except ValueError:
        return None


def _properties(document: Json) -> Iterator[Json]:
    """What Cloud Control is asked to make, with one property left out or turned round."""
    for path, value in _paths(document):
        yield _without(document, path)
        if isinstance(value, bool):
            yield _with(document, path, not value)


def _documents(document: Json) -> Iterator[Json]:
    """Policy documents with one thing changed, from the outside to the inside."""
    statements = document.get("Statement", [])
    for action in ACTIONS:
        yield {**document, "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    for principal in PRINCIPALS:
        yield {**document, "Statement": [{**OPEN, "Principal": principal}]}
    for index, statement in enumerate(statements):
        rest = [*statements[:index], *statements[index + 1 :]]
        yield {**document, "Statement": rest}
        for key in statement:
            yield {**document, "Statement": [*rest, {name: part for name, part in statement.items() if name != key}]}
            for wider in WIDER.get(key, ()):
                yield {**document, "Statement": [*rest, {**statement, key: wider}]}
        yield {**document, "Statement": [*rest, {**statement, **OPEN}]}
        for path, _ in _paths(statement.get("Condition", {}), ("Condition",)):
            yield {**document, "Statement": [*rest, _without(statement, path)]}
            yield {**document, "Statement": [*rest, _with(statement, path, "*")]}


def _without(body: Json, path: Path) -> Json:
    changed: Any = copy.deepcopy(body)
    del _at(changed, path[:-1])[path[-1]]
    return changed  # type: ignore[no-any-return]


def _with(body: Json, path: Path, value: Any) -> Json:
    changed: Any = copy.deepcopy(body)
    _at(changed, path[:-1])[path[-1]] = value
    return changed  # type: ignore[no-any-return]


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _name(path: Path) -> str:
    return ".".join(str(key) for key in path)
