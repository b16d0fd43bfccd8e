"""The control catalogue and its coverage as text, for `mlgov controls`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from policies.catalog_page import natural
from policies.catalogue import FRAMEWORKS, PROPOSED, Control, References
from policies.coverage import ControlCoverage, Coverage, Point, rule_names
from policies.preventive import Denial

SHOWN = 3  # carriers that are named; of the others there is the number


def listed(controls: Iterable[Control]) -> str:
    """One line a control: id, severity, its points, objective."""
    lines = [f"{'control':<9} {'severity':<9} {'points':<34} objective"]
    for control in sorted(controls, key=lambda control: control.id):
        lines.append(f"{control.id:<9} {control.severity:<9} {_points(control):<34} {control.objective}")
    return "\n".join(lines) + "\n"


def as_json(controls: Iterable[Control]) -> str:
    """The controls as the catalogue holds them, by id."""
    found = {control.id: control.model_dump(mode="json") for control in controls}
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False)


def shown(control: Control) -> str:
    """All that the catalogue says of one control."""
    lines = [
        f"{control.id} {control.severity}: {control.objective}",
        f"why: {control.rationale}",
        f"to do: {control.remediation}",
        f"owner: {control.owner}",
        *_references(control.references),
    ]
    if control.preventive:
        lines += [_denial(control.preventive.level, denial) for denial in control.preventive.statements]
    lines += [f"preventive: {setting.name}" for setting in control.declarative]
    lines += [f"detective: {names[0]}" for names in rule_names(control)]
    lines += [f"proactive: {policy}" for policy in control.policies]
    lines += [f"no {kind} point: {reason}" for kind, reason in sorted(control.missing.items())]
    return "\n".join(lines) + "\n"


def covered(coverage: Coverage) -> str:
    """Every control with its points and what carries them; at the end the sums, idle policies, and the gaps."""
    lines = [line for control in coverage.controls for line in _control(control, coverage)]
    states = Counter(control.state for control in coverage.controls)
    sums = ", ".join(f"{states[state]} {state}" for state in ("carried", "unused", "missing"))
    lines.append(f"{coverage.organization}: {len(coverage.controls)} controls, {sums}")
    if idle := idle_policies(coverage):
        lines.append(f"{len(idle)} policies judge nothing here: {', '.join(idle)}")
    lines += [f"gap: {control.id} {control.severity} {control.objective}" for control in coverage.gaps]
    return "\n".join(lines) + "\n"


def idle_policies(coverage: Coverage) -> list[str]:
    """The policies that judged no resource of any stack, in their order."""
    points = (point for control in coverage.controls for point in control.points)
    return sorted((point.name for point in points if point.policy and point.state == "unused"), key=natural)


def _references(references: References) -> Iterator[str]:
    for framework, title in FRAMEWORKS.items():
        if clauses := getattr(references, framework):
            yield f"{title}: {', '.join(clauses)}"
    for framework, title in PROPOSED.items():
        if clauses := getattr(references.proposed, framework):
            yield f"{title} (proposed): {', '.join(clauses)}"


def _points(control: Control) -> str:
    found = []
    if control.preventive:
        kinds = "+".join(sorted({denial.kind for denial in control.preventive.statements}))
        found.append(f"{kinds} {control.preventive.level}")
    for count, word in ((len(list(rule_names(control))), "rule"), (len(control.policies), "policy")):
        if count:
            found.append(f"{count} {word if count == 1 else {'rule': 'rules', 'policy': 'policies'}[word]}")
    return ", ".join(found) or "none"


def _denial(level: str, denial: Denial) -> str:
    actions = ", ".join(denial.actions) or f"all but {', '.join(denial.not_actions)}"
    tests = [f"{operator} {key} {value}" for operator, keys in denial.conditions.items() for key, value in keys.items()]
    when = f" when {'; '.join(tests)}" if tests else ""
    spared = f", sparing {denial.exempt}" if denial.exempt else ""
    return f"preventive: {denial.kind} from {level}{spared}: {actions}{when}"


def _control(control: ControlCoverage, coverage: Coverage) -> Iterator[str]:
    yield f"{control.id} {control.state}: {control.objective}"
    for point in control.points:
        yield f"  {point.kind} {point.name}: {_carried(point, coverage)}"
    for kind, reason in sorted(control.missing.items()):
        yield f"  no {kind} point: {reason}"


def _carried(point: Point, coverage: Coverage) -> str:
    if point.state != "carried":
        return f"{point.state}, {point.reason}"
    names = ", ".join(point.carriers[:SHOWN])
    more = f" and {len(point.carriers) - SHOWN} more" if len(point.carriers) > SHOWN else ""
    of = len(coverage.bound if point.kind == "preventive" else coverage.accounts)
    return f"{len(point.accounts)} of {of} accounts by {names}{more}"
