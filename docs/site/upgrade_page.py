"""What an upgrade does to what is deployed, from the `Plan impact:` of each entry of CHANGELOG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docs.site.table import GENERATED

_IMPACT = re.compile(r"^(?P<what>.*?)\s*Plan impact: (?P<impact>.+?)\.?$", re.DOTALL)


def text(root: Path) -> str:
    """The page. Raises ValueError for an entry of CHANGELOG that does not say its plan impact."""
    return "\n".join(_lines((root / "CHANGELOG.md").read_text(encoding="utf-8")))


def _lines(changelog: str) -> Iterator[str]:
    yield "# Upgrade notes"
    yield ""
    yield GENERATED.format(source="CHANGELOG.md")
    yield "What each release changes in plans of an organisation whose YAML stays as it is. Entries without plan impact"
    yield "stand in the [changelog](../CHANGELOG.md) alone."
    yield ""
    yield "Before an upgrade, `mlgov plan` finds no change. After it come `mlgov check`, `mlgov synth`, `mlgov gate`"
    yield "and `mlgov plan`, with nothing in the plans that is not said here. What holds data is not destroyed unnamed."
    yield ""
    for release, entries in _releases(changelog):
        yield f"## {release}"
        yield ""
        told = [(impact, what) for what, impact in entries if not impact.lower().startswith("none")]
        for impact, what in told:
            yield f"- **{what}** {impact[:1].upper()}{impact[1:]}."
        yield from () if told else ("No plan impact.",)
        yield ""


def _releases(changelog: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for part in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        entries = re.findall(r"^- (.+(?:\n  .+)*)", body, re.MULTILINE)
        yield title.strip("[] "), [_told(" ".join(entry.split())) for entry in entries]


def _told(entry: str) -> tuple[str, str]:
    found = _IMPACT.match(entry)
    if found is None:
        raise ValueError(f"CHANGELOG.md: this entry does not end with `Plan impact: ...`: {entry[:80]}")
    return _first_sentence(found["what"]), found["impact"]


def _first_sentence(what: str) -> str:
    return re.split(r"(?<=[.;:]) |(?<=\)); ", what, maxsplit=1)[0].rstrip(".;:") + "."
