"""What validation found wrong, in the words of YAML: the one place where messages of pydantic are rendered."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from environments.yaml_tree import Node, Path, one_line
from modules.core.errors import Problem

_WORDS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is required",
    "value_error": lambda context: str(context["error"]),
    "string_type": lambda _: "must be text",
    "int_type": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "bool_type": lambda _: "must be true or false",
    "model_type": lambda _: "must be a mapping of keys to values",
    "dict_type": lambda _: "must be a mapping of keys to values",
    "tuple_type": lambda _: "must be a list",
    "list_type": lambda _: "must be a list",
    "greater_than": lambda context: f"must be > {context['gt']}",
    "greater_than_equal": lambda context: f"must be >= {context['ge']}",
    "less_than": lambda context: f"must be < {context['lt']}",
    "less_than_equal": lambda context: f"must be <= {context['le']}",
    "literal_error": lambda context: f"must be one of {', '.join(_expected(context))}",
    "string_pattern_mismatch": lambda context: f"must match {context['pattern']}",
    "string_too_short": lambda context: f"must have at least {context['min_length']} characters",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "too_short": lambda context: f"must list at least {context['min_length']}",
    "too_long": lambda context: f"must list at most {context['max_length']}",
}


def problems(error: ValidationError, root: Node, model: type[BaseModel]) -> list[Problem]:
    """Every fault that `model` found in the tree `root`: each with file, line, path and what is allowed."""
    found = error.errors(include_url=False)
    return [_problem(details, root, model) for details in found if not _follows(details, found)]


def suggestion(word: str, known: Iterable[str]) -> str:
    """`: did you mean x?` when a known word is near, else the known words."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    return f": did you mean {near[0]}?" if near else f" (known: {', '.join(words) or 'none'})"


def _problem(details: ErrorDetails, root: Node, model: type[BaseModel]) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    path, node = _locate(details["loc"], root, missing=kind == "missing")
    if kind == "extra_forbidden":
        known = _known_keys(model, path[:-1])
        return root.problem(path, f"is not a known key{suggestion(str(path[-1]), known)}")
    render = _WORDS.get(kind)
    message = render(context) if render else details["msg"].replace("Input should", "must", 1)
    if kind == "missing":
        return root.problem(path, message)
    if "[key]" in details["loc"]:
        return root.problem(path, f"the key {message}")
    if kind == "string_type" and node.text and not isinstance(node.value, str):
        return root.problem(path, f'{message}: quote it ("{one_line(node.text)}")')
    message += _got(node, wrong_type=kind.endswith("_type"))
    if kind == "literal_error" and (near := difflib.get_close_matches(node.text, _expected(context), n=1)):
        message += f": did you mean {near[0]}?"
    return root.problem(path, message)


def _follows(details: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its wrong entries were not counted."""
    loc = details["loc"]
    return details["type"] == "too_short" and any(
        len(each["loc"]) > len(loc) and each["loc"][: len(loc)] == loc for each in found
    )


def _locate(loc: tuple[int | str, ...], root: Node, *, missing: bool) -> tuple[Path, Node]:
    """The part of pydantic's location that stands in the file; it also names union members and `[key]`."""
    node, path = root, list[str | int]()
    for place, part in enumerate(loc):
        child = node.child(part)
        if child is not None:
            node = child
            path.append(part)
        elif missing and place == len(loc) - 1:
            path.append(part)
    return tuple(path), node


def _got(node: Node, *, wrong_type: bool) -> str:
    if isinstance(node.value, Mapping):
        return " (got a mapping)" if wrong_type else ""
    if isinstance(node.value, tuple):
        return " (got a list)" if wrong_type else ""
    return f" (got {one_line(node.text) if node.text else 'nothing'})"


def _expected(context: Mapping[str, Any]) -> list[str]:
    """`'a', 'b' or 'c'` as a list of words."""
    return [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand in the mapping at `path`."""
    models = [model]
    for part in path:
        fields = [each.model_fields[part].annotation for each in models if part in each.model_fields]
        models = [inner for annotation in fields for inner in _models_in(annotation)] if fields else models
    return [key for each in models for key in each.model_fields]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
