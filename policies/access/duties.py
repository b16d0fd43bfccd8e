"""Separation of duties: what nobody may hold together, as data in `duties.yaml`, proven over all stacks.

Conditions of a statement do not excuse a breach: whoever makes the request may meet them. AWS's own managed policies
count with the content that `policies.access.managed` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from policies.errors import GateError, reasons
from policies.record import Frozen
from policies.strict_yaml import YamlError, items

SHIPPED = Path(__file__).with_name("duties.yaml")

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Action = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z*?]+$")]


class Accounts(Frozen):
    """Accounts by environment and role; an empty list takes all."""

    environments: list[Text] = Field(default_factory=list)
    roles: list[Text] = Field(default_factory=list)

    def names(self, accounts: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
        """Those among the organisation's accounts."""
        return frozenset(
            name
            for name, account in accounts.items()
            if (not self.environments or account["environment"] in self.environments)
            and (not self.roles or set(self.roles) & set(_list(account["roles"])))
        )


class Power(Frozen):
    """Something that somebody can do. `when` are condition keys of the request."""

    does: Text
    actions: list[Action] = Field(default_factory=list)
    resources: Annotated[list[Text], Field(min_length=1)] = Field(default_factory=lambda: ["*"])
    when: dict[Text, Text] = Field(default_factory=dict)
    accounts: Accounts | None = None
    under: Literal["guardrails"] | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if bool(self.actions) == bool(self.under):
            raise ValueError("must have actions, or under, and not both")
        return self

    def requests(self) -> Iterator[tuple[str, str]]:
        """Every action with every pattern that its service can mean."""
        for action in self.actions:
            for pattern in self.resources:
                service = pattern.split(":")[2] if pattern.startswith("arn:") else ""
                if service in ("", action.partition(":")[0]) or action.startswith("sts:"):
                    yield action, pattern


class Exemption(Frozen):
    """Whom a duty does not bind: a group or `<account>/<role>`, with wildcards, and why."""

    whom: Text
    reason: Text


class Duty(Frozen):
    """One invariant; `control` is the control of the catalogue that it serves."""

    id: Annotated[str, Field(pattern=r"^SOD-\d{2}$")]
    says: Text
    control: Annotated[str, Field(pattern=r"^[A-Z]+-\d{2}$")]
    whom: Literal["people", "everyone"]
    first: Power
    second: Power | None = None
    exempt: list[Exemption]

    def spares(self, name: str) -> bool:
        """Whether it does not bind the group or role of this name."""
        return any(fnmatchcase(name, one.whom) for one in self.exempt)


def read(file: Path = SHIPPED) -> tuple[Duty, ...]:
    """The duties of a file, in its order. Raises GateError that lists every fault with file and line."""
    problems: list[str] = []
    duties: dict[str, Duty] = {}
    try:
        found = items(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise GateError(f"{file.name} cannot be read: {error}") from error
    except YamlError as error:
        raise GateError(f"{file.name}:{error.line} {error}") from error
    for item in found:
        where = f"{file.name}:{item.line}"
        try:
            duty = Duty.model_validate(item.value)
        except ValidationError as error:
            problems += [f"{where} {reason}" for reason in reasons(error)]
            continue
        if duty.id in duties:
            problems.append(f"{where} {duty.id} stands twice")
        duties[duty.id] = duty
    if not found:
        problems.append(f"{file.name} holds no duty")
    if problems:
        raise GateError("separation of duties: " + "; ".join(problems))
    return tuple(duties.values())


def _list(value: object) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else []
