"""A copy of the small example with one thing spoiled, and what `load` says of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments.load import load
from modules.core.errors import ConfigError

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "examples" / "small"
CONFIG = Path("config")
ORGANIZATION, DEV, TEAM, DOMAIN = "organization.yaml", "dev.yaml", "teams/scoring.yaml", "domains/orders.yaml"


@dataclass(frozen=True)
class Expected:
    """A problem: in `file`, on the first line that holds `at` ("" for a problem of the whole file), of `path`."""

    file: str
    at: str
    path: str
    fragment: str

    def start(self) -> str:
        """`file:line path ` as the problem must begin."""
        if not self.at:
            return f"{(CONFIG / self.file).as_posix()} "
        lines = (CONFIG / self.file).read_text(encoding="utf-8").splitlines()
        number = next(number for number, line in enumerate(lines, start=1) if self.at in line)
        return f"{(CONFIG / self.file).as_posix()}:{number} {self.path + ' ' if self.path else ''}"


@dataclass(frozen=True)
class Case:
    """One bad input: in `file`, `old` becomes `new`."""

    fact: str
    file: str
    old: str
    new: str
    expected: tuple[Expected, ...]


def case(fact: str, file: str, old: str, new: str, *problems: tuple[str, ...]) -> Case:
    """A case; each problem is `(at, path, fragment)`, with the file behind when it is another one."""
    expected = tuple(Expected(rest[0] if rest else file, at, path, text) for at, path, text, *rest in problems)
    return Case(fact, file, old, new, expected)


def copy_of_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `config` in a fresh working directory, holding the small example."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SMALL, CONFIG)
    return CONFIG


def spoil(case: Case) -> None:
    """Make the one change of `case`; its place must be there, once."""
    file = CONFIG / case.file
    text = file.read_text(encoding="utf-8")
    assert text.count(case.old) == 1, f"{case.old!r} stands {text.count(case.old)} times in {case.file}"
    file.write_text(text.replace(case.old, case.new), encoding="utf-8")


def set_foundations(config: Path, text: str) -> None:
    """Add `text`, YAML at the indentation of a key of `foundations`, to those settings of the organisation."""
    file = config / ORGANIZATION
    whole = file.read_text(encoding="utf-8")
    assert whole.count("\nfoundations:\n") == 1
    file.write_text(whole.replace("\nfoundations:\n", f"\nfoundations:\n{text}"), encoding="utf-8")


def complaints() -> list[str]:
    """The lines that `load` complains with; fails when it does not."""
    with pytest.raises(ConfigError) as caught:
        load(CONFIG)
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()


def assert_complaints(expected: tuple[Expected, ...]) -> None:
    """`load` complains of exactly the expected, each once, in the words expected, in one line each."""
    found = complaints()
    assert len(found) == len(expected), "\n".join(found)
    for line, problem in zip(found, sorted(expected, key=Expected.start), strict=True):
        assert line.startswith(problem.start()), line
        assert problem.fragment in line, line
        assert not any(jargon in line.lower() for jargon in ("pydantic", "input should", "validator", "type=")), line
