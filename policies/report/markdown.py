"""A summary for a pull request's comment, in GitHub's Markdown: what is wrong, the worst first, folded.

It always fits into a comment: each section has a share of the size, shows what has room and counts the rest. Whatever
comes from stacks, waivers or paths stands in code spans, where no markup, link, mention or HTML takes effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from policies.record import Outcome
from policies.report.markdown_text import code, folded, section, text_in_html
from policies.report.order import worst_first
from policies.verdict import DueWaiver, Finding, Verdict

FILE_NAME = "summary.md"

# Bytes that a section may take, and one policy of a section; the head takes less than what is left.
_FAULTS, _FINDINGS, _STACKS, _DUE = 12_000, 28_000, 10_000, 8_000
_POLICY = 4_000
_LONGEST_FAULT = 1_000  # characters

Identity = tuple[str, str, str]


def render(verdict: Verdict, baseline: Verdict | None = None, links: str = "") -> str:
    """The text of `summary.md`: less than `markdown_text.LIMIT` bytes, whatever the verdict holds.

    What failed now and not in the `baseline`, an earlier verdict, is marked as new. `links` is the URL below which
    the repository's files are: with it, files are links.
    """
    failed = worst_first(finding for finding in verdict.findings if finding.outcome is Outcome.FAILED)
    before = (
        None if baseline is None else {_identity(one) for one in baseline.findings if one.outcome is Outcome.FAILED}
    )
    new = [] if before is None else [finding for finding in failed if _identity(finding) not in before]
    sections = (
        _head(verdict, len(new) if baseline else None),
        section("Faults", [f"- {code(str(fault), _LONGEST_FAULT)}" for fault in verdict.faults], _FAULTS),
        section("Not met", list(_policies(failed, new, verdict, links)), _FINDINGS),
        folded("Stacks that did not pass", list(_stacks(verdict, new)), _STACKS),
        folded("Waivers that end soon", [_due(waiver) for waiver in verdict.due], _DUE),
    )
    return "\n\n".join(part for part in sections if part) + "\n"


def _head(verdict: Verdict, new: int | None) -> str:
    until = f"; waivers hold until {verdict.valid_until}" if verdict.valid_until else ""
    judged = f"{len(verdict.stacks)} {verdict.form}{'' if len(verdict.stacks) == 1 else 's'}"
    word = f"policies hold in {judged}{until}" if verdict.passed else f"FAILED, {judged}"
    counts = verdict.counts
    numbers = {"not met": counts.failed, "waived": counts.waived, "met": counts.passed, "faults": len(verdict.faults)}
    if new is not None:
        numbers = {"not met": counts.failed, "new": new} | numbers
    table = [numbers.keys(), ["---:"] * len(numbers), numbers.values()]
    return f"## mlgov gate: {word}\n\n" + "\n".join(f"| {' | '.join(map(str, row))} |" for row in table)


def _policies(failed: Sequence[Finding], new: Sequence[Finding], verdict: Verdict, links: str) -> Iterator[str]:
    """A folded block for each policy that is not met."""
    fresh = frozenset(map(_identity, new))
    groups: dict[str, list[Finding]] = {}
    for finding in failed:
        groups.setdefault(finding.policy, []).append(finding)
    for policy, found in groups.items():
        about = found[0]
        labels = [f"{part} " for part in (about.severity, about.control) if part]
        count = _count(len(found), sum(_identity(finding) in fresh for finding in found))
        title = f"{''.join(labels)}<code>{text_in_html(policy)}</code> {text_in_html(about.title)}: {count}"
        to_do = f"To do: {text_in_html(about.remediation)}\n" if about.remediation else ""
        lines = [_line(finding, _identity(finding) in fresh, verdict, links) for finding in found]
        yield folded(title, lines, _POLICY, to_do)


def _line(finding: Finding, new: bool, verdict: Verdict, links: str) -> str:
    file = verdict.stacks[finding.stack].file
    place = code(f"{file}:{finding.line}")
    if links:
        place = f"[{place}]({links.rstrip('/')}/{quote(file)}#L{finding.line})"
    construct = f", construct {code(finding.path)}" if finding.path else ""
    mark = "**new** " if new else ""
    return f"- {mark}{code(f'{finding.stack}/{finding.address}')}: {code(finding.message)} at {place}{construct}"


def _stacks(verdict: Verdict, new: Sequence[Finding]) -> Iterator[str]:
    """A line for each stack that did not pass, the one with the most that is not met in front."""
    fresh = Counter(finding.stack for finding in new)
    faulty = {fault.stack for fault in verdict.faults}
    for name, stack in sorted(verdict.stacks.items(), key=lambda item: (-item[1].counts.failed, item[0])):
        if not stack.passed:
            waived = f", {stack.counts.waived} waived" if stack.counts.waived else ""
            faults = ", with faults" if name in faulty else ""
            yield f"- {code(name)}: {_count(stack.counts.failed, fresh[name])}{waived}{faults}"


def _due(waiver: DueWaiver) -> str:
    what = f"{code(', '.join(waiver.policies))} on {code(waiver.resource)}"
    who = f"{code(waiver.ticket)}, {code(waiver.owner)}"
    return f"- {code(waiver.where)} ends {waiver.expires}, {waiver.days_left} days left: {what} ({who})"


def _count(failed: int, new: int) -> str:
    return f"{failed} not met" + (f" ({new} new)" if new else "")


def _identity(finding: Finding) -> Identity:
    return (finding.policy, finding.stack, finding.address)
