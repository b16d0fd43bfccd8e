"""A summary for a pull request's comment, in GitHub's Markdown: what is wrong, the worst first, folded.

It always fits into a comment: each section has a share of the size, shows what has room and counts the rest. Whatever
comes from stacks, waivers or paths stands in code spans, where no markup, link, mention or HTML takes effect.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from policies.record import Outcome
from policies.report.order import worst_first
from policies.verdict import DueWaiver, Finding, Verdict

FILE_NAME = "summary.md"
LIMIT = 60_000  # bytes; GitHub refuses a comment of more than 65,536 characters

# Bytes that a section may take, and one policy of a section; the head takes less than what is left.
_FAULTS, _FINDINGS, _STACKS, _DUE = 12_000, 28_000, 10_000, 8_000
_POLICY = 4_000
_FRAME = 120  # of a section: its markup, its title if that is ours, and the line for what has no room
_LONGEST, _LONGEST_FAULT = 240, 1_000  # characters of one text
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]+")

Identity = tuple[str, str, str]


def render(verdict: Verdict, baseline: Verdict | None = None, links: str = "") -> str:
    """The text of `summary.md`: less than `LIMIT` bytes, whatever the verdict holds.

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
        _section("Faults", [f"- {_code(str(fault), _LONGEST_FAULT)}" for fault in verdict.faults], _FAULTS),
        _section("Not met", list(_policies(failed, new, verdict, links)), _FINDINGS),
        _folded("Stacks that did not pass", list(_stacks(verdict, new)), _STACKS),
        _folded("Waivers that end soon", [_due(waiver) for waiver in verdict.due], _DUE),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


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


def _section(title: str, blocks: Sequence[str], room: int) -> str:
    """A title and what has room of the blocks; empty without blocks."""
    return f"### {title}\n\n{_fitting(blocks, room - _FRAME)}" if blocks else ""


def _folded(title: str, lines: Sequence[str], room: int, note: str = "") -> str:
    """What has room of the lines below a title that opens them; empty without lines. Title and note are HTML."""
    if not lines:
        return ""
    return f"<details><summary>{title}</summary>\n{note}\n{_fitting(lines, room - _FRAME)}\n\n</details>\n"


def _fitting(blocks: Sequence[str], room: int) -> str:
    """As many of the blocks as fit into so many bytes, and a line with the number of the others."""
    for index, block in enumerate(blocks):
        room -= len(block.encode()) + 1
        if room < 0:
            return "\n".join((*blocks[:index], f"- and {len(blocks) - index} more, see `results.csv`"))
    return "\n".join(blocks)


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
        title = f"{''.join(labels)}<code>{_html(policy)}</code> {_html(about.title)}: {count}"
        to_do = f"To do: {_html(about.remediation)}\n" if about.remediation else ""
        lines = [_line(finding, _identity(finding) in fresh, verdict, links) for finding in found]
        yield _folded(title, lines, _POLICY, to_do)


def _line(finding: Finding, new: bool, verdict: Verdict, links: str) -> str:
    file = verdict.stacks[finding.stack].file
    place = _code(f"{file}:{finding.line}")
    if links:
        place = f"[{place}]({links.rstrip('/')}/{quote(file)}#L{finding.line})"
    construct = f", construct {_code(finding.path)}" if finding.path else ""
    mark = "**new** " if new else ""
    return f"- {mark}{_code(f'{finding.stack}/{finding.address}')}: {_code(finding.message)} at {place}{construct}"


def _stacks(verdict: Verdict, new: Sequence[Finding]) -> Iterator[str]:
    """A line for each stack that did not pass, the one with the most that is not met in front."""
    fresh = Counter(finding.stack for finding in new)
    faulty = {fault.stack for fault in verdict.faults}
    for name, stack in sorted(verdict.stacks.items(), key=lambda item: (-item[1].counts.failed, item[0])):
        if not stack.passed:
            waived = f", {stack.counts.waived} waived" if stack.counts.waived else ""
            faults = ", with faults" if name in faulty else ""
            yield f"- {_code(name)}: {_count(stack.counts.failed, fresh[name])}{waived}{faults}"


def _due(waiver: DueWaiver) -> str:
    what = f"{_code(', '.join(waiver.policies))} on {_code(waiver.resource)}"
    who = f"{_code(waiver.ticket)}, {_code(waiver.owner)}"
    return f"- {_code(waiver.where)} ends {waiver.expires}, {waiver.days_left} days left: {what} ({who})"


def _count(failed: int, new: int) -> str:
    return f"{failed} not met" + (f" ({new} new)" if new else "")


def _identity(finding: Finding) -> Identity:
    return (finding.policy, finding.stack, finding.address)


def _short(text: str, longest: int) -> str:
    """The text in one line of bounded length."""
    line = _BLANK.sub(" ", text).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _code(text: str, longest: int = _LONGEST) -> str:
    """A code span. Its fence is longer than any in the text, so nothing in the text ends it.

    A fence of more than 80 signs is none to GitHub's parser: long ones in the text are cut.
    """
    line = re.sub("`{9,}", "`" * 8 + "…", _short(text, longest)) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _html(text: str) -> str:
    """Text in an HTML block, where Markdown has no effect; an empty sign keeps `@name` from being a mention."""
    return html.escape(_short(text, _LONGEST)).replace("@", "@\u200b")
