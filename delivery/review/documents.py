"""Policy documents before and after a change, compared by what they say, with the reader of `mlgov access`.

A document is found by its shape, so that no list of attributes can miss one. What cannot be compared, as its text is
known only after the apply, counts as opened: a review must not pass what nobody could read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policies.access.atoms import Atom, atoms, uncovered
from policies.access.rules import Source, document

_TOLD = 3  # statements that a sentence names
_NOWHERE = Source("", "")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of one document opens and closes, in words: new grants and lifted denials, and the reverse."""

    grants: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()

    @property
    def opened(self) -> tuple[str, ...]:
        """All that lets somebody do more."""
        return (*self.grants, *self.lifted)

    @property
    def closed(self) -> tuple[str, ...]:
        """All that lets somebody do less."""
        return (*self.withdrawn, *self.denials)


def is_policy(value: Any) -> bool:
    """Whether an attribute's value is a policy document."""
    if not isinstance(value, str) or '"Statement"' not in value:
        return False
    try:
        body = json.loads(value)
    except ValueError:
        return True  # it says Statement and is not JSON: no document that can be compared, so one that opens
    return isinstance(body, dict) and "Statement" in body


def compare(before: str | None, after: str | None) -> Difference:
    """What the second document lets happen that the first does not, and the other way round. None says nothing."""
    old, new = _atoms(before), _atoms(after)
    return Difference(
        grants=_told(uncovered(_of(new, allows=True), _of(old, allows=True))),
        lifted=_told(uncovered(_of(old, allows=False), _of(new, allows=False))),
        withdrawn=_told(uncovered(_of(old, allows=True), _of(new, allows=True))),
        denials=_told(uncovered(_of(new, allows=False), _of(old, allows=False))),
    )


def words(told: Iterable[str]) -> str:
    """The first of them, and how many there are beside."""
    listed = list(told)
    more = f" and {len(listed) - _TOLD} more" if len(listed) > _TOLD else ""
    return "; ".join(listed[:_TOLD]) + more


def _atoms(text: str | None) -> list[Atom]:
    return [] if text is None else list(atoms([document("", text, _NOWHERE, lambda value: value)]))


def _of(found: Iterable[Atom], *, allows: bool) -> list[Atom]:
    return [atom for atom in found if atom.allows is allows]


def _told(found: Iterable[Atom]) -> tuple[str, ...]:
    return tuple(sorted(_sentence(atom) for atom in found))


def _sentence(atom: Atom) -> str:
    action = f"all but {', '.join(atom.actions)}" if atom.but_actions else atom.actions[0]
    resource = f"all but {', '.join(atom.resources)}" if atom.but_resources else atom.resources[0]
    who = ", ".join(f"{name}" for _, name in atom.principals)
    to = f" {'to all but' if atom.but_principals else 'to'} {who}" if who else ""
    when = "".join(f" if {test}" for test in sorted(atom.tests))
    return f"{action} on {resource}{to}{when}"
