"""Places a sequence of messages on a plane: a lane for each party, from left to right as they come, time downwards.

Pure arithmetic in pixels; the template draws what `layout` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policies.report.releases import Message, Party

LANE = 148
TOP = 46
ROW = 34
MARGIN = 8
HEAD, TURN = 8, 24
# How many characters of a lane's two lines fit between its neighbours at the sizes in report.css.
LANE_CHARS = 20


@dataclass(frozen=True, slots=True)
class Lane:
    """A party: its line stands at `x`."""

    party: Party
    x: int
    service: str
    account: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message at the height `y`; `line` and `head` are paths, `label` is where its words begin."""

    message: Message
    number: int
    y: int
    line: str
    head: str
    label: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing, in a box of `width` x `height`."""

    width: int
    height: int
    top: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]


def layout(messages: Sequence[Message]) -> Picture:
    """Lanes in the order in which their parties are heard of first; a row for each message."""
    parties = list(dict.fromkeys(party for message in messages for party in (message.source, message.target)))
    at = {party: MARGIN + LANE // 2 + number * LANE for number, party in enumerate(parties)}
    lanes = tuple(Lane(party, at[party], _fit(party.service), _fit(party.account)) for party in parties)
    arrows = tuple(
        _arrow(message, row, at[message.source], at[message.target]) for row, message in enumerate(messages, start=1)
    )
    # The words of an arrow may reach beyond the last lane.
    return Picture(2 * MARGIN + (len(parties) + 2) * LANE, TOP + (len(messages) + 1) * ROW, TOP - 8, lanes, arrows)


def _arrow(message: Message, row: int, x1: int, x2: int) -> Arrow:
    y = TOP + row * ROW
    if x1 == x2:  # to itself: out, down and back
        line, x2, y2, back = f"M{x1} {y}h{TURN}v{ROW // 3}H{x2}", x2, y + ROW // 3, TURN
    else:
        line, y2, back = f"M{x1} {y}H{x2}", y, HEAD if x2 < x1 else -HEAD
    tip = HEAD if back > 0 else -HEAD
    return Arrow(message, row, y, line, f"M{x2} {y2}l{tip} -4v8z", min(x1, x2) + 6)


def _fit(text: str) -> str:
    """The text, cut behind its first word: names begin alike, and end apart."""
    if len(text) <= LANE_CHARS:
        return text
    kind = text.partition(" ")[0][: LANE_CHARS // 2]
    return f"{kind} …{text[len(text) - (LANE_CHARS - len(kind) - 2) :]}"
