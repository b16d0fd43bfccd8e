"""Texts with wildcards, as IAM writes them: is there a text that matches all of these patterns and none of those?

Exact, for any number of patterns: each is walked as an automaton, all at once. `*` is any text, `?` any character. A
part that is not known before Terraform or a request fills it in, `${...}`, reads as any text where a pattern lets in,
and makes a pattern useless where it keeps out: what cannot be proved never counts in favour of safety. DIGIT is one
hexadecimal digit that AWS makes up; NOTHING stands where nothing can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import combinations

HOLE = re.compile(r"\$\{[^}]*\}")
_ESCAPED = re.compile(r"\$\{([*?$])\}")
DIGIT, NOTHING = "\ue000", "\ue001"  # of the private use area: no name of AWS holds them
_DIGITS = frozenset("0123456789abcdef")
_STAR, _ANY = "**", "??"  # tokens of two characters, so that none is taken for a literal one
_WILD = frozenset((_STAR, _ANY, DIGIT))
_OTHER = ""  # stands for every character that no pattern names

Tokens = tuple[str, ...]


@cache
def some(within: frozenset[str], without: frozenset[str] = frozenset()) -> bool:
    """Whether a text matches every pattern of `within` and none of `without`."""
    inner = [tokens(pattern) for pattern in within if pattern != "*"]
    outer = [tokens(pattern) for pattern in without if not unknown(pattern)]
    if (_STAR,) in outer:
        return False
    literal = next((given for given in inner if _WILD.isdisjoint(given)), None)
    if literal is not None:
        return all(_matches(given, literal) for given in inner) and not any(_matches(given, literal) for given in outer)
    if any(_apart(first, second) for first, second in combinations(inner, 2)):
        return False
    outer = [given for given in outer if not any(_apart(given, other) for other in inner)]
    return True if len(inner) < 2 and not outer else _walk(inner or [(_STAR,)], outer)


def inside(pattern: str, others: Iterable[str]) -> bool:
    """Whether every text that `pattern` matches is matched by one of `others`."""
    return not some(frozenset((pattern,)), frozenset(others))


def meet(first: str, second: str) -> bool:
    """Whether some text matches both."""
    return some(frozenset((first, second)))


def unknown(pattern: str) -> bool:
    """Whether a part of it is filled in later."""
    return HOLE.search(_ESCAPED.sub("", pattern)) is not None


def literally(text: str) -> str:
    """The pattern that matches this text alone; what is filled in later stays unknown."""
    parts = re.split(r"(\$\{[^}]*\})", text)
    return "".join(part if HOLE.fullmatch(part) else re.sub(r"[*?]", r"${\g<0>}", part) for part in parts)


@cache
def tokens(pattern: str) -> Tokens:
    """The pattern character by character; an unknown part is any text, neighbouring `*` are one."""
    found: list[str] = []
    for part in re.split(r"(\$\{[^}]*\})", pattern):
        if escaped := _ESCAPED.fullmatch(part):
            found.append(escaped[1])
        elif HOLE.fullmatch(part):
            found.append(_STAR)
        else:
            found += [{"*": _STAR, "?": _ANY}.get(character, character) for character in part]
    return tuple(token for index, token in enumerate(found) if token != _STAR or found[index - 1 : index] != [_STAR])


def _matches(given: Tokens, literal: Tokens) -> bool:
    return given == literal or (not _apart(given, literal) and _regex(given).fullmatch("".join(literal)) is not None)


@cache
def _regex(given: Tokens) -> re.Pattern[str]:
    words = {_STAR: ".*", _ANY: ".", DIGIT: "[0-9a-f]"}
    return re.compile("".join(words.get(token) or re.escape(token) for token in given), re.DOTALL)


def _apart(first: Tokens, second: Tokens) -> bool:
    """Whether their beginnings or their ends tell that no text matches both: most pairs differ there."""
    return _differ(first, second) or _differ(first[::-1], second[::-1])


def _differ(first: Tokens, second: Tokens) -> bool:
    for one, other in zip(first, second, strict=False):
        if _STAR in (one, other):
            return False
        if one != other and _ANY not in (one, other) and not {one, other} - {DIGIT} <= _DIGITS:
            return True
    return False


class _Walker:
    """One pattern as an automaton without states of its own: a bit for each place that the text may have reached."""

    def __init__(self, given: Tokens) -> None:
        self.given = given
        self._stars = sum(1 << place for place, token in enumerate(given) if token == _STAR)
        self._any = sum(1 << place for place, token in enumerate(given) if token == _ANY)
        self._of: dict[str, int] = {}
        for place, token in enumerate(given):
            for character in _spelt(token):
                self._of[character] = self._of.get(character, 0) | 1 << place
        self.start = self._close(1)
        self._end = 1 << len(given)

    def step(self, places: int, character: str) -> int:
        """Where the text may be after one more character; 0 when the pattern does not match any longer."""
        moved = (places & (self._of.get(character, 0) | self._any)) << 1
        return self._close(moved | places & self._stars)

    def accepts(self, places: int) -> bool:
        """Whether the text may end here."""
        return bool(places & self._end)

    def named(self, places: int) -> set[str] | None:
        """The characters that the pattern names at these places; None where it takes any."""
        if places & (self._stars | self._any):
            return None
        return self.spelt(places)

    def spelt(self, places: int) -> set[str]:
        """The characters that the pattern spells at these places."""
        found: set[str] = set()
        while places:
            place = places & -places
            places ^= place
            if (index := place.bit_length() - 1) < len(self.given):
                found.update(_spelt(self.given[index]))
        return found

    def _close(self, places: int) -> int:
        return places | (places & self._stars) << 1


def _spelt(token: str) -> Iterable[str]:
    return _DIGITS if token == DIGIT else () if token in _WILD else (token,)


def _walk(within: list[Tokens], without: list[Tokens]) -> bool:
    walkers = [_Walker(given) for given in (*within, *without)]
    needed = len(within)
    todo = [tuple(walker.start for walker in walkers)]
    seen = set(todo)
    while todo:
        state = todo.pop()
        ends = [walker.accepts(places) for walker, places in zip(walkers, state, strict=True)]
        if all(ends[:needed]) and not any(ends[needed:]):
            return True
        for character in _following(walkers, state, needed):
            following = tuple(walker.step(places, character) for walker, places in zip(walkers, state, strict=True))
            if all(following[:needed]) and following not in seen:
                seen.add(following)
                todo.append(following)
    return False


def _following(walkers: list[_Walker], state: tuple[int, ...], needed: int) -> list[str]:
    """The characters worth trying: those that one needed pattern insists on, else all that any spells and one more."""
    for walker, places in zip(walkers[:needed], state[:needed], strict=True):
        named = walker.named(places)
        if named is not None:
            return sorted(named)
    spelt = set().union(*(walker.spelt(places) for walker, places in zip(walkers, state, strict=True)))
    return [_OTHER, *sorted(spelt)]
