"""Waivers: dated, owned, approved, reasoned exceptions to a policy for named resources.

`waivers.yaml` is a list of `{policy, resource, reason, ticket, owner, approver, expires}`. `policy` is an id, or a
list of ids that share one reason. `resource` is a glob over `<stack id>/<address>` and over the construct path
(which starts with the stack id). A waiver turns a failed finding into a waived one; nothing else. It cannot touch a
fault, and a waiver that is malformed, expired, of a policy that does not exist, that matches no failed finding though
it is not `optional`, or one that another excepts already, is itself a fault.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from itertools import combinations, groupby
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from policies.errors import reasons
from policies.record import Frozen, GateFault, Outcome, Record
from policies.strict_yaml import Item, YamlError, items
from policies.verdict import DueWaiver, WaiverUse

LONGEST = timedelta(days=365)
DUE = timedelta(days=30)  # how long before its end a waiver is listed
BULK = 20


def _shaped(pattern: str, words: str) -> AfterValidator:
    """The whole text has the form, else the message says in words what is allowed."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise PydanticCustomError("shape", f"must be {words}")
        return text

    return AfterValidator(check)


def _names_something(glob: str) -> str:
    if not re.search(r"[A-Za-z0-9]", re.sub(r"\[[^]]*\]", "", glob)):
        raise PydanticCustomError("shape", "must name a stack, construct or address, not wildcards alone")
    return glob


Text = Annotated[str, _shaped(r"(?s).*\S.*", "a sentence")]
Policy = Annotated[str, _shaped(r"CKV2?_[A-Z]+_\d+", "the id of a policy such as CKV_AWS_18")]
Glob = Annotated[
    str,
    _shaped(r"[^\s/]+/\S+", "<stack id>/<address> or a construct path, such as fraud-dev-network/aws_vpc.*"),
    AfterValidator(_names_something),
]
Ticket = Annotated[
    str,
    _shaped(
        r"[A-Z][A-Z0-9]*-[1-9]\d*|https://[a-z0-9.-]+(:\d+)?/\S+",
        "a key such as SEC-104, or the https:// address of the ticket",
    ),
]
Mailbox = Annotated[
    str, _shaped(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "a mail address such as security@acme.example")
]


class Waiver(Frozen):
    """One exception. It holds through the day `expires`. `bulk` is needed to match more than 20 findings.

    `owner` answers for the exception, `approver` accepted its risk: two people, so two mailboxes (NIST 800-53 AC-5,
    separation of duties). `ticket` is where they agreed.
    `optional` is for stacks that not every organisation has: there it may match nothing.
    """

    policy: Policy
    resource: Glob
    reason: Text
    ticket: Ticket
    owner: Mailbox
    approver: Mailbox
    expires: date
    bulk: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _approved_by_another(self) -> Self:
        if one_person(self.owner, self.approver):
            raise PydanticCustomError("approver", "approver must be somebody else than owner")
        return self

    @property
    def use(self) -> WaiverUse:
        """What a finding tells of the waiver that excepts it."""
        return WaiverUse(
            reason=self.reason, ticket=self.ticket, owner=self.owner, approver=self.approver, expires=self.expires
        )

    def matches(self, stack: str, record: Record) -> bool:
        """Whether it excepts this record: the very policy id, and the glob on address or construct path."""
        return (
            record.outcome is Outcome.FAILED
            and record.policy == self.policy
            and fits(self.resource, stack, record.address, record.path)
        )


def one_person(address: str, other: str) -> bool:
    """Whether mail to both arrives in one inbox."""
    return _inbox(address) == _inbox(other)


def fits(glob: str, stack: str, address: str, path: str | None) -> bool:
    """Whether the glob matches `<stack id>/<address>` or the construct path."""
    names = [f"{stack}/{address}", *([path] if path else [])]
    return any(fnmatchcase(name, glob) for name in names)


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers in force today, each with where it stands, the faults of the others, and the digest of the file."""

    entries: tuple[tuple[str, Waiver], ...]
    faults: tuple[GateFault, ...]
    sha256: str = ""

    @classmethod
    def read(cls, path: Path, *, today: date) -> Self:
        """The waivers of a file. Every trouble with it is a fault with file and line; a missing file is one.

        `sha256` is that of the file's bytes, empty when they cannot be read.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            return cls((), (_fault("waiver-malformed", f"{path.name} cannot be read: {error}"),))
        return cls.parse(content, path.name, today=today)

    @classmethod
    def parse(cls, content: bytes, name: str, *, today: date) -> Self:
        """The waivers in the bytes of a file of this name."""
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            found = items(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            return cls((), (_fault("waiver-malformed", f"{name} cannot be read: {error}"),), sha256)
        except YamlError as error:
            return cls((), (_fault("waiver-malformed", f"{name}:{error.line} {error}"),), sha256)
        entries: list[tuple[str, Waiver]] = []
        faults: list[GateFault] = []
        for where, value in _one_policy_each(name, found):
            try:
                waiver = Waiver.model_validate(value)
            except ValidationError as error:
                faults.append(_fault("waiver-malformed", f"{where} {'; '.join(reasons(error))}"))
                continue
            if waiver.expires < today:
                message = f"{where} expired on {waiver.expires}; mend the resource or have the waiver renewed"
                faults.append(_fault("waiver-expired", message, waiver))
            elif waiver.expires > today + LONGEST:
                message = f"{where} expires {waiver.expires}, more than {LONGEST.days} days ahead"
                faults.append(_fault("waiver-malformed", message, waiver))
            else:
                entries.append((where, waiver))
        return cls(tuple(entries), tuple(faults), sha256)

    def of(self, stack: str, record: Record) -> Waiver | None:
        """The first waiver that excepts the record."""
        return next((waiver for _, waiver in self.entries if waiver.matches(stack, record)), None)

    def due(self, today: date) -> tuple[DueWaiver, ...]:
        """The entries of the file that end within 30 days, the one that ends first in front."""
        ending = [(where, waiver) for where, waiver in self.entries if waiver.expires <= today + DUE]
        found = []
        for where, group in groupby(ending, key=lambda entry: entry[0]):
            shared = [waiver for _, waiver in group]
            waiver, left = shared[0], (shared[0].expires - today).days
            found.append(
                DueWaiver(
                    where=where,
                    policies=tuple(one.policy for one in shared),
                    resource=waiver.resource,
                    days_left=left,
                    **waiver.use.model_dump(),
                )
            )
        return tuple(sorted(found, key=lambda waiver: waiver.expires))

    def unfit(
        self, records: Iterable[tuple[str, Record]], *, known: Collection[str], partial: bool = False
    ) -> list[GateFault]:
        """Faults of waivers that do not fit all records: what they match is nothing, too much, or excepted already.

        `known` are the ids of the policies that exist. `partial` records are not all there are, so that a waiver
        which matches nothing may be for others.
        """
        failed: Sequence[tuple[str, Record]] = [pair for pair in records if pair[1].outcome is Outcome.FAILED]
        faults = []
        for where, waiver in self.entries:
            matched = sum(waiver.matches(stack, record) for stack, record in failed)
            if waiver.policy not in known:
                message = f"{where} neither checkov nor the control catalogue has policy {waiver.policy}; mend the id"
                faults.append(_fault("waiver-unknown-policy", message, waiver))
            elif matched == 0 and not partial and not waiver.optional:
                message = f"{where} matches no failed finding; remove it or mend policy and glob"
                faults.append(_fault("waiver-unmatched", message, waiver))
            elif matched > BULK and not waiver.bulk:
                message = f"{where} matches {matched} findings; narrow it or say `bulk: true`"
                faults.append(_fault("waiver-too-wide", message, waiver))
        return [*faults, *self._overlaps(failed)]

    def _overlaps(self, failed: Iterable[tuple[str, Record]]) -> Iterator[GateFault]:
        """A fault for each two waivers that except one finding: it must be clear who answers for it, and until when."""
        shared: Counter[tuple[int, int]] = Counter()
        for stack, record in failed:
            matching = [index for index, (_, waiver) in enumerate(self.entries) if waiver.matches(stack, record)]
            shared.update(combinations(matching, 2))
        for (one, other), count in sorted(shared.items()):
            (first, _), (where, waiver) = self.entries[one], self.entries[other]
            message = f"{where} matches {count} findings that {first} excepts already; narrow one of them"
            yield _fault("waiver-overlap", message, waiver)


def _one_policy_each(name: str, found: Iterable[Item]) -> Iterator[tuple[str, object]]:
    """Where each entry stands, and the entry: one for each policy where an entry lists several."""
    for item in found:
        where, value = f"{name}:{item.line}", item.value
        policies = value.get("policy") if isinstance(value, dict) else None
        if isinstance(policies, list) and policies:
            yield from ((where, {**value, "policy": policy}) for policy in policies)
        else:
            yield where, value


def _inbox(address: str) -> str:
    """Where mail to the address arrives: case does not count, nor what stands behind a plus."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _fault(kind: str, message: str, waiver: Waiver | None = None) -> GateFault:
    policy, resource = (waiver.policy, waiver.resource) if waiver else (None, None)
    return GateFault(kind=kind, message=message, policy=policy, resource=resource)
