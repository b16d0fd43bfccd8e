"""Waivers: dated, owned, reasoned exceptions to a policy for named resources.

`waivers.yaml` is a list of `{policy, resource, reason, owner, expires}`. `policy` is an id, or a list of ids
that share one reason. `resource` is a glob over `<stack id>/<address>` and over the construct path (which
starts with the stack id). A waiver turns a failed finding into a waived one; nothing else. It cannot touch a
fault, and a waiver that is malformed, expired or that matches no failed finding, though it is not `optional`, is
itself a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from policies.catalogue import dotted
from policies.record import Frozen, GateFault, Outcome, Record
from policies.strict_yaml import Item, YamlError, items

LONGEST = timedelta(days=365)
BULK = 20

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Waiver(Frozen):
    """One exception. It holds through the day `expires`. `bulk` is needed to match more than 20 findings.

    `optional` is for stacks that not every organisation has: there it may match nothing.
    """

    policy: Annotated[str, Field(pattern=r"^CKV2?_[A-Z]+_\d+$")]
    resource: Annotated[str, Field(pattern=r"^[^\s/]+/\S+$")]
    reason: Text
    owner: Text
    expires: date
    bulk: bool = False
    optional: bool = False

    def matches(self, stack: str, record: Record) -> bool:
        """Whether it excepts this record: the very policy id, and the glob on address or construct path."""
        names = [f"{stack}/{record.address}", *([record.path] if record.path else [])]
        return (
            record.outcome is Outcome.FAILED
            and record.policy == self.policy
            and any(fnmatchcase(name, self.resource) for name in names)
        )


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers in force today, each with where it stands, and the faults of the others."""

    entries: tuple[tuple[str, Waiver], ...]
    faults: tuple[GateFault, ...]

    @classmethod
    def read(cls, path: Path, *, today: date) -> Waivers:
        """The waivers of a file. Every trouble with it is a fault with file and line; a missing file is one."""
        try:
            found = items(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            return cls((), (_fault("waiver-malformed", f"{path.name} cannot be read: {error}"),))
        except YamlError as error:
            return cls((), (_fault("waiver-malformed", f"{path.name}:{error.line} {error}"),))
        entries: list[tuple[str, Waiver]] = []
        faults: list[GateFault] = []
        for where, value in _one_policy_each(path, found):
            try:
                waiver = Waiver.model_validate(value)
            except ValidationError as error:
                problems = "; ".join(f"{dotted(fault['loc'])} {fault['msg']}" for fault in error.errors())
                faults.append(_fault("waiver-malformed", f"{where} {problems}"))
                continue
            if waiver.expires < today:
                message = f"{where} expired on {waiver.expires}; mend the resource or have the waiver renewed"
                faults.append(_fault("waiver-expired", message, waiver))
            elif waiver.expires > today + LONGEST:
                message = f"{where} expires {waiver.expires}, more than {LONGEST.days} days ahead"
                faults.append(_fault("waiver-malformed", message, waiver))
            else:
                entries.append((where, waiver))
        return cls(tuple(entries), tuple(faults))

    def of(self, stack: str, record: Record) -> Waiver | None:
        """The first waiver that excepts the record."""
        return next((waiver for _, waiver in self.entries if waiver.matches(stack, record)), None)

    def unfit(self, records: Iterable[tuple[str, Record]], *, partial: bool = False) -> list[GateFault]:
        """Faults of waivers that match nothing (unless the records are `partial`), or too much, of all records."""
        failed: Sequence[tuple[str, Record]] = [pair for pair in records if pair[1].outcome is Outcome.FAILED]
        faults = []
        for where, waiver in self.entries:
            matched = sum(waiver.matches(stack, record) for stack, record in failed)
            if matched == 0 and not partial and not waiver.optional:
                message = f"{where} matches no failed finding; remove it or mend policy and glob"
                faults.append(_fault("waiver-unmatched", message, waiver))
            elif matched > BULK and not waiver.bulk:
                message = f"{where} matches {matched} findings; narrow it or say `bulk: true`"
                faults.append(_fault("waiver-too-wide", message, waiver))
        return faults


def _one_policy_each(path: Path, found: Iterable[Item]) -> Iterator[tuple[str, object]]:
    """Where each entry stands, and the entry: one for each policy where an entry lists several."""
    for item in found:
        where, value = f"{path.name}:{item.line}", item.value
        policies = value.get("policy") if isinstance(value, dict) else None
        if isinstance(policies, list) and policies:
            yield from ((where, {**value, "policy": policy}) for policy in policies)
        else:
            yield where, value


def _fault(kind: str, message: str, waiver: Waiver | None = None) -> GateFault:
    policy, resource = (waiver.policy, waiver.resource) if waiver else (None, None)
    return GateFault(kind=kind, message=message, policy=policy, resource=resource)
