"""Two manifests held against each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from delivery.affected.model import Affected, AffectedStack, Kind
from environments.manifest import Manifest, StackEntry
from environments.waves import waves

NAMED = 3  # causes that are named for a stack downstream; of the others there is the number


def compare(base: Manifest, head: Manifest, commit: str) -> Affected:
    """What differs in `head`. A stack is changed when its JSON or an asset is another; comments and order are not seen.

    Downstream are all that depend on such a stack, directly or through others, at the base or now.
    """
    before, after = _by_id(base), _by_id(head)
    accounts = {account.name for account in head.organization.accounts}
    kinds = {
        stack_id: kind
        for stack_id in before | after
        if (kind := _kind(before.get(stack_id), after.get(stack_id), accounts))
    }
    causes = _causes(kinds, [*before.values(), *after.values()])
    now, last = _waves(head), _waves(base)
    found = [
        AffectedStack.of(entry, kind, kind, now.get(stack_id, last.get(stack_id, 0)))
        for stack_id, kind in kinds.items()
        for entry in (after.get(stack_id) or before[stack_id],)
    ]
    found += [
        AffectedStack.of(after[stack_id], "downstream", f"downstream of {_named(origins)}", now[stack_id])
        for stack_id, origins in causes.items()
        if stack_id in after and stack_id not in kinds
    ]
    return Affected(base=commit, stacks=tuple(sorted(found, key=lambda each: (each.wave, each.stack))))


def _kind(before: StackEntry | None, after: StackEntry | None, accounts: Collection[str]) -> Kind | None:
    """What happened to the stack. An account that is closed takes its stacks along: it is not among `accounts`."""
    if before is None:
        return "added"
    if after is None:
        return "removed" if before.retired or before.account not in accounts else "orphaned"
    if (before.sha256, before.assets) == (after.sha256, after.assets):
        return None
    return "retired" if after.retired and not before.retired else "changed"


def _causes(kinds: Iterable[str], entries: Iterable[StackEntry]) -> dict[str, set[str]]:
    """For each stack downstream, which of the stacks in `kinds` it goes back to."""
    readers: dict[str, set[str]] = {}
    for entry in entries:
        for producer in entry.depends_on:
            readers.setdefault(producer, set()).add(entry.id)
    found: dict[str, set[str]] = {}
    for origin in kinds:
        for stack_id in _reached(origin, readers):
            found.setdefault(stack_id, set()).add(origin)
    return found


def _reached(origin: str, readers: Mapping[str, set[str]]) -> Iterator[str]:
    waiting, seen = [origin], {origin}
    while waiting:
        for reader in readers.get(waiting.pop(), set()) - seen:
            seen.add(reader)
            waiting.append(reader)
            yield reader


def _waves(manifest: Manifest) -> dict[str, int]:
    return waves({entry.id: entry.depends_on for entry in manifest.stacks})


def _by_id(manifest: Manifest) -> dict[str, StackEntry]:
    return {entry.id: entry for entry in manifest.stacks}


def _named(origins: set[str]) -> str:
    more = f" and {len(origins) - NAMED} more" if len(origins) > NAMED else ""
    return ", ".join(sorted(origins)[:NAMED]) + more
