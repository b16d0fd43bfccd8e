"""How a new file gets into a configuration: tried out in a copy, then put in its place whole, over nothing."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from environments.load import load
from environments.offboarding.copy import TrialCopy
from modules.core.errors import ConfigError

_NAME = re.compile(r"[a-z][a-z0-9-]*")  # each kind of file bounds it further


def header(config: Path, kind: str) -> str:
    """The line by which editors find the schema of a file in a folder of `config`."""
    beside = config / "schema.json"
    schema = "../schema.json" if beside.exists() else _stated(config)
    return f"# yaml-language-server: $schema={schema}#/$defs/{kind}\n#\n" if schema else ""


def target(config: Path, folder: str, name: str) -> Path:
    """Where the file goes. Raises ConfigError when something is there already, and for a name that is a path."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"the name must be lower-case letters, digits and hyphens, a letter first (got {name!r})")
    path = config / folder / f"{name}.yaml"
    if path.exists() or path.is_symlink():
        raise ConfigError(f"{path.as_posix()} is there already: nothing was written")
    return path


def check(config: Path, path: Path, text: str) -> None:
    """Raise ConfigError, in the words of `mlgov check`, when the configuration would not be valid with the file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = TrialCopy.make(config, Path(folder))
        trial = copy.folder / path.relative_to(config)
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.write_text(text, encoding="utf-8")
        try:
            load(copy.folder)
        except ConfigError as error:
            told = "\n".join(copy.told(error))
            raise ConfigError(f"{told}\nnothing was written") from error


def put(path: Path, text: str) -> None:
    """Write the file: whole, or not at all, and never over another. Raises ConfigError when one came in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        os.link(beside, path)
    except FileExistsError as error:
        raise ConfigError(f"{path.as_posix()} is there already: nothing was written") from error
    finally:
        Path(beside).unlink()


def _stated(config: Path) -> str | None:
    """The schema that the files of the other teams name."""
    for file in sorted((config / "teams").glob("*.yaml")):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        if first.startswith("# yaml-language-server: $schema="):
            return first.partition("$schema=")[2].partition("#")[0]
    return None
