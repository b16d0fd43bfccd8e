"""Builds the coverage matrix: what each kind of point does for each control in each account.

The coverage says which points are carried and whom they reach; the findings say where a policy is broken or waived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from policies.catalogue import KINDS, Catalogue, Kind
from policies.coverage import ControlCoverage, Coverage, Point
from policies.report.findings import Finding
from policies.report.model import (
    Account,
    Carriers,
    ControlView,
    Mark,
    Matrix,
    PointView,
    Unit,
    environment_rank,
)


def build(
    coverage: Coverage,
    catalogue: Catalogue,
    root: Unit,
    findings: Iterable[Finding],
    account_of: Mapping[str, str],
) -> Matrix:
    """The matrix of the accounts below `root`; `account_of` is the account of each stack of the synthesis.

    Raises CatalogueError when the coverage was measured with another catalogue.
    """
    accounts = sorted(_accounts(root), key=lambda account: (environment_rank(account.environment), account.name))
    by_control: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_control[finding.control].append(finding)
    bound = frozenset(coverage.bound)
    controls = []
    for covered in sorted(coverage.controls, key=lambda covered: covered.id):
        found = by_control[covered.id]
        places: dict[str, list[Finding]] = defaultdict(list)
        for finding in found:
            places[account_of.get(finding.stack, "")].append(finding)
        cells = tuple(_cell(covered.points, account.name, places[account.name], bound) for account in accounts)
        points = tuple(_point(point) for point in covered.points)
        controls.append(
            ControlView(catalogue.control(covered.id), _overall(covered, found), cells, points, tuple(found))
        )
    return Matrix(tuple(accounts), tuple(controls))


def _accounts(unit: Unit) -> list[Account]:
    return [*unit.accounts, *(account for child in unit.units for account in _accounts(child))]


def _overall(covered: ControlCoverage, findings: Sequence[Finding]) -> Mark:
    """A control's one mark: as the coverage has it, which counts one carried point as enough; but a breach shows."""
    if not covered.points:
        return Mark.NONE
    broken = _breach(findings)
    if broken is Mark.FAILED or (broken and covered.state == "carried"):
        return broken
    return Mark(covered.state)


def _breach(findings: Sequence[Finding]) -> Mark | None:
    if any(finding.waiver is None for finding in findings):
        return Mark.FAILED
    return Mark.WAIVED if findings else None


def _cell(
    points: Sequence[Point], account: str, findings: Sequence[Finding], bound: frozenset[str]
) -> tuple[Mark, ...]:
    return tuple(
        _mark(kind, [point for point in points if point.kind == kind], account, findings, bound) for kind in KINDS
    )


def _mark(
    kind: Kind, points: Sequence[Point], account: str, findings: Sequence[Finding], bound: frozenset[str]
) -> Mark:
    """The worst that is true of the points of one kind in an account.

    No guardrail binds the management account (AWS Organizations), so there none can be missing.
    """
    if not points:
        return Mark.NONE
    marks = {Mark.CARRIED if account in point.accounts else Mark.UNUSED for point in points}
    if any(point.state == "missing" for point in points) and (kind != "preventive" or account in bound):
        marks.add(Mark.MISSING)
    if kind == "proactive" and (broken := _breach(findings)):
        marks.add(broken)
    return min(marks, key=list(Mark).index)


def _point(point: Point) -> PointView:
    addresses: dict[str, list[str]] = defaultdict(list)
    for carrier in point.carriers:
        stack, _, address = carrier.partition("/")
        addresses[stack].append(address)
    carriers = tuple(Carriers(stack, tuple(found)) for stack, found in sorted(addresses.items()))
    return PointView(point.kind, point.name, Mark(point.state), point.reason, point.accounts, carriers)
