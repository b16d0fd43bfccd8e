"""Atlantis's files as text: read with every fault told, written so that equal models make equal bytes."""

from __future__ import annotations

from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from delivery.atlantis.steps import Keys
from modules.core.errors import ConfigError, Problem

ModelT = TypeVar("ModelT", bound=Keys)
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FAST):  # type: ignore[misc, valid-type]  # chosen above
    """Refuses a key that stands twice, as Go's reader does, where PyYAML takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"key {key.value} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


class _Dumper(yaml.SafeDumper):
    """Block style; texts of several lines as such, so that a reviewer reads a script as it runs."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def read(model: type[ModelT], text: str, file: str) -> ModelT:
    """The file's content. Raises ConfigError with every fault: of YAML, of keys and types, of bounds."""
    try:
        content = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigError([Problem(file, line, "", f"is not YAML that Atlantis reads: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError([Problem(file, 0, "", f"is not YAML that Atlantis reads: {error}")]) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = [Problem(file, 0, _path(fault["loc"]), _words(fault["msg"])) for fault in error.errors()]
        raise ConfigError(faults) from None


def write(content: Keys, head: str) -> str:
    """The text of the file: `head` as its comment, then what was set, in the order of the model."""
    data = content.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000)
    return "".join(f"# {line}".rstrip() + "\n" for line in head.splitlines()) + body


def _path(location: tuple[int | str, ...]) -> str:
    # The names that pydantic gives to the members of a union are no part of the file.
    parts = [part for part in location if not (isinstance(part, str) and part.startswith(("function-", "dict[")))]
    return ".".join(str(part) for part in parts)


def _words(message: str) -> str:
    return message.removeprefix("Value error, ").replace(
        "Extra inputs are not permitted", "is a key unknown to Atlantis"
    )
