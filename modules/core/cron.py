"""Expressions of a calendar in the form of AWS: six fields, in UTC unless a service says otherwise. No cdktf here."""

from __future__ import annotations

import re

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
# What each field of a schedule may hold: its name, its least and greatest number, and other words.
_CRON = (
    ("minutes", 0, 59, ""),
    ("hours", 0, 23, ""),
    ("day of month", 1, 31, "L|W"),
    ("month", 1, 12, _MONTHS),
    ("day of week", 1, 7, f"{_DAYS}|L"),
    ("year", 1970, 2199, ""),
)


def check_cron(text: str) -> str:
    """`text` itself, such as `cron(0 3 * * ? *)`; raises ValueError with the field that AWS would refuse."""
    fields = text.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != len(_CRON):
        names = ", ".join(name for name, *_ in _CRON)
        raise ValueError(f"must have {len(_CRON)} fields ({names}), and has {len(fields)}")
    for field, (name, least, most, words) in zip(fields, _CRON, strict=True):
        if not all(_is_cron(part, least, most, words) for part in field.split(",")) and not (
            field == "?" and name.startswith("day")
        ):
            raise ValueError(f"must have {name} from {least} to {most}, * or a list of them, and has {field}")
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError("must have ? as day of month or as day of week, and only as one of them")
    return text


def _is_cron(part: str, least: int, most: int, words: str) -> bool:
    value = rf"\d+|{words}" if words else r"\d+"
    found = re.fullmatch(rf"(?:\*|(?:{value})(?:-(?:{value}))?)(?:/(\d+))?(?:L|W|#[1-5])?", part)
    if found is None:
        return False
    numbers = [int(number) for number in re.findall(r"\d+", re.split("[/#]", part)[0])]
    return all(least <= number <= most for number in numbers) and found[1] != "0"
