"""Terraform's own plan file as a proof: it carries the configuration that it was made of, byte by byte.

The file is a ZIP archive. `tfconfig/m-/` holds the files of the root module, `tfplan` the plan, with the moment when it
was made, which Terraform's JSON repeats. Terraform promises no form of it: what is not found as expected is refused.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environments.manifest import STACK_FILE, StackEntry
from policies.errors import GateError

_ROOT, _PLAN = "tfconfig/m-/", "tfplan"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def prove(path: Path, entry: StackEntry, plan: Mapping[str, Any]) -> None:
    """Raises GateError unless the file was made of the stack's bytes and nothing else, and `plan` is its JSON."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name.removeprefix(_ROOT) for name in archive.namelist() if name.startswith(_ROOT)}
            stack = archive.read(_ROOT + STACK_FILE)
            made = archive.read(_PLAN)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise GateError(f"{path}: is no plan file of stack {entry.id} ({error}); plan it again") from error
    if other := sorted(files - {STACK_FILE}):
        raise GateError(f"{path}: this plan was made of {', '.join(other)}, too, which no gate has seen; remove them")
    if hashlib.sha256(stack).hexdigest() != entry.sha256:
        raise GateError(
            f"{path}: this plan was made of other bytes than stack {entry.id} has, which the gate has passed; "
            "plan it again"
        )
    moment = str(plan.get("timestamp", ""))
    if not _MOMENT.fullmatch(moment) or moment.encode() not in made:
        raise GateError(f"{path}: the plan in JSON was not shown of this file; run `terraform show -json` on it again")
