"""The controls from the other side: by the clauses of the frameworks that they serve."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from policies.catalog_page import natural
from policies.catalogue import FRAMEWORKS, PROPOSED
from policies.report.model import ControlView, Framework, Mark, Requirement


def build(controls: Sequence[ControlView]) -> tuple[Framework, ...]:
    """Every framework that the catalogue knows, those with published mappings first; one without a clause is empty."""
    published = (
        Framework(key, title, False, _requirements((getattr(view.control.references, key), view) for view in controls))
        for key, title in FRAMEWORKS.items()
    )
    proposed = (
        Framework(
            key, title, True, _requirements((getattr(view.control.references.proposed, key), view) for view in controls)
        )
        for key, title in PROPOSED.items()
    )
    return (*published, *proposed)


def _requirements(served: Iterable[tuple[Sequence[str], ControlView]]) -> tuple[Requirement, ...]:
    by_clause: dict[str, list[ControlView]] = defaultdict(list)
    for clauses, view in served:
        for clause in dict.fromkeys(clauses):
            by_clause[clause].append(view)
    return tuple(Requirement(clause, tuple(by_clause[clause])) for clause in sorted(by_clause, key=natural))


def controls_of(framework: Framework) -> tuple[ControlView, ...]:
    """The controls that serve any clause of the framework, each once."""
    found = {view.control.id: view for requirement in framework.requirements for view in requirement.controls}
    return tuple(found[id_] for id_ in sorted(found))


def served(frameworks: Iterable[Framework]) -> dict[str, list[str]]:
    """The keys of the frameworks that each control serves, by the control's id; none where it serves none."""
    found: dict[str, list[str]] = defaultdict(list)
    for framework in frameworks:
        for view in controls_of(framework):
            found[view.control.id].append(framework.key)
    return found


def tallied(views: Iterable[ControlView]) -> tuple[tuple[Mark, int], ...]:
    """How many controls have which mark, worst first."""
    counts = Counter(view.mark for view in views)
    return tuple((mark, counts[mark]) for mark in Mark if counts[mark])
