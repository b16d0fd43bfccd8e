"""The YAML files of a configuration folder: which there must be, which there may be, and how one is read.

Guaranteed: nothing outside the folder is read, no file of more than `LARGEST` bytes is opened, and a file
that would be ignored by mistake (a wrong ending, a wrong place) is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environments.vocabulary import STAGES
from environments.yaml_reader import parse
from environments.yaml_tree import Node
from modules.core.errors import ConfigError, Problem

LARGEST = 1024 * 1024
ORGANIZATION = "organization"
TEAMS = "teams"
DOMAINS = "domains"
FEATURES = "features"
PROJECTS = "projects"
FOLDERS = (TEAMS, DOMAINS, FEATURES, PROJECTS)
FEATURE_LOCK = "features.lock.json"
_SINGLE = (ORGANIZATION, *STAGES)


@dataclass(frozen=True, slots=True)
class Trees:
    """The trees of the files that could be read, by name, and what was wrong with the others."""

    single: dict[str, Node]
    teams: dict[str, Node]
    domains: dict[str, Node]
    features: dict[str, Node]
    projects: dict[str, Node]
    feature_lock: Node | None
    team_names: frozenset[str]
    domain_names: frozenset[str]
    feature_names: frozenset[str]
    problems: list[Problem]


def read(config: Path) -> Trees:
    """Every file of the folder `config`. Raises ConfigError when it, or a folder in it, cannot be listed."""
    if not config.is_dir():
        raise ConfigError([Problem(config.as_posix(), 0, "", "is not a folder: give the one of organization.yaml")])
    problems = [*_misplaced(config), *_missing(config)]
    teams, domains, features, projects = (_names(config / folder) for folder in FOLDERS)
    return Trees(
        single=_trees(config, "", [name for name in _SINGLE if _exists(config / f"{name}.yaml")], problems),
        teams=_trees(config, TEAMS, teams, problems),
        domains=_trees(config, DOMAINS, domains, problems),
        features=_trees(config, FEATURES, features, problems),
        projects=_trees(config, PROJECTS, projects, problems),
        feature_lock=feature_lock(config, problems),
        team_names=frozenset(path.stem for path in _entries(config / TEAMS)),
        domain_names=frozenset(domains),
        feature_names=frozenset(features),
        problems=problems,
    )


def feature_lock(config: Path, problems: list[Problem]) -> Node | None:
    """The lock of central feature groups: empty where there is none, None where `problems` has got what is wrong."""
    file = config / FEATURE_LOCK
    if config.is_dir() and not _exists(file):
        return Node({}, file.as_posix(), 0)
    return _tree(file, config, problems)


def _missing(config: Path) -> Iterator[Problem]:
    for name in _SINGLE:
        file = config / f"{name}.yaml"
        if not _exists(file):
            yield Problem(file.as_posix(), 0, "", "is missing: every organisation has this file")


def _exists(file: Path) -> bool:
    """A broken link counts: reading it tells what is wrong."""
    return file.exists() or file.is_symlink()


def _misplaced(config: Path) -> Iterator[Problem]:
    """Files that look like configuration and would not be read. Other files may stand beside, such as Python's."""
    for path in _entries(config):
        if path.suffix in (".yaml", ".yml") and not (path.stem in _SINGLE and path.suffix == ".yaml"):
            wanted = ", ".join(f"{name}.yaml" for name in _SINGLE)
            yield Problem(path.as_posix(), 0, "", f"is not read: rename it to one of {wanted}, or move it away")
    for folder in (config / name for name in FOLDERS):
        for path in _entries(folder):
            if path.suffix != ".yaml":
                fix = f"rename it to {path.stem}.yaml, or move it away"
                yield Problem(path.as_posix(), 0, "", f"is not read: {fix}")


def _names(folder: Path) -> list[str]:
    return [path.stem for path in _entries(folder) if path.suffix == ".yaml"]


def _entries(folder: Path) -> list[Path]:
    """What stands in the folder, sorted, but for hidden files; nothing when there is no such folder."""
    if not folder.exists():
        return []
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise ConfigError([Problem(folder.as_posix(), 0, "", f"cannot be read: {error.strerror}")]) from error


def _trees(config: Path, folder: str, names: list[str], problems: list[Problem]) -> dict[str, Node]:
    found = {name: _tree(config / folder / f"{name}.yaml", config, problems) for name in names}
    return {name: tree for name, tree in found.items() if tree is not None}


def _tree(file: Path, config: Path, problems: list[Problem]) -> Node | None:
    try:
        return parse(_text(file, config), file.as_posix())
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _text(file: Path, config: Path) -> str:
    """The text of the file. Raises ConfigError when it may not or cannot be read."""

    def refuse(message: str, line: int = 0) -> ConfigError:
        return ConfigError([Problem(file.as_posix(), line, "", message)])

    try:
        if not file.resolve(strict=True).is_relative_to(config.resolve()):
            raise refuse("is a link that leaves the configuration folder: put the file itself here")
        if not file.is_file():
            raise refuse("is not a file")
        if (size := file.stat().st_size) > LARGEST:
            raise refuse(f"has {size} bytes: the limit is {LARGEST} (1 MiB)")
        content = file.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself, before Python 3.13
        raise refuse(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse(f"is not UTF-8 text: byte 0x{content[error.start]:02X}; save it as UTF-8", line) from error
