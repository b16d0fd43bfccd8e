"""What git knows of a project's folder: its revisions, and which bytes synthesis would read of one."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from modules.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Project:
    """A folder in a git repository. Paths are relative to it."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Project:
        """Raises ConfigError when git is missing or the folder stands in no repository."""
        project = cls(folder.resolve())
        try:
            inside = project.run("rev-parse", "--is-inside-work-tree")
        except OSError as error:
            raise ConfigError(f"git cannot be run ({error.strerror}): install it, it knows what has changed") from None
        if inside.returncode:
            raise ConfigError(f"{folder.resolve()} is in no git repository: run it in the project's folder")
        return project

    def commit(self, revision: str) -> str:
        """The commit where the working tree left `revision`, as pull requests count. Raises ConfigError."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found.returncode:
            raise ConfigError(
                f"--base {revision}: there is no such revision here; fetch it (git fetch origin), in CI check out with "
                "the whole history (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0)"
            )
        ancestor = self.run("merge-base", found.stdout.decode().strip(), "HEAD")
        if not ancestor.returncode:
            return ancestor.stdout.decode().strip()
        if self._text("rev-parse", "--is-shallow-repository") == "true":
            raise ConfigError(
                f"--base {revision}: the clone is too shallow to tell where HEAD left it; run `git fetch --unshallow`, "
                "in CI check out with the whole history (GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0)"
            )
        raise ConfigError(f"--base {revision}: it has no common history with HEAD; name a revision of this project")

    def within(self, path: Path) -> str:
        """`path` relative to the folder; raises ConfigError when it lies elsewhere."""
        try:
            return path.resolve().relative_to(self.folder).as_posix()
        except ValueError:
            raise ConfigError(
                f"{path} is not below {self.folder}: git cannot tell what it was at another revision"
            ) from None

    def blobs(self, commit: str, paths: Sequence[str]) -> dict[str, str]:
        """The id of every file of the commit at or below `paths`."""
        listed = self._bytes("ls-tree", "-r", "-z", commit, "--", *paths).decode()
        lines = (line.partition("\t") for line in listed.split("\0") if line)
        return {path: meta.split()[2] for meta, _, path in lines}

    def blobs_now(self, paths: Sequence[str]) -> dict[str, str]:
        """The same of the working tree: what is not committed yet counts, what git ignores does not."""
        listed = self._bytes("ls-files", "-z", "-c", "-o", "--exclude-standard", "--", *paths).decode()
        there = sorted({path for path in listed.split("\0") if path and (self.folder / path).is_file()})
        given = "".join(f"{path}\n" for path in there).encode()
        hashes = self._bytes("hash-object", "--stdin-paths", given=given).decode().split()
        return dict(zip(there, hashes, strict=True))

    def show(self, commit: str, path: str) -> bytes | None:
        """A file of the commit, None where it has none."""
        found = self.run("cat-file", "blob", f"{commit}:./{path}")
        return None if found.returncode else found.stdout

    def extract(self, commit: str, paths: Sequence[str], target: Path) -> None:
        """Write the files of the commit at or below `paths` to `target`. Nothing of the repository changes."""
        with tarfile.open(fileobj=BytesIO(self._bytes("archive", "--format=tar", commit, "--", *paths))) as tar:
            tar.extractall(target, filter="data")

    def run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run git in the folder."""
        return subprocess.run(["git", *arguments], cwd=self.folder, input=given, capture_output=True, check=False)

    def _text(self, *arguments: str) -> str:
        return self._bytes(*arguments).decode().strip()

    def _bytes(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self.run(*arguments, given=given)
        if done.returncode:
            raise ConfigError(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout


def digest(blobs: Mapping[str, str], also: Sequence[str]) -> str:
    """One SHA-256 for these files, and for what else decides what is made of them."""
    lines = [*also, *(f"{path} {blob}" for path, blob in sorted(blobs.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
