"""Files that cannot be read as configuration: wrong bytes, wrong YAML, wrong place."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from environments.load import load
from environments.reading import LARGEST
from modules.core.errors import ConfigError, Problem
from tests.environments.spoiled import CONFIG, DEV, DOMAIN, ORGANIZATION, SMALL, TEAM, complaints, copy_of_small

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8)
)
STAIRS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 30))
TEXTS = {
    "empty file": ("", ":1 is empty"),
    "only a comment": ("# nothing\n", ":1 is empty"),
    "only null": ("~\n", ":1 is empty"),
    "a list": ("- environment: dev\n", ":1 must hold a mapping"),
    "a bare word": ("dev\n", ":1 must hold a mapping"),
    "tab as indentation": ("environment: dev\nfoundations:\n\tstate: {}\n", ":3 is indented with a tab"),
    "two documents": ("environment: dev\n---\nenvironment: dev\n", ":2 starts a second document"),
    "duplicate key": ("environment: dev\nenvironment: dev\n", ":2 environment is a duplicate key: it stands on line 1"),
    "duplicate key below": (
        "environment: dev\nfoundations:\n  state: {}\n  state: {}\n",
        ":4 foundations.state is a duplicate key: it stands on line 3",
    ),
    "quote without end": ('environment: "dev\n', "is not valid YAML: found unexpected end of stream"),
    "bracket without end": ("environment: [dev\n", "is not valid YAML"),
    "wrong indentation": ("environment: dev\n  foundations: {}\n", ":2 is not valid YAML: mapping values"),
    "brackets a thousand deep": ("a: " + "[" * 900 + "]" * 900, ":1 a[0][0]"),
    "brackets as deep as the limit of bytes": ("[" * 500_000, "nested more than 20 levels deep"),
    "aliases that multiply": (BOMB, ":5 a4 holds more than 50000 values with its aliases expanded"),
    "aliases that nest": (STAIRS, "is nested more than 20 levels deep"),
    "alias of itself": ("environment: &a [*a]\n", ":1 environment[0] the alias *a refers to the value that holds it"),
    "alias of nothing": ("environment: *a\n", ":1 environment the alias *a has no anchor &a before it"),
    "merge key": ("a: &a {}\nb:\n  <<: *a\n", ":3 b.<< merge keys are not read"),
    "tag": ("environment: !!python/object/apply:os.system [ls]\n", "python/object/apply:os.system is not read"),
    "key that is a list": ("? [a]\n: 1\n", ":1 has a key that is a list or a mapping"),
    "key that is an alias": ("a: &a x\n*a : y\n", ":2 has the alias *a as a key"),
    "Terraform template in a key": ("${x}: 1\n", ":1 ${x} the key must not hold ${"),
    "key of several lines": ('"a\\nb": 1\nenvironment: dev\n', ":1 a b is not a known key"),
    "octal number": ("environment: 0123\n", ":1 environment is a number with a leading zero"),
    "hidden direction mark": ("environment: de\u202ev\n", ":1 holds the hidden character U+202E"),
    "hidden character by an escape": (
        'environment: "de\\u202Ev"\n',
        ":1 environment holds the hidden character U+202E",
    ),
    "CDKTF token": ("environment: ${TfToken[TOKEN.0]}\n", ":1 environment must not hold TfToken["),
}


@pytest.mark.parametrize(("text", "said"), TEXTS.values(), ids=TEXTS)
def test_text_that_is_no_configuration_is_told_in_one_line(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no YAML of ours gives one line with its place and the reason."""
    copy_of_small(tmp_path, monkeypatch)
    (CONFIG / DEV).write_text(text, encoding="utf-8")
    found = complaints()
    assert len(found) == 1, found
    assert found[0].startswith(f"config/{DEV}:")
    assert said in found[0]


def _link_out(root: Path) -> None:
    outside = (root.parent / "outside.yaml").absolute()
    (root / TEAM).rename(outside)
    (root / TEAM).symlink_to(outside)


def _link_to_itself(root: Path) -> None:
    (root / TEAM).unlink()
    (root / TEAM).symlink_to(TEAM.rpartition("/")[2])


def _folder_as_file(root: Path) -> None:
    (root / TEAM).unlink()
    (root / TEAM).mkdir()


def _file_as_folder(root: Path) -> None:
    (root / TEAM).unlink()
    (root / TEAM).parent.rmdir()
    (root / TEAM).parent.touch()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing file": (lambda root: (root / DEV).unlink(), "config/dev.yaml is missing"),
    "missing folder": (lambda root: root.rename("elsewhere"), "config is not a folder"),
    "ten megabytes": (
        lambda root: (root / DEV).write_text("# x\n" * 2_500_000),
        f"config/dev.yaml has 10000000 bytes: the limit is {LARGEST} (1 MiB)",
    ),
    "text that is not UTF-8": (
        lambda root: (root / DEV).write_bytes("environment: dev\n# Zürich\n".encode("latin-1")),
        "config/dev.yaml:2 is not UTF-8 text: byte 0xFC",
    ),
    "UTF-16": (
        lambda root: (root / DEV).write_bytes("environment: dev\n".encode("utf-16")),
        "config/dev.yaml:1 is not UTF-8 text: byte 0xFF",
    ),
    "link that leaves the folder": (_link_out, "config/teams/scoring.yaml is a link that leaves the configuration"),
    "link to itself": (_link_to_itself, "config/teams/scoring.yaml cannot be read"),
    "folder with the name of a file": (_folder_as_file, "config/teams/scoring.yaml is not a file"),
    "file with the name of a folder": (_file_as_folder, "config/teams cannot be read: Not a directory"),
    "team file that ends in .yml": (
        lambda root: (root / TEAM).rename(root / "teams/scoring.yml"),
        "config/teams/scoring.yml is not read: rename it to scoring.yaml",
    ),
    "environment that is not known": (
        lambda root: (root / "staging.yaml").write_text("environment: staging\n"),
        "config/staging.yaml is not read: rename it to one of organization.yaml, dev.yaml, test.yaml, prod.yaml",
    ),
}


@pytest.mark.parametrize(("change", "said"), FILES.values(), ids=FILES)
def test_a_file_that_may_not_be_read_is_told_in_one_line(
    change: Callable[[Path], object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is missing, too large, misplaced or not text gives one line that names it."""
    change(copy_of_small(tmp_path, monkeypatch))
    found = complaints()
    assert len(found) == 1, found
    assert found[0].startswith(said)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_change_is_accepted_or_told_and_never_a_crash(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a few random edits make of the files, `load` returns an organisation or raises ConfigError."""
    copy_of_small(tmp_path, monkeypatch)
    chance = random.Random(seed)
    for file in (ORGANIZATION, TEAM, DOMAIN):
        text = (SMALL / file).read_text(encoding="utf-8")
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text))
            end = start + chance.choice((0, 0, 1, 5, 40))
            junk = chance.choice(
                ("", "\n", ":", " - ", "[", "}", "*a", "&a ", "!!", '"', "\\", "0", "\x00", "é", "<<:", "|")
            )
            text = text[:start] + junk + text[end:]
        (CONFIG / file).write_text(text, encoding="utf-8")
    assert all(problem.file.startswith("config/") for problem in _problems())


def _problems() -> tuple[Problem, ...]:
    try:
        load(CONFIG)
    except ConfigError as error:
        return error.problems
    return ()
