"""The plans that a review is of, each proven to be of the stack's present bytes.

Either those that `mlgov plan` saved, which know the SHA-256 of what they were made of, or files that
`terraform show -json` wrote, which are compared with the stack (`same_bytes.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from delivery import saved_plan
from delivery.review import plan_file
from delivery.review.model import Status
from delivery.review.same_bytes import differences
from delivery.workspace import Workspace
from environments.manifest import Manifest, StackEntry, content
from modules.core.errors import ConfigError, TerraformError
from policies.errors import GateError
from policies.plan import PlanDocument
from policies.record import StackFile

_TOLD = 5  # differences that a refusal names


@dataclass(frozen=True, slots=True)
class Planned:
    """A stack, and what its plan does to it: the document, and the file of it that the gate judges."""

    entry: StackEntry
    status: Status
    document: PlanDocument | None = None
    file: StackFile | None = None


def saved(space: Workspace, entries: Sequence[StackEntry]) -> list[Planned]:
    """The plans that `mlgov plan` saved of these stacks. Raises GateError for one that was changed since."""
    return [_saved(space, entry) for entry in entries]


def _saved(space: Workspace, entry: StackEntry) -> Planned:
    folder = space.folder(entry.id)
    facts = saved_plan.read(folder, entry)
    if facts is None:
        return Planned(entry, "unplanned")
    if not facts.changes:
        return Planned(entry, "unchanged")
    path = folder.plan_document
    try:
        found = path.read_bytes()
        document = PlanDocument.model_validate_json(found)
    except (OSError, ValidationError) as error:
        raise GateError(f"stack {entry.id}: {path} cannot be read; run `mlgov plan --stack {entry.id}`") from error
    if hashlib.sha256(found).hexdigest() != facts.document or not facts.is_of(folder):
        raise GateError(f"stack {entry.id}: its plan was changed since it was made; plan it again")
    return Planned(
        entry, "reviewed", document, StackFile(entry.id, path, facts.document, "plan", space.out / entry.path)
    )


def given(
    named: Sequence[str], manifest: Manifest, out: Path, scratch: Path, *, proofs: Sequence[str] = ()
) -> list[Planned]:
    """The plans in files, each `FILE` or `STACK=FILE`; their documents for the gate are written into `scratch`.

    Without `STACK=` the file lies in the stack's folder below `out`, or is called `<stack>.json`. `proofs` are
    Terraform's plan files, named alike: where there is one, it proves of which bytes the plan is, to the byte.
    Raises ConfigError for a file that is no whole plan of format 1.x, of no stack, or the second of one stack;
    GateError for a plan of another configuration than the stack's.
    """
    plans, proven = (_by_stack(names, manifest, out) for names in (named, proofs))
    if unread := sorted(proven.keys() - plans.keys()):
        raise ConfigError(f"a plan file of {', '.join(unread)} is given, but no plan in JSON that it would prove")
    return [
        _given(plans[entry.id], entry, out, scratch, proven.get(entry.id))
        for entry in manifest.stacks
        if entry.id in plans
    ]


def _by_stack(named: Sequence[str], manifest: Manifest, out: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name in named:
        entry, path = _of_stack(name, manifest, out)
        if entry.id in found:
            raise ConfigError(f"{path}: a second plan of stack {entry.id}; give one plan for each stack")
        found[entry.id] = path
    return found


def _of_stack(name: str, manifest: Manifest, out: Path) -> tuple[StackEntry, Path]:
    entries = {entry.id: entry for entry in manifest.stacks}
    stack, equals, file = name.partition("=")
    if equals and stack in entries:
        return entries[stack], Path(file)
    path = Path(name)
    folder = path.resolve().parent
    for entry in manifest.stacks:
        if (out / entry.path).resolve().parent == folder or path.stem == entry.id:
            return entry, path
    raise ConfigError(
        f"{name}: of no stack of {out}: write STACK=FILE with an id that `mlgov graph` lists, put it into the stack's "
        "folder, or call it by the stack's id"
    )


def _given(path: Path, entry: StackEntry, out: Path, scratch: Path, proof: Path | None) -> Planned:
    plan = _read(path)
    stack = content(out / entry.path, entry.sha256, entry.id)
    try:
        document = saved_plan.document(entry.id, stack, plan)
    except TerraformError as error:
        raise ConfigError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValidationError) as error:
        raise ConfigError(f"{path}: no plan that `terraform show -json` writes ({error})") from error
    if proof is not None:
        plan_file.prove(proof, entry, plan)
    elif other := list(differences(plan, json.loads(stack))):
        more = f" and {len(other) - _TOLD} more" if len(other) > _TOLD else ""
        raise GateError(
            f"{path}: this plan was made of other bytes than stack {entry.id} has, which the gate has passed: "
            f"{'; '.join(other[:_TOLD])}{more}. Plan the stack as it is in {out}, then review again; where this cannot "
            "be told from JSON, give Terraform's plan file, too (--plan-file)"
        )
    if all(change.actions == ["no-op"] and not change.previous and not change.imported for change in document.changes):
        return Planned(entry, "unchanged")
    text = document.model_dump_json().encode()
    file = scratch / f"{entry.id}.json"
    file.write_bytes(text)
    sha256 = hashlib.sha256(text).hexdigest()
    return Planned(entry, "reviewed", document, StackFile(entry.id, file, sha256, "plan", out / entry.path))


def _read(path: Path) -> dict[str, Any]:
    try:
        plan = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); write it by `terraform show -json`") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not JSON ({error}); write it by `terraform show -json PLANFILE`") from error
    if not isinstance(plan, dict) or not {"format_version", "planned_values", "configuration"} <= plan.keys():
        raise ConfigError(f"{path}: is no plan in Terraform's JSON; write it by `terraform show -json PLANFILE`")
    return plan
