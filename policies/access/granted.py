"""What grants of Lake Formation open from one synthesis to another: tables, columns and rows that were not open."""

from __future__ import annotations

from collections.abc import Iterator

from policies.access.glob import meet
from policies.access.lake import is_for, may_ask, portions
from policies.access.model import Access, Grant, Portion

Opened = tuple[str, Grant, Portion]  # whom, by which grant, what


def granted(before: Access, after: Access) -> Iterator[Opened]:
    """Each portion that is open after to somebody for whom it was not as wide before, its `columns` the new ones."""
    earlier: dict[tuple[str, str, str], list[Portion]] = {}
    for who, grant, portion in _open(before):
        earlier.setdefault((who, grant.permission, portion.arn), []).append(portion)
    for who, grant, portion in _open(after):
        were = [one for one in earlier.get((who, grant.permission, portion.arn), ()) if _as_wide(one, portion)]
        known = {column for one in were for column in one.columns}
        more = tuple(column for column in portion.columns if column not in known)
        if not were or (more and all(one.columns for one in were)):
            yield who, grant, Portion(portion.arn, more, (), portion.rows, portion.conditions)


def _as_wide(one: Portion, other: Portion) -> bool:
    return set(one.conditions) <= set(other.conditions) and one.rows in ("", other.rows)


def _open(access: Access) -> Iterator[Opened]:
    """By whom IAM lets ask; a principal that no stack holds, by its ARN, and an account by its name."""
    for grant in access.grants:
        held = [one for one in access.principals if is_for(grant, one)]
        named = grant.principal.startswith("arn:") and any(meet(grant.principal, one.arn) for one in held)
        for portion in portions(access, grant, "*"):
            asking = (one.name for one in held if may_ask(one, grant, portion.arn))
            yield from ((who, grant, portion) for who in (asking if named else [grant.principal]))
