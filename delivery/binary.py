"""Find the Terraform (or OpenTofu) binary and refuse one that is too old for the stacks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.core.errors import TerraformError

OVERRIDE_VARIABLE = "MLGOV_TERRAFORM"
FETCHED = Path(".mlgov") / "bin" / "terraform"
MINIMUM = (1, 11)
REMEDY = (
    "Install Terraform or OpenTofu >= 1.11 on PATH, or run `make terraform` (fetches a pinned Terraform and checks "
    f"its checksum), or set {OVERRIDE_VARIABLE} to a binary."
)


@dataclass(frozen=True, slots=True)
class Binary:
    """A Terraform or OpenTofu that is new enough: `path` can be executed, `version` is what it says of itself."""

    path: str
    version: str


def find(environ: Mapping[str, str] = os.environ) -> Binary:
    """The binary to run: `MLGOV_TERRAFORM`, else the one `make terraform` fetched, else terraform, else tofu on PATH.

    The first that exists is the one used. Raises TerraformError, with what to do, when there is none, when it
    does not run, or when it is older than 1.11 (S3 locking by lock file and ephemeral variables came with it).
    """
    for candidate in _candidates(environ):
        version = _version(candidate)
        if tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < MINIMUM:
            raise TerraformError(f"{candidate} is version {version}, too old for these stacks. {REMEDY}")
        return Binary(candidate, version)
    raise TerraformError(f"Neither terraform nor tofu was found on PATH. {REMEDY}")


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    if chosen := environ.get(OVERRIDE_VARIABLE):
        found = shutil.which(chosen, path=environ.get("PATH", ""))
        if found is None:
            raise TerraformError(f"{OVERRIDE_VARIABLE} names {chosen}, which is not an executable file. {REMEDY}")
        yield found
    if os.access(FETCHED, os.X_OK):
        yield str(FETCHED.resolve())
    for name in ("terraform", "tofu"):
        if found := shutil.which(name, path=environ.get("PATH", "")):
            yield found


def _version(path: str) -> str:
    try:
        answer = subprocess.run(
            [path, "version", "-json"],
            capture_output=True,
            timeout=30,
            check=True,
            env={**os.environ, "CHECKPOINT_DISABLE": "1"},
        )
        return str(json.loads(answer.stdout)["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise TerraformError(f"{path} does not answer `version -json` ({error}). {REMEDY}") from error
