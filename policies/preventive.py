"""The preventive point of a control: what is denied in every account of a guardrail level, whoever allows it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from policies.record import Frozen

# From the loosest to the tightest; each level holds for itself what it adds to the one before. What is of the level
# root stands at the organisation's root, the others at the units that have them.
Level = Literal["root", "sandbox", "standard", "strict", "quarantine"]
LEVELS: tuple[Level, ...] = get_args(Level)
ROOT: Level = "root"
UNIT_LEVELS = LEVELS[1:]
# A service control policy bounds the principals of an account, a resource control policy its resources.
Kind = Literal["scp", "rcp"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Who is spared: those who run the platform; they and those who grant data; they and the roles as which products are
# launched; they and the roles as which releases deploy; those alone who approve models and releases; or nobody.
Exempt = Literal["platform", "stewards", "launchers", "deployers", "approvers"]

Action = Annotated[str, Field(pattern=r"^(\*|[a-z0-9-]+:[A-Za-z0-9*]+)$")]
Operator = Annotated[
    str,
    Field(
        pattern=(
            r"^(For(AnyValue|AllValues):)?"
            r"(Null|Bool|(String|Arn)(Not)?(Equals|Like)|Numeric\w+|(Not)?IpAddress)(IfExists)?$"
        )
    ),
]
Values = str | Annotated[list[str], Field(min_length=1)]
PRINCIPAL = "aws:PrincipalArn"
# `{name}`, but not within an expression of Terraform or a variable of IAM.
PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z_]+)\}")


class Denial(Frozen):
    """One Deny. All its conditions must hold; without resources it speaks of all.

    `{name}` in a resource or value is filled in for each organisation, see `policies.guardrails.Inputs`.
    """

    kind: Kind = "scp"
    actions: list[Action] = Field(default_factory=list)
    not_actions: list[Action] = Field(default_factory=list)
    resources: Annotated[list[str], Field(min_length=1)] = Field(default_factory=lambda: ["*"])
    not_resources: list[str] = Field(default_factory=list)
    conditions: dict[Operator, Annotated[dict[str, Values], Field(min_length=1)]] = Field(default_factory=dict)
    exempt: Exempt | None = None

    @model_validator(mode="after")
    def _is_one_statement(self) -> Self:
        if bool(self.actions) == bool(self.not_actions):
            raise ValueError("must have either actions or not_actions")
        if self.not_resources and self.resources != ["*"]:
            raise ValueError("must have resources or not_resources, not both")
        if self.kind == "rcp" and "*" in self.actions:
            raise ValueError("must name services: a resource control policy with Action * is refused by AWS")
        if any(PRINCIPAL in keys for operator, keys in self.conditions.items() if operator == "ArnNotLike"):
            raise ValueError(f"must say exempt, not ArnNotLike {PRINCIPAL}: the exempt roles stand in one place")
        if any(operator.startswith("ForAnyValue") and operator.endswith("IfExists") for operator in self.conditions):
            raise ValueError("must not join ForAnyValue and IfExists: evaluators disagree on an absent key")
        present = {key for key, value in self.conditions.get("Null", {}).items() if value == "false"}
        for operator, keys in self.conditions.items():
            if operator.startswith("ForAllValues") and not set(keys) <= present:
                raise ValueError("must demand by Null false what ForAllValues tests: of an absent key all values hold")
        return self

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what an organisation fills in, sorted."""
        return tuple(sorted({name for text in self._texts() for name in PLACEHOLDER.findall(text)}))

    def _texts(self) -> Iterator[str]:
        yield from (*self.resources, *self.not_resources)
        for keys in self.conditions.values():
            for values in keys.values():
                yield from [values] if isinstance(values, str) else values


class Preventive(Frozen):
    """What a control denies, from `level` on."""

    level: Level
    statements: Annotated[list[Denial], Field(min_length=1)]
