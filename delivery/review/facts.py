"""The facts of `types.yaml`, typed: what a resource type grants, guards, watches or keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ConfigDict, Field, RootModel, model_validator

from delivery.review import paths
from delivery.review.model import ChangeClass
from modules.core.settings import Strict

FILE = Path(__file__).with_name("types.yaml")
ANY_TYPE = "*"
Missing = Literal["zero", "forever"]
_TESTS = ("stays", "into", "changes", "appears", "differs", "lost", "gains", "loses", "falls", "rises")


class _Lax(Strict):
    """As YAML has it: a class is its text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class AttributeFact(_Lax):
    """What of an attribute is of the class `kind`: one of the tests that the head of `types.yaml` explains."""

    kind: ChangeClass = Field(alias="class")
    stays: bool | str | None = None
    into: bool | str | None = None
    changes: bool = False
    appears: bool = False
    differs: bool = False
    lost: bool = False
    gains: bool = False
    loses: bool = False
    falls: Missing | None = None
    rises: Missing | None = None

    @model_validator(mode="after")
    def _one_test(self) -> AttributeFact:
        if len(self.model_fields_set & set(_TESTS)) != 1:
            raise ValueError(f"must have exactly one of {', '.join(_TESTS)}")
        return self

    def violated(self, before: Any, after: Any) -> str:
        """What happens, in words, if it is what this tells of; else empty. None is a value that is not there."""
        if before == after:
            return ""
        if after == paths.UNKNOWN and not self.lost:
            return "will be known only after the apply, so it cannot be judged"
        if self.falls or self.rises:
            return self._number(before, after)
        happened = (
            (self.stays is not None and before == self.stays, f"is no longer {_text(self.stays)}"),
            (self.into is not None and after == self.into, f"becomes {_text(self.into)}"),
            (self.differs or (self.changes and before is not None), "changes"),
            (self.appears and after is not None, "is added or changed"),
            (self.lost and after is None, "is taken away"),
            (self.gains and bool(_set(after) - _set(before)), f"gains {_listed(_set(after) - _set(before))}"),
            (self.loses and bool(_set(before) - _set(after)), f"loses {_listed(_set(before) - _set(after))}"),
        )
        return next((words for met, words in happened if met), "")

    def _number(self, before: Any, after: Any) -> str:
        missing = self.falls or self.rises
        old, new = (_number_of(value, missing) for value in (before, after))
        if (self.falls and new < old) or (self.rises and new > old):
            return f"{'falls' if self.falls else 'rises'} from {_said(old)} to {_said(new)}"
        return ""


class TypeFacts(_Lax):
    """What is known of a resource type, or of those resources of it that `where` describes."""

    where: dict[str, str] = Field(default_factory=dict)
    created: ChangeClass | None = None
    gone: ChangeClass | None = None
    of: str = ""
    bounds: bool = False
    attributes: dict[str, AttributeFact] = Field(default_factory=dict)

    def concerns(self, *states: Mapping[str, Any] | None) -> bool:
        """Whether the resource, before or after, is one of `where`."""
        return not self.where or any(
            all(fnmatchcase(str(state.get(key, "")), glob) for key, glob in self.where.items())
            for state in states
            if state
        )


class _Facts(RootModel[dict[str, tuple[TypeFacts, ...]]]):
    model_config = ConfigDict(strict=False)


def of_type(kind: str) -> Iterator[TypeFacts]:
    """The facts of a type, and those of every type."""
    yield from facts().get(kind, ())
    yield from facts()[ANY_TYPE]


@cache
def facts() -> Mapping[str, tuple[TypeFacts, ...]]:
    """All facts, read once in a process. Raises whatever is wrong with the file."""
    return _Facts.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8"))).root


def _set(value: Any) -> set[str]:
    return {str(one) for one in value} if isinstance(value, list) else set() if value is None else {str(value)}


def _listed(found: set[str]) -> str:
    return ", ".join(sorted(found)[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _number_of(value: Any, missing: Missing | None) -> float:
    """A number, or the number that is meant by none; what is no number is 0, the strictest reading of a retention."""
    try:
        number = float(value) if value is not None else 0.0
    except (TypeError, ValueError):
        number = 0.0
    return float("inf") if missing == "forever" and number == 0 else number


def _said(number: float) -> str:
    return "forever" if number == float("inf") else f"{number:g}"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
