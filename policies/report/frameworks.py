"""The controls from the other side: by the clauses of the frameworks that they serve."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from policies.catalogue import FRAMEWORKS, PROPOSED
from policies.report.model import ControlView, Framework, Requirement


def build(controls: Sequence[ControlView]) -> tuple[Framework, ...]:
    """Every framework that the catalogue knows, those with published mappings first; one without a clause is empty."""
    return (
        *(
            Framework(key, title, False, _requirements((getattr(view.control.references, key), view) for view in controls))
            for key, title in FRAMEWORKS.items()
        ),
        *(
            Framework(
                key,
                title,
                True,
                _requirements((getattr(view.control.references.proposed, key), view) for view in controls),
            )
            for key, title in PROPOSED.items()
        ),
    )


def _requirements(served: Iterable[tuple[Sequence[str], ControlView]]) -> tuple[Requirement, ...]:
    by_clause: dict[str, list[ControlView]] = defaultdict(list)
    for clauses, view in served:
        for clause in dict.fromkeys(clauses):
            by_clause[clause].append(view)
    return tuple(Requirement(clause, tuple(by_clause[clause])) for clause in sorted(by_clause, key=natural))


def natural(clause: str) -> tuple[tuple[int, str], ...]:
    """A sort key by which AC-2 stands before AC-2(1), and that before AC-10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|[^\d]+", clause))
