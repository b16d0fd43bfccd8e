"""Every key of every YAML file, from the models that validate them (environments/schema.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docs.site.table import GENERATED, code, table
from environments import schema

_FILES = {
    "organization": "organization.yaml",
    "environment": "dev.yaml, test.yaml, prod.yaml",
    "team": "teams/NAME.yaml",
    "domain": "domains/NAME.yaml",
    "features": "features/NAME.yaml",
    "project": "projects/NAME.yaml",
}
_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
    "minProperties": "at least {} of them",
    "maxProperties": "at most {} of them",
}
_WORDS = {"integer": "whole number", "string": "text", "boolean": "true or false", "null": "null", "object": "mapping"}
_LONGEST_DEFAULT = 60
Schema = Mapping[str, Any]


def text(_root: Path) -> str:
    """The page."""
    return "\n".join(_lines(json.loads(schema.text())["$defs"]))


def _lines(models: Mapping[str, Schema]) -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield GENERATED.format(source="the models behind `environments/schema.json`")
    yield ""
    yield "Files and their keys first, then each section by its name, in the order of the alphabet. Unknown keys are"
    yield "errors. `mlgov check` names what does not fit, with file and line."
    yield ""
    of_files = {name: models[_referred(models[name])] for name in _FILES}
    for name, file in _FILES.items():
        yield from _section(file, of_files[name])
    for name in sorted(models):
        if "properties" in models[name] and models[name] not in of_files.values():
            yield from _section(name, models[name])


def _section(title: str, model: Schema) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if "description" in model:
        yield from (*model["description"].splitlines(), "")
    required = model.get("required", ())
    rows = [
        (code(key), _kind(field), "required" if key in required else _default(field), _told(field))
        for key, field in model["properties"].items()
    ]
    yield from table(("key", "type", "default", "what it must be"), rows)


def _kind(field: Schema) -> str:
    match field:
        case {"$ref": str()}:
            name = _referred(field)
            return f"[{name}](#{name.lower()})"
        case {"anyOf": list(options)} | {"oneOf": list(options)}:
            return " or ".join(_kind(option) for option in options)
        case {"enum": list(values)}:
            return ", ".join(code(str(value)) for value in values)
        case {"const": value}:
            return code(str(value))
        case {"type": "array", "items": dict(items)}:
            return f"list of {_kind(items)}"
        case {"type": "object"}:
            values = [*field.get("patternProperties", {}).values(), field.get("additionalProperties")]
            return f"mapping to {_kind(values[0])}" if values[0] else "mapping"
        case {"type": str(kind)}:
            return _WORDS.get(kind, kind)
    return "anything"


def _default(field: Schema) -> str:
    value = field.get("default")
    if value is None and "default" not in field:
        return "empty"
    written = json.dumps(value, ensure_ascii=False)
    return code(written) if len(written) <= _LONGEST_DEFAULT else "as in its section"


def _told(field: Schema) -> str:
    return "; ".join(dict.fromkeys(_said(field)))


def _said(field: Schema) -> Iterator[str]:
    if "description" in field:
        yield field["description"]
    for bound, words in _BOUNDS.items():
        if bound in field:
            yield words.format(field[bound])
    if "maxLength" in field:
        yield f"{field.get('minLength', 0)} to {field['maxLength']} characters"
    if "propertyNames" in field:
        yield from (f"keys: {word}" for word in _said(field["propertyNames"]))
    for option in (*field.get("anyOf", ()), *field.get("patternProperties", {}).values(), field.get("items")):
        if option and "$ref" not in option:
            yield from _said(option)


def _referred(field: Schema) -> str:
    return str(field["$ref"]).rpartition("/")[2]
