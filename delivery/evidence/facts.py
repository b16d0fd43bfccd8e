"""What a pack says of itself: the versions that made it, and the commit that they ran in."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from delivery import binary
from delivery.evidence.model import Source, Versions
from modules.core.errors import ConfigError, TerraformError
from policies.cache import checkov_version


def versions() -> Versions:
    """The releases installed here. What has applied a stack is in the stack's record."""
    try:
        terraform = binary.find().version
    except TerraformError:
        terraform = None
    return Versions(
        mlgov=version("mlgov"),
        checkov=checkov_version(),
        cdktf=version("cdktf"),
        python=platform.python_version(),
        terraform=terraform,
    )


def source(folder: Path) -> Source:
    """The commit checked out around the folder; without one, why."""
    try:
        commit = _git(folder, "rev-parse", "--verify", "HEAD")
        committed = _git(folder, "show", "--no-patch", "--no-show-signature", "--format=%cI", commit)
        changed = _git(folder, "status", "--porcelain", "--untracked-files=normal")
    except FileNotFoundError:
        return Source(reason="git is not installed here")
    except subprocess.CalledProcessError:
        return Source(reason="git finds no commit here: no repository, an empty one, or one of another owner")
    return Source(commit=commit, committed=in_utc(committed), clean=not changed)


def in_utc(text: str) -> str:
    """A time in ISO 8601 in UTC, to the second. Raises ConfigError for what is no time, or has no time zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ConfigError(f"{text!r} is no time in ISO 8601 with its zone, such as 2026-11-23T09:00:00Z")
    return time.astimezone(UTC).isoformat(timespec="seconds")


def _git(folder: Path, *arguments: str) -> str:
    # A hook's or a caller's GIT_DIR would name another repository than that of the folder.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=folder,
        env=inherited,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
