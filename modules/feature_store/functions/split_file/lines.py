"""From a file's bytes to records, each with where the next one begins. Pure; holds one record at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 256 * 1024  # what SQS takes as a message


class FileError(Exception):
    """A file that cannot be read on. What stands before the fault has been taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A record as the text of a JSON object, and the byte of the file at which the next one begins."""

    body: str
    next_byte: int


class Lines:
    """The lines of `chunks`, which begin at byte `start` of the file. `at` is the byte at which the next begins.

    Raises FileError for a line that is too long for a message, before it is read whole.
    """

    def __init__(self, chunks: Iterable[bytes], start: int) -> None:
        self._chunks, self._held, self._ended = iter(chunks), b"", False
        self.at = start

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while (end := self._held.find(b"\n")) < 0 and not self._ended:
            if len(self._held) > LONGEST_LINE:
                raise FileError(f"the line at byte {self.at} has more than {LONGEST_LINE} bytes")
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            self._held += chunk or b""
        length = end + 1 if end >= 0 else len(self._held)
        if length > LONGEST_LINE:
            raise FileError(f"the line at byte {self.at} has more than {LONGEST_LINE} bytes")
        if not length:
            raise StopIteration
        line, self._held = self._held[:length], self._held[length:]
        self.at += length
        return line


def json_lines(lines: Lines) -> Iterator[Taken]:
    """Each line that is not blank, as it is: what it must hold is judged where it is ingested."""
    for line in lines:
        if body := _text(line, lines.at).strip():
            yield Taken(body, lines.at)


def header(lines: Lines) -> list[str]:
    """The names of the columns, from the first line of a CSV file. Raises FileError for names that do not tell."""
    names = next(_rows(lines), [])
    if not all(names) or len(set(names)) != len(names) or not names:
        raise FileError("the first line must name each column, once")
    return names


def csv_rows(lines: Lines, names: list[str]) -> Iterator[Taken]:
    """Each row as an object of column -> text, without the cells that are empty. Quoted cells may hold line breaks."""
    for row in _rows(lines):
        if len(row) not in (0, len(names)):
            raise FileError(f"the row before byte {lines.at} has {len(row)} cells, the first line names {len(names)}")
        if cells := {name: cell for name, cell in zip(names, row, strict=False) if cell}:
            yield Taken(json.dumps(cells), lines.at)


def _rows(lines: Lines) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    try:
        yield from csv.reader((_text(line, lines.at) for line in lines), strict=True)
    except csv.Error as error:
        raise FileError(f"the row before byte {lines.at} is no CSV: {error}") from error


def _text(line: bytes, at: int) -> str:
    try:
        return line.decode("utf-8-sig" if at == len(line) else "utf-8")  # the first line may begin with a mark
    except UnicodeDecodeError as error:
        raise FileError(f"the line before byte {at} is no UTF-8") from error
