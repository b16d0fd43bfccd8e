"""The control catalogue: what each control is for, how severe its breach is, and which policies prove it.

One file per area, `controls/<AREA>.yaml`. A policy's metadata stands here and nowhere else; the
policy names its control, and the catalogue names the policy back. Both are checked at load. What a control denies
in the accounts stands beside them, `policies.guardrails` renders it; so do the rules that find a breach, see
`policies.detective`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationError, model_validator

from policies.declarative import Declarative
from policies.detective import Detective
from policies.errors import CatalogueError, GateError, reasons
from policies.hook import Hook
from policies.preventive import Preventive
from policies.record import Frozen
from policies.strict_yaml import YamlError, items

OWN_POLICY = ("CKV_MLGOV_", "CKV2_MLGOV_")
SHIPPED = Path(__file__).parent / "controls"

Text = Annotated[str, Field(min_length=1)]
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]


Kind = Literal["preventive", "detective", "proactive"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Who answers for a control: personas of the platform (modules/foundations/personas.py).
Owner = Literal[
    "cloud-administrator",
    "data-lake-administrator",
    "ml-governance-lead",
    "ml-platform-administrator",
    "ml-team-lead",
]


# Frameworks by their field of `References`, with the names that people know.
FRAMEWORKS = {
    "nist_800_53": "NIST SP 800-53 Rev. 5",
    "security_hub": "AWS Security Hub (FSBP, AI security best practices)",
    "iso_27001": "ISO/IEC 27001:2022",
    "control_tower": "AWS Control Tower",
}
PROPOSED = {"iso_42001": "ISO/IEC 42001:2023", "eu_ai_act": "EU AI Act (Regulation 2024/1689)"}


class Proposed(Frozen):
    """Clauses that we think a control serves; no body that owns the framework, nor AWS, has published the mapping."""

    iso_42001: list[Annotated[str, Field(pattern=r"^A\.\d+(\.\d+)+$")]] = Field(default_factory=list)
    eu_ai_act: list[Annotated[str, Field(pattern=r"^Art\. \d+(\(\d+\))?$")]] = Field(default_factory=list)


class References(Frozen):
    """What a control serves, framework by framework, in the framework's own ids; at least one. See `sources.yaml`.

    `security_hub` are controls of the standards of AWS Security Hub: FSBP and AI security best practices.
    """

    nist_800_53: list[Annotated[str, Field(pattern=r"^[A-Z]{2}-\d+(\(\w+\))*$")]] = Field(default_factory=list)
    security_hub: list[Annotated[str, Field(pattern=r"^\w+\.\d+$")]] = Field(default_factory=list)
    iso_27001: list[Annotated[str, Field(pattern=r"^A\.\d+\.\d+$")]] = Field(default_factory=list)
    control_tower: list[Annotated[str, Field(pattern=r"^(CT|CONFIG|AWS-GR)[\w.]+$")]] = Field(default_factory=list)
    proposed: Proposed = Field(default_factory=Proposed)

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not any((*self.proposed.model_dump().values(), *self.model_dump(exclude={"proposed"}).values())):
            raise ValueError("must name a clause of at least one framework")
        return self


class Control(Frozen):
    """One governance objective. `policies` are the checkov ids, ours and built-in, that prove it at synthesis.

    Of each kind of point it has one or more, or the reason in `missing` why it has none.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]+-\d{2}$")]
    objective: Text
    severity: Severity
    owner: Owner
    rationale: Text
    remediation: Text
    references: References
    policies: list[Annotated[str, Field(pattern=r"^CKV2?_[A-Z]+_\d+$")]] = Field(default_factory=list)
    detective: list[Detective] = Field(default_factory=list)
    hook: list[Hook] = Field(default_factory=list)
    preventive: Preventive | None = None
    declarative: list[Declarative] = Field(default_factory=list)
    missing: dict[Kind, Text] = Field(default_factory=dict)

    @property
    def points(self) -> frozenset[Kind]:
        """The kinds of point that the control has."""
        has = {
            "preventive": self.preventive or self.declarative,
            "detective": self.detective,
            "proactive": self.policies,
        }
        return frozenset(kind for kind in KINDS if has[kind])

    @model_validator(mode="after")
    def _says_how_it_is_enforced(self) -> Self:
        for kind in KINDS:
            if kind in self.points and kind in self.missing:
                raise ValueError(f"has a {kind} point and says in missing why it has none")
            if kind not in self.points and kind not in self.missing:
                raise ValueError(f"must have a {kind} point, or missing.{kind} with the reason why it has none")
        return self


class Catalogue:
    """Controls by id, and the control of a policy."""

    def __init__(self, controls: Mapping[str, Control]) -> None:
        self.controls = dict(controls)
        self._of_policy = {policy: control for control in controls.values() for policy in control.policies}

    def of(self, policy: str) -> Control | None:
        """The control that `policy` proves; None for a built-in policy that no control claims."""
        return self._of_policy.get(policy)

    def control(self, id_: str) -> Control:
        """The control of this id. Raises CatalogueError when there is none."""
        if id_ not in self.controls:
            raise CatalogueError(f"there is no control {id_!r}: `mlgov controls list` shows them all")
        return self.controls[id_]

    @property
    def policies(self) -> frozenset[str]:
        """Every policy id that a control claims."""
        return frozenset(self._of_policy)

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """The catalogue in `folder`. Raises GateError that lists every fault with file and line."""
        problems: list[str] = []
        controls: dict[str, Control] = {}
        claimed: dict[str, str] = {}
        for file in sorted(folder.glob("*.yaml")):
            try:
                found = items(file.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{file.name}: cannot be read: {error}")
                continue
            except YamlError as error:
                problems.append(f"{file.name}:{error.line} {error}")
                continue
            for item in found:
                where = f"{file.name}:{item.line}"
                try:
                    control = Control.model_validate(item.value)
                except ValidationError as error:
                    problems += [f"{where} {reason}" for reason in reasons(error)]
                    continue
                if control.id.partition("-")[0] != file.stem or control.id in controls:
                    problems.append(f"{where} {control.id} stands twice or in the file of another area")
                for policy in (*control.policies, *(rule.name for rule in control.detective)):
                    if policy in claimed:
                        problems.append(f"{where} {policy} is claimed by {claimed[policy]} already")
                    claimed[policy] = control.id
                controls[control.id] = control
        if not controls:
            problems.append(f"{folder.name}/ holds no control")
        if problems:
            raise GateError("control catalogue: " + "; ".join(problems))
        return cls(controls)


@cache
def shipped() -> Catalogue:
    """The catalogue of this package, read once in a process. Raises GateError as `Catalogue.read` does."""
    return Catalogue.read(SHIPPED)
