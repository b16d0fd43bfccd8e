"""Coverage: which points of each control a synthesis really carries, by its Terraform JSON and the gate's verdict.

Nothing is taken from the catalogue but what to look for. A denial is carried by a document that holds it and is
attached above accounts; a setting of a declarative policy likewise; a rule of AWS Config by the resource that deploys
it; a control of Security Hub by the policy that enables a standard with it; a control of Control Tower by its resource;
a hook by the object with its rules; a policy by the resources that the gate judged with it, in stacks that are still
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from policies.attached import Carried, denials, holds
from policies.carriers import Carriers, Carrying
from policies.catalogue import Catalogue, Control, Kind
from policies.declarative import Declarative
from policies.hook import rule_names as hook_rule_names
from policies.preventive import Level
from policies.reach import Json, Reach
from policies.record import Frozen
from policies.verdict import Verdict

SECURITY_HUB = Path(__file__).with_name("security_hub.yaml")

# unused: nothing here asks for it (no unit of the level, no resource of the kind). missing: asked for, and not there.
State = Literal["carried", "unused", "missing"]


class Point(Frozen):
    """One way in which a control is enforced. `carriers` are `<stack id>/<address>`, `accounts` those that it reaches.

    What a policy failed, or failed and a waiver excepts, is carried all the same: it is judged there.
    """

    kind: Kind
    name: str
    state: State
    carriers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def policy(self) -> bool:
        """Whether it is a policy of the gate; else a rule, a hook, a denial or a setting."""
        return self.kind == "proactive" and self.name.startswith("CKV")


class ControlCoverage(Frozen):
    """A control with its points; `missing` is what the catalogue says of each kind of point that it does not have."""

    id: str
    objective: str
    severity: str
    points: tuple[Point, ...]
    missing: dict[Kind, str]

    @property
    def state(self) -> State:
        """Carried by at least one point, else missing if one is missing, else unused."""
        return _state(self.points)

    def of_kind(self, kind: Kind) -> State | None:
        """The state of its points of one kind; None where it has none."""
        points = tuple(point for point in self.points if point.kind == kind)
        return _state(points) if points else None


class Coverage(Frozen):
    """The coverage of all controls, by id; `bound` are accounts that guardrails bind: all but the management one."""

    organization: str
    accounts: tuple[str, ...]
    bound: tuple[str, ...]
    controls: tuple[ControlCoverage, ...]

    @property
    def gaps(self) -> tuple[ControlCoverage, ...]:
        """The controls that ask for something here and that no point carries."""
        return tuple(control for control in self.controls if control.state == "missing")


def measure(
    catalogue: Catalogue,
    manifest: Json,
    documents: Mapping[str, Json],
    verdict: Verdict | None,
    control_tower: Mapping[str, str] | None = None,
) -> Coverage:
    """The coverage of a synthesis: its manifest as JSON, the Terraform JSON of its stacks by id, the gate's verdict.

    `control_tower` has AWS's name of each control of Control Tower that the stacks can enable, by its identifier.
    """
    reach = Reach(manifest)
    carried = list(denials(manifest["organization"], documents))
    carriers = Carriers.of(documents, reach)
    judged = _judged(manifest, verdict)
    controls = sorted(catalogue.controls.values(), key=lambda control: control.id)
    used = {level for control in controls for level in _levels_in_use(control, carried)}
    known = {code: identifier for identifier, code in (control_tower or {}).items()}
    return Coverage(
        organization=manifest["organization"]["name"],
        accounts=reach.accounts,
        bound=tuple(sorted(reach.bound)),
        controls=tuple(
            ControlCoverage(
                id=control.id,
                objective=control.objective,
                severity=control.severity,
                points=(
                    *_preventive(control, carried, used),
                    *(_declared(setting, carriers) for setting in control.declarative),
                    *(_detective(names, carriers) for names in rule_names(control)),
                    *_security_hub(control, carriers),
                    *_control_tower(control, carriers, known),
                    *_hooks(control, carriers),
                    *(_proactive(policy, judged, reach) for policy in control.policies),
                ),
                missing=control.missing,
            )
            for control in controls
        ),
    )


def rule_names(control: Control) -> Iterator[tuple[str, ...]]:
    """The names by which each detective rule of the control may be deployed: as written, and as a rule's name."""
    for rule in control.model_dump().get("detective", ()):
        written = rule["managed"] or rule["guard"]
        yield tuple(dict.fromkeys((written, written.lower().replace("_", "-"))))


def _state(points: Iterable[Point]) -> State:
    states = {point.state for point in points}
    return "carried" if "carried" in states else "missing" if "missing" in states else "unused"


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
            names = ", ".join(denial.inputs)
            filled = f": is {names} empty in foundations.guardrails?" if names else ""
            reason = f"no attached document holds it{filled}"
            yield Point(kind="preventive", name=name, state="missing", reason=reason)


def _carried(kind: Kind, name: str, found: Carrying | None, reason: str, otherwise: State = "missing") -> Point:
    """The point as what was found carries it, else in the state `otherwise` for this reason."""
    if found is None or not found.accounts:
        return Point(kind=kind, name=name, state=otherwise, reason=reason)
    carriers, accounts = tuple(sorted(found.carriers)), tuple(sorted(found.accounts))
    return Point(kind=kind, name=name, state="carried", carriers=carriers, accounts=accounts)


def _declared(setting: Declarative, carriers: Carriers) -> Point:
    found = carriers.declared.get(f"{setting.type} {setting.setting}")
    return _carried("preventive", setting.name, found, "no attached policy of AWS Organizations sets it")


def _detective(names: tuple[str, ...], carriers: Carriers) -> Point:
    found = Carrying()
    for name in names:
        if name in carriers.rules:
            found.carriers |= carriers.rules[name].carriers
            found.accounts |= carriers.rules[name].accounts
    return _carried("detective", names[0], found, "no resource deploys this rule")


def _security_hub(control: Control, carriers: Carriers) -> Iterator[Point]:
    for id_ in control.references.security_hub:
        standards = [standard for standard, ids in standards_of_security_hub().items() if id_ in ids]
        if not standards:
            continue  # it is in a standard that the platform does not offer: a reference, and no point
        found = Carrying()
        for enabled in (carriers.hub[standard] for standard in standards if standard in carriers.hub):
            found.carriers |= enabled.carriers
            found.accounts |= enabled.accounts
        if id_ in carriers.hub_disabled:
            found.accounts -= carriers.hub_disabled[id_].accounts
        reason = "no account has a standard that holds it" if carriers.hub else "Security Hub has no standard here"
        yield _carried("detective", f"Security Hub {id_}", found, reason, "missing" if carriers.hub else "unused")


def _control_tower(control: Control, carriers: Carriers, known: Mapping[str, str]) -> Iterator[Point]:
    for code in control.references.control_tower:
        if code in known:
            kind: Kind = "proactive" if ".PR." in code else "preventive" if ".PV." in code else "detective"
            found = carriers.control_tower.get(known[code])
            yield _carried(kind, f"Control Tower {code}", found, "the landing zone does not enable it", "unused")


def _hooks(control: Control, carriers: Carriers) -> Iterator[Point]:
    for hook, rule in zip(control.hook, hook_rule_names(control), strict=True):
        found = Carrying()
        for text, carrying in carriers.hooks.items():
            if rule in text:
                found.carriers |= carrying.carriers
                found.accounts |= carrying.accounts
        name = f"hook {hook.type} {hook.property}"
        yield _carried("proactive", name, found, "no account has a hook with this rule", "unused")


def _proactive(policy: str, judged: Mapping[str, tuple[tuple[str, str], ...]] | None, reach: Reach) -> Point:
    if judged is None:
        reason = "there is no verdict over exactly these stacks: run `mlgov gate`"
        return Point(kind="proactive", name=policy, state="missing", reason=reason)
    if policy not in judged:
        return Point(kind="proactive", name=policy, state="unused", reason="nothing in these stacks is of its kind")
    return Point(
        kind="proactive",
        name=policy,
        state="carried",
        carriers=tuple(f"{stack}/{address}" for stack, address in judged[policy]),
        accounts=reach.of_stacks(stack for stack, _ in judged[policy]),
    )


def _levels_in_use(control: Control, carried: Iterable[Carried]) -> Iterator[Level]:
    """The control's level, if an attached document holds one of its statements."""
    for denial in control.preventive.statements if control.preventive else ():
        if any(one.kind == denial.kind and holds(one.statement, denial) for one in carried):
            assert control.preventive is not None
            yield control.preventive.level


def _judged(manifest: Json, verdict: Verdict | None) -> dict[str, tuple[tuple[str, str], ...]] | None:
    """Stacks and addresses that each policy judged; None unless the verdict is over exactly these stacks' bytes."""
    bytes_ = {stack["id"]: stack["sha256"] for stack in manifest["stacks"]}
    if verdict is None or {name: stack.sha256 for name, stack in verdict.stacks.items()} != bytes_:
        return None
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.policy, []).append((finding.stack, finding.address))
    return {policy: tuple(sorted(judged)) for policy, judged in found.items()}


@cache
def standards_of_security_hub() -> Mapping[str, frozenset[str]]:
    """The controls of each standard of Security Hub, as far as the catalogue's services go."""
    found = yaml.safe_load(SECURITY_HUB.read_text(encoding="utf-8"))
    return {standard: frozenset(ids) for standard, ids in found.items()}
