"""Where the catalogue's facts come from, how old they are, and the slice of AWS's service authorisation reference."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from policies.record import Frozen

FILE = Path(__file__).with_name("sources.yaml")
SLICE = Path(__file__).with_name("service_authorization.json")

Text = Annotated[str, Field(min_length=1)]


class Source(Frozen):
    """One source: what it holds for us, the day when it was read, for how many days that is good, how to renew it."""

    title: Text
    holds: Text
    read: date
    limit_days: Annotated[int, Field(ge=1, le=730)]
    renew: Text

    def overdue(self, today: date) -> bool:
        """Whether it must be read anew."""
        return today > self.read + timedelta(days=self.limit_days)


class AuthorizedAction(Frozen):
    """An action of AWS, or a glob of actions: the access level, and the condition keys that requests can carry.

    Keys that every request carries (`aws:PrincipalOrgID` and the like) are not among them.
    """

    access: Text
    keys: list[Text]


@cache
def sources() -> Mapping[str, Source]:
    """The sources by their names. Whatever is wrong with the file is raised."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Source.model_validate(source) for name, source in found.items()}


@cache
def actions() -> Mapping[str, AuthorizedAction]:
    """The slice: every action that a guardrail names, by `service:Action`, as the guardrail writes it."""
    found = json.loads(SLICE.read_text(encoding="utf-8"))
    return {name: AuthorizedAction.model_validate(action) for name, action in found.items()}


def overdue(today: date) -> Iterator[str]:
    """A sentence for each source that must be read anew, with what to do."""
    for name, source in sources().items():
        if source.overdue(today):
            age = (today - source.read).days
            yield f"{name} was read {age} days ago ({source.read}), more than {source.limit_days}: {source.renew}"
