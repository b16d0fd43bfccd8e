"""The detective point of a control: the rules of AWS Config that find what was made against it, however it was made.

A rule is one of AWS's own, known by its identifier, or one of ours, whose Guard text stands in `guard/<name>.guard`.
AWS does not offer each of its rules in every region: `rule_gaps.json` says where one is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from policies.record import Frozen

if TYPE_CHECKING:
    from policies.catalogue import Control

GUARD = Path(__file__).parent / "guard"
GAPS = Path(__file__).with_name("rule_gaps.json")
NAME_LIMIT = 64  # of an organisation's rule
# Repairs that a person may start; what they do stands in the module that carries them out.
Repair = Literal["block-public-bucket", "close-default-security-group", "stop-public-notebook"]
Framework = Literal["fsbp", "ml-governance", "nist-800-53"]
_ML_AREAS = ("BR", "SM")


class Detective(Frozen):
    """One rule of AWS Config. `{partition}` in a parameter's value is filled in.

    `types` are what a rule of ours is asked about; AWS's know theirs. `once` is a rule about what is the same in
    every region: it stands in the home region alone. `ml` counts a rule of another area as ML governance.
    """

    managed: Annotated[str, Field(pattern=r"^[A-Z0-9]+(_[A-Z0-9]+)+$")] | None = None
    guard: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] | None = None
    types: list[Annotated[str, Field(pattern=r"^AWS::\w+::\w+$")]] = Field(default_factory=list)
    parameters: dict[str, str] = Field(default_factory=dict)
    once: bool = False
    ml: bool = False
    repair: Repair | None = None

    @model_validator(mode="after")
    def _is_one_rule(self) -> Self:
        if bool(self.managed) == bool(self.guard):
            raise ValueError("must have either managed or guard")
        if bool(self.guard) != bool(self.types):
            raise ValueError("must have types with guard, and none with managed")
        if self.guard and not (GUARD / f"{self.guard}.guard").is_file():
            raise ValueError(f"names no file of policies/guard/: {self.guard}.guard")
        if len(self.name) > NAME_LIMIT:
            raise ValueError(f"must have a name of {NAME_LIMIT} characters at most")
        return self

    @property
    def name(self) -> str:
        """What the rule is called in every account: AWS's own name for one of AWS's."""
        return self.guard or str(self.managed).lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to be deployed: `identifier` or `policy` (Guard text) is there; `frameworks` are its packs."""

    name: str
    control: str
    objective: str
    identifier: str | None
    policy: str | None
    types: tuple[str, ...]
    parameters: Mapping[str, str]
    repair: Repair | None
    frameworks: frozenset[Framework]


def rules(controls: Sequence[Control], *, region: str, partition: str, at_home: bool) -> Iterator[Rule]:
    """The rules of `controls` that AWS offers in `region`, in the order of the controls."""
    for control in controls:
        for point in control.detective:
            if (point.once and not at_home) or region in gaps().get(point.managed or "", ()):
                continue
            yield Rule(
                name=point.name,
                control=control.id,
                objective=control.objective,
                identifier=point.managed,
                policy=(GUARD / f"{point.guard}.guard").read_text(encoding="utf-8") if point.guard else None,
                types=tuple(point.types),
                parameters={key: text.replace("{partition}", partition) for key, text in point.parameters.items()},
                repair=point.repair,
                frameworks=_frameworks(control, point),
            )


def _frameworks(control: Control, point: Detective) -> frozenset[Framework]:
    found: set[Framework] = set()
    if control.references.security_hub:
        found.add("fsbp")
    if control.references.nist_800_53:
        found.add("nist-800-53")
    if point.ml or control.id.partition("-")[0] in _ML_AREAS:
        found.add("ml-governance")
    return frozenset(found)


@cache
def gaps() -> Mapping[str, Sequence[str]]:
    """The regions in which AWS does not offer a managed rule, by its identifier; a rule without gaps is left out."""
    found: dict[str, list[str]] = json.loads(GAPS.read_text(encoding="utf-8"))
    return found
