"""The limits of `limits.yaml`, typed: how bad each class of change is, and what each tier lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import RootModel, model_validator

from delivery.review.model import SEVERITIES, ChangeClass, Severity
from environments.vocabulary import TIERS, Tier
from modules.core.settings import Strict

FILE = Path(__file__).with_name("limits.yaml")
Limit = Literal["passes", "accept", "never"]


class ClassLimits(Strict):
    """A class of change: its meaning and what to do, in words, and its limit in each tier."""

    severity: Severity
    means: str
    to_do: str
    limits: dict[Tier, Limit]

    @model_validator(mode="after")
    def _of_every_tier(self) -> ClassLimits:
        if missing := set(TIERS) - set(self.limits):
            raise ValueError(f"no limit for {', '.join(sorted(missing))}")
        return self


class Limits(RootModel[dict[str, ClassLimits]]):
    """By class, the mildest first."""

    @model_validator(mode="after")
    def _of_every_class_in_order(self) -> Limits:
        if set(self.root) != set(ChangeClass):
            raise ValueError(f"must hold each of {', '.join(ChangeClass)}, and nothing else")
        order = [SEVERITIES.index(one.severity) for one in self.root.values()]
        if order != sorted(order):
            raise ValueError("must be in the order of severities")
        return self

    def of(self, kind: ChangeClass) -> ClassLimits:
        """What is said of a class."""
        return self.root[kind]

    def rank(self, kind: ChangeClass) -> int:
        """Its place among the classes: the higher, the worse."""
        return list(self.root).index(kind)


@cache
def limits() -> Limits:
    """The limits, read once in a process. Raises whatever is wrong with the file: nothing is judged without it."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def parse(content: Mapping[str, object]) -> Limits:
    """Raises pydantic's ValidationError for limits that leave a class or a tier out, or are out of order."""
    return Limits.model_validate(content)
