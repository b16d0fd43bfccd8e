"""The fenced code blocks of a Markdown file, with what a comment before one says of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import main

LANGUAGES = frozenset({"console", "sh", "yaml", "json", "python", "hcl", "text"})
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\S*) *$")
_MARK = re.compile(r"^ *<!-- (?P<what>not run|organisation): (?P<value>.*\S) -->$")
_OPERATORS = frozenset("();<>|&")


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and what must be printed: its lines in this order, with anything between."""

    line: str
    printed: tuple[str, ...] = ()

    def programs(self) -> Iterator[list[str]]:
        """The commands of the line with their arguments: several where a shell joins them. Comments are left out."""
        words = shlex.shlex(self.line, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        words.commenters = "#"
        program: list[str] = []
        for word in words:
            if set(word) <= _OPERATORS:
                yield program
                program = []
            else:
                program.append(word)
        yield program

    def faults(self, targets: frozenset[str]) -> Iterator[str]:
        """What is wrong with its `mlgov` and `make` commands; `targets` are those of the Makefile."""
        for program in self.programs():
            match program:
                case ["mlgov", *arguments] if not _parses(arguments):
                    yield f"mlgov has no such command: {shlex.join(program)}"
                case ["make", *words]:
                    yield from (
                        f"make has no target {word}" for word in words if "=" not in word and word not in targets
                    )

    @property
    def arguments(self) -> list[str] | None:
        """What `mlgov` is given, where the line is that and no shell is needed."""
        joined = re.search(r"[|&;<>$`]", re.sub(r"'[^']*'|\"[^\"$`]*\"|(?:^|\s)#.*", "", self.line))
        words = shlex.split(self.line, comments=True)
        return words[1:] if words[:1] == ["mlgov"] and not joined else None


@dataclass(frozen=True, slots=True)
class Block:
    """A block: where it begins, its language and lines, why it is not run, and whose organisation it is about."""

    page: str
    number: int
    language: str
    lines: tuple[str, ...]
    not_run: str | None
    organisation: str

    def __str__(self) -> str:
        return f"{self.page}:{self.number}"

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def commands(self) -> list[Command]:
        """Its command lines: those that begin with `$ ` where there are such, with what is printed, else all."""
        lines = re.sub(r"\\\n\s*", "", self.text).splitlines()
        if not any(line.startswith("$ ") for line in lines):
            return [Command(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]
        parts = re.split(r"^\$ ", "\n".join(lines), flags=re.MULTILINE)[1:]
        return [_with_output(part.splitlines()) for part in parts]


def _with_output(lines: Sequence[str]) -> Command:
    first, *printed = lines
    return Command(first, tuple(line for line in printed if line.strip() not in ("", "...")))


_parser = cache(main.parser)


def _parses(arguments: Sequence[str]) -> bool:
    given = ["0" * 64 if argument == "HEX" else argument for argument in arguments]  # a hash that the reader has
    try:
        _parser().parse_args(given)
    except SystemExit as ended:
        return ended.code == 0  # --help
    return True


def blocks(root: Path, page: str) -> list[Block]:
    """The fenced blocks of the page. Raises ValueError for one that does not end."""
    return list(_blocks(page, (root / page).read_text(encoding="utf-8").splitlines()))


def _blocks(page: str, lines: Sequence[str]) -> Iterator[Block]:
    marks: dict[str, str] = {}
    opened: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.match(line)
        if opened is not None:
            begin, start = opened
            if fence and fence["indent"] == start["indent"] and not fence["language"]:
                inside = tuple(each.removeprefix(cast(str, start["indent"])) for each in lines[begin : number - 1])
                told = marks.get("not run"), marks.get("organisation", "minnow")
                yield Block(page, begin, start["language"], inside, *told)
                opened, marks = None, {}
        elif fence:
            opened = number, fence
        elif mark := _MARK.match(line):
            marks[mark["what"]] = mark["value"]
        elif line.strip():
            marks = {}
    if opened is not None:
        raise ValueError(f"{page}:{opened[0]}: this block does not end")
