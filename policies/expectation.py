"""What policies expect of attributes, each as a problem in the words of the resource; None where there is none.

An attribute is named by its path, `default_user_settings.sharing_settings.notebook_output_option`: every block on the
way counts, and where a block is absent, the attribute is. A block that stands several times must hold each time.
All of them raise Unprovable for an expression where a literal is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from policies.document import Conf

Problem = str | None


def equal(conf: Conf, path: str, wanted: object, *, absent: str = "") -> Problem:
    """The attribute is exactly this literal. `absent` tells what AWS takes when it is left out."""
    return _each(conf, path, lambda found: None if _same(found, wanted) else f"not {_shown(wanted)}", absent)


def given(conf: Conf, path: str) -> Problem:
    """The attribute is set to something; an expression is something."""
    blocks, name = _split(conf, path)
    return None if blocks and all(block.given(name) for block in blocks) else f"{path} is not set"


def among(conf: Conf, path: str, allowed: Iterable[str], *, absent: str = "") -> Problem:
    """The attribute matches one of these globs."""
    globs = tuple(allowed)

    def judged(found: Any) -> Problem:
        return None if any(fnmatchcase(str(found), glob) for glob in globs) else f"not among {', '.join(globs)}"

    return _each(conf, path, judged, absent)


def never(conf: Conf, path: str, *refused: object) -> Problem:
    """The attribute, where it is set, matches none of these: globs for text, else the very value."""
    blocks, name = _split(conf, path)
    for found in (block.literal(name) for block in blocks if block.given(name)):
        for bad in refused:
            if _same(found, bad) or (isinstance(bad, str) and fnmatchcase(str(found), bad)):
                return f"{path} is {_shown(found)}"
    return None


def within(conf: Conf, path: str, low: int | None = None, high: int | None = None, *, absent: str = "") -> Problem:
    """The attribute is a whole number of at least `low` and at most `high`."""
    blocks, name = _split(conf, path)
    bounds = " and ".join(
        f"{word} {bound}" for word, bound in (("at least", low), ("at most", high)) if bound is not None
    )
    for block in blocks or (Conf({}),):
        number = block.number(name)
        if number is None:
            return _absent(path, absent) + f": it must be {bounds}"
        if (low is not None and number < low) or (high is not None and number > high):
            return f"{path} is {number}: it must be {bounds}"
    return None


def _each(conf: Conf, path: str, judged: Callable[[Any], Problem], absent: str) -> Problem:
    blocks, name = _split(conf, path)
    for block in blocks or (Conf({}),):
        found = block.literal(name)
        if found in (None, ""):
            return _absent(path, absent)
        if problem := judged(found):
            return f"{path} is {_shown(found)}, {problem}"
    return None


def _split(conf: Conf, path: str) -> tuple[list[Conf], str]:
    outer, _, name = path.rpartition(".")
    return conf.at(outer), name


def _same(found: object, wanted: object) -> bool:
    """Equal as Terraform has it, which takes `"true"` for true and `"2"` for 2."""
    return _shown(found) == _shown(wanted)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _absent(path: str, absent: str) -> str:
    return f"{path} is not set" + (f", and AWS takes {absent}" if absent else "")
