"""Writes a waiver into `waivers.yaml`, judged before by what the gate would say of the file.

The entry is appended as text, so that comments, order and every byte before it stay; the result is read again with
the gate's own reader, and nothing is written that reads otherwise than was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from policies.errors import WaiverError, reasons
from policies.record import GateFault, Outcome, Record
from policies.report.results import write as write_whole
from policies.verdict import Finding, Verdict
from policies.waiver import Waiver, Waivers, fits

WIDTH = 116  # of a line in the file; YAML folds longer text


@dataclass(frozen=True, slots=True)
class Proposal:
    """A waiver that the gate would accept: its text, the failed findings that it excepts, and the file around it."""

    entry: str
    findings: tuple[Finding, ...]
    path: Path
    before: bytes
    after: bytes

    def write(self) -> None:
        """Put the entry into the file. Raises WaiverError when the file has changed since it was read."""
        if _content(self.path) != self.before:
            raise WaiverError(f"{self.path} was changed in the meantime: nothing was written; run `mlgov waive` again")
        write_whole(self.path.resolve(), self.after.decode())


def propose(path: Path, body: Mapping[str, Any], verdict: Verdict, *, known: Collection[str], today: date) -> Proposal:
    """The waiver of this body as the next entry of the file, tried on the findings of the verdict.

    `known` are the ids of the policies that exist. Raises WaiverError, in the gate's words, for all that the gate
    would say of the new file and does not say of the present one; also when the waiver excepts no failed finding.
    """
    before = _content(path)
    now = Waivers.parse(before, path.name, today=today)
    if malformed := [fault.message for fault in now.faults if fault.kind == "waiver-malformed"]:
        raise WaiverError("\n".join((f"{path} must be mended first:", *malformed)))
    waiver = _waiver(body)
    entry = yaml.safe_dump([dict(body)], sort_keys=False, allow_unicode=True, width=WIDTH)
    after = _appended(before.decode(), entry).encode()
    then = Waivers.parse(after, path.name, today=today)
    broken = [*_new(then.faults, now.faults)]
    if not broken and [*_waivers(then)] != [*_waivers(now), waiver]:
        raise WaiverError(f"{path} is not a list with one `- policy:` entry below the other, so none can be appended")
    records = list(_records(verdict))
    broken += _new(then.unfit(records, known=known, partial=True), now.unfit(records, known=known, partial=True))
    if broken:
        raise WaiverError("\n".join(f"{fault.kind}: {fault.message}" for fault in broken))
    findings = failing(verdict, waiver.policy, waiver.resource)
    if not findings:
        raise WaiverError(
            f"no failed finding of {body['policy']} matches {body['resource']}: there is nothing to waive"
        )
    return Proposal(entry, findings, path, before, after)


def failing(verdict: Verdict, policy: str, resource: str) -> tuple[Finding, ...]:
    """The failed findings that a waiver of this policy and glob would except."""
    return tuple(
        finding
        for finding in verdict.findings
        if finding.outcome is Outcome.FAILED
        and finding.policy == policy
        and fits(resource, finding.stack, finding.address, finding.path)
    )


def problem(field: str, value: object) -> str:
    """What is wrong with one field of a waiver, empty when nothing is."""
    try:
        Waiver.model_validate({field: value})
    except ValidationError as error:
        return "; ".join(fault["msg"] for fault in error.errors() if fault["loc"] == (field,))
    return ""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WaiverError(f"{path} cannot be read ({error.strerror}): nothing was written") from error


def _appended(text: str, entry: str) -> str:
    """The text with the entry at its end, or in the place of a `[]` that says that there is none."""
    line = "\r\n" if "\r\n" in text else "\n"
    entry = entry.replace("\n", line)
    if empty := re.search(r"(?m)^\[\][ \t]*\r?\n?", text):
        return text[: empty.start()] + entry + text[empty.end() :]
    return text.rstrip() + line * 2 + entry


def _waiver(body: Mapping[str, Any]) -> Waiver:
    try:
        return Waiver.model_validate(dict(body))
    except ValidationError as error:
        raise WaiverError("\n".join(reasons(error))) from error


def _waivers(found: Waivers) -> Iterator[Waiver]:
    return (waiver for _, waiver in found.entries)


def _new(then: Collection[GateFault], now: Collection[GateFault]) -> Iterator[GateFault]:
    return (fault for fault in then if fault not in now)


def _records(verdict: Verdict) -> Iterator[tuple[str, Record]]:
    """What failed before the waivers: an entry must fit to what others except, too."""
    for finding in verdict.findings:
        if finding.outcome in (Outcome.FAILED, Outcome.WAIVED):
            yield finding.stack, _record(finding)


def _record(finding: Finding) -> Record:
    return Record(
        policy=finding.policy,
        address=finding.address,
        path=finding.path,
        line=finding.line,
        outcome=Outcome.FAILED,
        message=finding.message,
    )
