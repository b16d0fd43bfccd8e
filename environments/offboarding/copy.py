"""A copy of a configuration in which a stage is tried out: the original is only read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from environments.offboarding.steps import Edit, Kind, Stage
from environments.reading import DOMAINS, FOLDERS, TEAMS
from environments.yaml_reader import parse
from modules.core.errors import ConfigError

KEY = "offboarding"
_FOLDERS = {"team": TEAMS, "domain": DOMAINS}


@dataclass(frozen=True, slots=True)
class TrialCopy:
    """The YAML of `config`, copied to `folder`."""

    config: Path
    folder: Path

    @classmethod
    def make(cls, config: Path, folder: Path) -> TrialCopy:
        """Copy the files that `load` reads, and no others."""
        patterns = ("*.yaml", "*.lock.json", *(f"{name}/*.yaml" for name in FOLDERS))
        for source in (path for pattern in patterns for path in config.glob(pattern)):
            target = folder / source.relative_to(config)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        return cls(config, folder)

    def advance(self, kind: Kind, name: str, stage: Stage) -> Edit:
        """Bring the file of the team or domain to `stage`; returns the edit, in the words of the original file."""
        path = file_of(self.folder, kind, name)
        original = file_of(self.config, kind, name).as_posix()
        if stage == "deleted":
            path.unlink()
            return Edit(file=original, line=1, action="delete file", text="")
        lines = path.read_text(encoding="utf-8").splitlines()
        text = f"{KEY}: {stage}"
        known = parse("\n".join(lines) + "\n", original).child(KEY)
        if known is None:
            lines.append(text)
        else:
            lines[known.line - 1] = text
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        number = known.line if known else len(lines)
        _confirm(path, original, number, stage)
        return Edit(file=original, line=number, action="replace" if known else "add", text=text)

    def told(self, error: ConfigError) -> tuple[str, ...]:
        """The problems of the copy, each as if it stood in the original."""
        folder, config = f"{self.folder.as_posix()}/", f"{self.config.as_posix()}/"
        return tuple(str(problem).replace(folder, config) for problem in error.problems)


def file_of(config: Path, kind: Kind, name: str) -> Path:
    """The file of the team or data domain."""
    return config / _FOLDERS[kind] / f"{name}.yaml"


def _confirm(path: Path, original: str, line: int, stage: Stage) -> None:
    """Raise ConfigError when the added line does not say what it should, as in a file that is one flow mapping."""
    try:
        found = parse(path.read_text(encoding="utf-8"), original).child(KEY)
    except ConfigError:
        found = None
    if found is None or found.text != stage:
        raise ConfigError(f"{original}:{line} a line `{KEY}: {stage}` does not fit here: write the file in block style")
