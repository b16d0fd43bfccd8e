"""Terraform on one stack in one folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.tools import Tools

_PLAN = "release.tfplan"
_LOCK_TIMEOUT = "10m"  # people may be at work on the same state


@dataclass(frozen=True, slots=True)
class Terraform:
    """Runs the verbs of a release in `folder`. What Terraform says goes to the build's log."""

    tools: Tools
    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def init(self) -> None:
        """Get the locked provider and the state. Raises ReleaseError when Terraform refuses, as all verbs do."""
        self._run("init", "-input=false", "-no-color", "-lockfile=readonly")

    def plan(self) -> dict[str, Any]:
        """Make a plan, keep it for `apply`, and return it as Terraform's JSON."""
        self._run("plan", "-input=false", "-no-color", f"-lock-timeout={_LOCK_TIMEOUT}", f"-out={_PLAN}")
        shown: dict[str, Any] = json.loads(self._run("show", "-json", _PLAN, captured=True))
        return shown

    def apply(self) -> None:
        """Carry out the plan that was made last, and no other."""
        self._run("apply", "-input=false", "-no-color", f"-lock-timeout={_LOCK_TIMEOUT}", _PLAN)

    def _run(self, *arguments: str, captured: bool = False) -> str:
        done = subprocess.run(
            [os.fspath(self.tools.terraform), *arguments],
            cwd=self.folder,
            env={
                **self.environment,
                "CHECKPOINT_DISABLE": "1",
                "TF_CLI_CONFIG_FILE": os.fspath(self.tools.configuration),
                "TF_IN_AUTOMATION": "1",
            },
            stdout=subprocess.PIPE if captured else None,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        sys.stderr.write(done.stderr)
        if done.returncode != 0:
            raise ReleaseError(f"terraform {arguments[0]} failed: {done.stderr.strip()[-1000:]}")
        return done.stdout or ""
