"""The manifest of either side: synthesised once for the same inputs, and remembered.

What is remembered is the index alone (hashes, no bytes), named by a digest of all that synthesis reads: YAML, our code,
the versions of what renders JSON. The code of a revision makes its own synthesis. Where the revision has committed
output, its index counts as it stands: that is what Atlantis and CI have applied, and what a pull request changes.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError

from delivery.affected.git import Project, digest
from delivery.run_result import write_atomically
from environments.manifest import FILE_NAME, Manifest
from environments.manifest import digest as file_digest
from modules.core.errors import ConfigError

ROOT = Path(__file__).parents[2]
COMMAND = "main.py"
CODE = (COMMAND, "environments", "modules", "policies", "pyproject.toml", "requirements.lock")
RENDERERS = ("cdktf", "cdktf-cdktf-provider-aws", "constructs", "jsii")
KEPT = 20  # manifests, of about 0.1 MB


@dataclass(frozen=True, slots=True)
class Sides:
    """Where both sides come from: the project, its YAML, and the folder of what is remembered."""

    project: Project
    config: str
    cache: Path

    @classmethod
    def of(cls, config: Path, work: Path) -> Sides:
        """The project that the process works in. Raises ConfigError outside a git repository."""
        project = Project.at(Path.cwd())
        return cls(project, project.within(config), work / "cache" / "affected")

    def head(self, out: Path, jobs: int) -> Manifest:
        """What the working tree makes, beside what is committed in `out` as retired. Raises ConfigError."""
        key = self.key()
        known = self._known(key)
        if known is None:
            command = self.project.folder / COMMAND
            known = self._synthesised(self.project.folder, command.is_file(), jobs, "the working tree")
            self.remember(key, known)
        if not (out / FILE_NAME).is_file():
            return known
        composed = {entry.id for entry in known.stacks}
        retired = (each for each in Manifest.parse(out).stacks if each.retired and each.id not in composed)
        return known.model_copy(update={"stacks": (*known.stacks, *retired)})

    def base(self, commit: str, out: Path, jobs: int) -> Manifest:
        """What stands at the commit: as it is committed in `out`, else what its own code makes of its YAML."""
        committed = self.project.show(commit, f"{self.project.within(out)}/{FILE_NAME}")
        if committed is not None:
            return _parsed(committed, f"{commit[:12]}:{out}/{FILE_NAME}")
        blobs = self.project.blobs(commit, [*CODE, self.config])
        if not any(path.startswith(f"{self.config}/") for path in blobs):
            raise ConfigError(f"--base: {commit[:12]} has no folder {self.config}; name a later revision")
        key = self._key(blobs)
        known = self._known(key)
        if known is None:
            known = self._extracted(commit, blobs, jobs)
            self._keep(key, known)
        return known

    def key(self) -> str:
        """The digest of what a synthesis of the working tree reads now."""
        return self._key(self.project.blobs_now([*CODE, self.config]))

    def remember(self, key: str, manifest: Manifest) -> None:
        """Remember what was synthesised from inputs that had this digest when it began, unless they have changed."""
        if self.key() == key:
            self._keep(key, manifest)

    def _key(self, blobs: Mapping[str, str]) -> str:
        code = () if COMMAND in blobs else (_own_code(),)
        return digest(blobs, [f"config {self.config}", *code, *(f"{name} {version(name)}" for name in RENDERERS)])

    def _known(self, key: str) -> Manifest | None:
        try:
            return Manifest.model_validate_json((self.cache / f"{key}.json").read_bytes())
        except (OSError, ValidationError):
            return None  # made anew, as any cache may be lost

    def _keep(self, key: str, manifest: Manifest) -> None:
        composed = tuple(entry for entry in manifest.stacks if not entry.retired)
        write_atomically(self.cache / f"{key}.json", manifest.model_copy(update={"stacks": composed}).model_dump_json())
        newest = sorted(self.cache.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in newest[KEPT:]:
            old.unlink(missing_ok=True)

    def _extracted(self, commit: str, blobs: Mapping[str, str], jobs: int) -> Manifest:
        with tempfile.TemporaryDirectory(prefix="mlgov-base-") as scratch:
            there = [path for path in (*CODE, self.config) if _has(blobs, path)]
            self.project.extract(commit, there, Path(scratch))
            return self._synthesised(Path(scratch), COMMAND in blobs, jobs, commit[:12])

    def _synthesised(self, tree: Path, has_code: bool, jobs: int, what: str) -> Manifest:
        """The manifest that the code in `tree` makes of the YAML there; ours where it holds YAML alone."""
        with tempfile.TemporaryDirectory(prefix="mlgov-affected-") as scratch:
            out, command = Path(scratch) / "live", (tree if has_code else ROOT) / COMMAND
            arguments = ["synth", "--live", "--config", self.config, "--out", str(out), "--jobs", str(jobs)]
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            done = subprocess.run(
                [sys.executable, str(command), *arguments],
                cwd=tree,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                told = done.stderr.strip()
                raise ConfigError(f"{what} cannot be synthesised, so nothing can be compared with it:\n{told}")
            return _parsed((out / FILE_NAME).read_bytes(), f"{FILE_NAME} of {what}")


def _parsed(content: bytes, where: str) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise ConfigError(
            f"{where}: not an index of this version ({error.error_count()} faults); name a later --base"
        ) from None


def _has(blobs: Mapping[str, str], path: str) -> bool:
    return path in blobs or any(each.startswith(f"{path}/") for each in blobs)


@functools.cache  # the code that runs does not change
def _own_code() -> str:
    """The digest of the installed code, for a project that holds YAML alone."""
    files = (path for name in CODE for path in [ROOT / name, *(ROOT / name).rglob("*")])
    read = {
        path.relative_to(ROOT).as_posix(): file_digest(path)
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }
    return digest(read, [])
