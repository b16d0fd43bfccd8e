"""Coverage: which points of each control a synthesis really carries, by its Terraform JSON and the gate's verdict.

Nothing is taken from the catalogue but what to look for. A denial is carried by the accounts under a document that
holds it and is attached above them; a rule of AWS Config by the resource that deploys it; a policy by the resources
that the gate judged with it, in stacks that are still the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from policies.attached import Carried, Json, bound, denials, holds, inputs, many
from policies.catalogue import Catalogue, Control
from policies.preventive import Level
from policies.record import Frozen
from policies.verdict import Verdict

# unused: nothing here asks for it (no unit of the level, no resource of the kind). missing: asked for, and not there.
State = Literal["carried", "unused", "missing"]


class Point(Frozen):
    """One way in which a control is enforced. `carriers` are `<stack id>/<address>`; `accounts` for a denial alone."""

    kind: Literal["preventive", "detective", "proactive"]
    name: str
    state: State
    carriers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    reason: str = ""


class ControlCoverage(Frozen):
    """A control with its points. Without points, `reason` is what the catalogue says of that."""

    id: str
    objective: str
    severity: str
    points: tuple[Point, ...]
    reason: str

    @property
    def state(self) -> State:
        """Carried by at least one point, else missing if one is missing, else unused."""
        states = {point.state for point in self.points}
        return "carried" if "carried" in states else "missing" if "missing" in states else "unused"


class Coverage(Frozen):
    """The coverage of all controls, by id. `accounts` are those that guardrails bind: all but the management one."""

    organization: str
    accounts: tuple[str, ...]
    controls: tuple[ControlCoverage, ...]

    @property
    def gaps(self) -> tuple[ControlCoverage, ...]:
        """The controls that ask for something here and that no point carries."""
        return tuple(control for control in self.controls if control.state == "missing")


def measure(catalogue: Catalogue, manifest: Json, documents: Mapping[str, Json], verdict: Verdict | None) -> Coverage:
    """The coverage of a synthesis: its manifest as JSON, the Terraform JSON of its stacks by id, the gate's verdict."""
    carried = list(denials(manifest["organization"], documents))
    rules = _rules(documents)
    judged = _judged(manifest, verdict)
    controls = sorted(catalogue.controls.values(), key=lambda control: control.id)
    used = {level for control in controls for level in _levels_in_use(control, carried)}
    return Coverage(
        organization=manifest["organization"]["name"],
        accounts=tuple(sorted(bound(manifest["organization"]))),
        controls=tuple(
            ControlCoverage(
                id=control.id,
                objective=control.objective,
                severity=control.severity,
                points=(
                    *_preventive(control, carried, used),
                    *(_detective(names, rules) for names in rule_names(control)),
                    *(_proactive(policy, judged) for policy in control.policies),
                ),
                reason="; ".join(f"no {kind} point: {reason}" for kind, reason in sorted(control.missing.items())),
            )
            for control in controls
        ),
    )


def rule_names(control: Control) -> Iterator[tuple[str, ...]]:
    """The names by which each detective rule of the control may be deployed: as written, and as a rule's name."""
    for rule in control.model_dump().get("detective", ()):
        written = rule["managed"] or rule["guard"]
        yield tuple(dict.fromkeys((written, written.lower().replace("_", "-"))))


def _preventive(control: Control, carried: Iterable[Carried], used: set[Level]) -> Iterator[Point]:
    if control.preventive is None:
        return
    level = control.preventive.level
    for number, denial in enumerate(control.preventive.statements, start=1):
        name = f"{denial.kind} of level {level}, statement {number}"
        found = [one for one in carried if one.kind == denial.kind and holds(one.statement, denial)]
        if found:
            accounts = sorted(set().union(*(one.accounts for one in found)))
            carriers = tuple(sorted({one.carrier for one in found}))
            yield Point(kind="preventive", name=name, state="carried", carriers=carriers, accounts=tuple(accounts))
        elif level not in used:
            yield Point(kind="preventive", name=name, state="unused", reason=f"no unit has the level {level}")
        else:
            names = ", ".join(inputs(denial))
            filled = f": is {names} empty in foundations.guardrails?" if names else ""
            reason = f"no attached document holds it{filled}"
            yield Point(kind="preventive", name=name, state="missing", reason=reason)


def _detective(names: tuple[str, ...], rules: Mapping[str, set[str]]) -> Point:
    carriers = sorted(set().union(*(rules.get(name, set()) for name in names)))
    if carriers:
        return Point(kind="detective", name=names[0], state="carried", carriers=tuple(carriers))
    return Point(kind="detective", name=names[0], state="missing", reason="no resource deploys this rule")


def _proactive(policy: str, judged: Mapping[str, tuple[str, ...]] | None) -> Point:
    if judged is None:
        reason = "there is no verdict over exactly these stacks: run `mlgov gate`"
        return Point(kind="proactive", name=policy, state="missing", reason=reason)
    if policy in judged:
        return Point(kind="proactive", name=policy, state="carried", carriers=judged[policy])
    return Point(kind="proactive", name=policy, state="unused", reason="nothing in these stacks is of its kind")


def _levels_in_use(control: Control, carried: Iterable[Carried]) -> Iterator[Level]:
    """The control's level, if an attached document holds one of its statements."""
    for denial in control.preventive.statements if control.preventive else ():
        if any(one.kind == denial.kind and holds(one.statement, denial) for one in carried):
            assert control.preventive is not None
            yield control.preventive.level


def _rules(documents: Mapping[str, Json]) -> dict[str, set[str]]:
    """Carriers by every name and identifier that a resource of AWS Config, or a pack's template, mentions."""
    found: dict[str, set[str]] = {}
    for stack, document in documents.items():
        for type_, named in document.get("resource", {}).items():
            if type_.startswith("aws_config_"):
                for logical, body in named.items():
                    words = {str(body.get(key, "")) for key in ("name", "rule_identifier")}
                    words |= {str(source.get("source_identifier", "")) for source in many(body.get("source"))}
                    words |= set(re.findall(r"[\w-]+", body.get("template_body", "")))
                    for word in words - {""}:
                        found.setdefault(word, set()).add(f"{stack}/{type_}.{logical}")
    return found


def _judged(manifest: Json, verdict: Verdict | None) -> dict[str, tuple[str, ...]] | None:
    """What each policy judged; None unless the verdict is over exactly these bytes of every stack."""
    bytes_ = {stack["id"]: stack["sha256"] for stack in manifest["stacks"]}
    if verdict is None or {name: stack.sha256 for name, stack in verdict.stacks.items()} != bytes_:
        return None
    found: dict[str, list[str]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.policy, []).append(f"{finding.stack}/{finding.address}")
    return {policy: tuple(sorted(carriers)) for policy, carriers in found.items()}
