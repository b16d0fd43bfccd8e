"""Whether the Terraform that holds a state lock may still be alive, as far as this machine can tell.

A lock file in S3 names a user and a host, no process. But a Terraform that holds it works in a folder that `init` has
tied to that very state, and what runs where can be read in `/proc`. Where it cannot, the holder counts as alive.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

PROC = Path("/proc")
State = tuple[str, str, int | None]
_NAMES = ("terraform", "tofu")
_SHOWN = 15  # bytes of a program's name that Linux shows in `comm`, which it hides from nobody


def may_live(folder: Path, program: str, environment: Mapping[str, str]) -> bool:
    """Whether a Terraform of this user may be working on the state that `init` has tied `folder` to.

    `program` is the name of the binary that is used here, which may be no `terraform`, `environment` what it is run
    with. The caller runs none there itself. Processes of other users, and those of containers that share no process
    ids with us, are not seen: the caller has to know that the lock's holder is this user on this machine.
    """
    own = _state(folder, environment)
    if own is None or not (PROC / "self").exists():
        return True
    # Not the names of providers and provisioners, which may outlive a Terraform and hold no lock.
    names = {name[:_SHOWN] for name in (program, *_NAMES)}
    return any(_works_on(process, own, names) for process in PROC.iterdir() if process.name.isdecimal())


def _works_on(process: Path, own: State, names: set[str]) -> bool:
    """Whether the process is a Terraform on that state. One that ended meanwhile is none."""
    try:
        if process.stat().st_uid != os.getuid() or (process / "comm").read_text(encoding="utf-8").strip() not in names:
            return False
        variables = os.fsdecode((process / "environ").read_bytes()).split("\0")
        return (
            _state((process / "cwd").readlink(), dict(each.split("=", 1) for each in variables if "=" in each)) == own
        )
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        return True  # a Terraform of this user that is hidden from it: nothing can be said


def _state(folder: Path, environment: Mapping[str, str]) -> State | None:
    """Bucket, key and endpoint's port of the S3 backend that `init` wrote down in a folder; None for any other."""
    try:
        written = (folder / environment.get("TF_DATA_DIR", ".terraform") / "terraform.tfstate").read_bytes()
        backend = json.loads(written)["backend"]
        config = backend["config"]
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
        return None
    if backend["type"] != "s3":
        return None
    named = (
        (config.get("endpoints") or {}).get("s3"),
        config.get("endpoint"),
        environment.get("AWS_ENDPOINT_URL_S3"),
        environment.get("AWS_ENDPOINT_URL"),
    )
    return config["bucket"], config["key"], urlsplit(next(filter(None, named), "")).port
