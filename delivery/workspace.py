"""The working folder of one organisation and target: copies of the stacks, logs, the lock file, what a run left."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from delivery.run_result import write_atomically
from delivery.target import Document, Target
from environments.manifest import STACK_FILE, Manifest, StackEntry, content

OVERRIDE_FILE = "mlgov_override.tf.json"
LOCK_FILE = ".terraform.lock.hcl"


@dataclass(frozen=True, slots=True)
class StackFolder:
    """`run/<stack>/`: a Terraform root that people may enter, too; what only we need is in `.mlgov/` below it."""

    path: Path

    @property
    def private(self) -> Path:
        return self.path / ".mlgov"

    @property
    def run_lock(self) -> Path:
        """Held by whoever runs Terraform here (see `process.exclusive`)."""
        return self.private / "run.lock"

    @property
    def plan(self) -> Path:
        return self.private / "tfplan"

    @property
    def plan_facts(self) -> Path:
        return self.private / "tfplan.json"

    @property
    def plan_document(self) -> Path:
        """What the gate judges of the saved plan; holds no sensitive value."""
        return self.private / "plan.json"

    @property
    def drift_plan(self) -> Path:
        """The plan that drift is read from. It is there for that moment only, and is never applied."""
        return self.private / "drift-plan"

    @property
    def applied(self) -> Path:
        """What the last apply carried out (see `apply_record`)."""
        return self.private / "applied.json"

    @property
    def applied_document(self) -> Path:
        """The plan document of that apply."""
        return self.private / "applied-plan.json"

    @property
    def local_state(self) -> Path:
        """The bootstrap stack's state until it is migrated into the bucket it makes."""
        return self.private / "bootstrap.tfstate"

    @property
    def errored_state(self) -> Path:
        """Written by Terraform when it could not save the state; holds the only record of real resources."""
        return self.path / "errored.tfstate"

    def drop_plan(self) -> None:
        """Forget the saved plan, if there is one."""
        for file in (self.plan_facts, self.plan_document, self.plan):
            file.unlink(missing_ok=True)

    def drop_applied(self) -> None:
        """Forget the last apply: what it made is no more."""
        for file in (self.applied, self.applied_document):
            file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Workspace:
    """`<work>/<organisation>/<target>/`. The synthesis in `out` is only read."""

    root: Path
    out: Path
    target: Target

    @classmethod
    def at(cls, work: Path, out: Path, manifest: Manifest, target: Target) -> Workspace:
        """The folder as it is, for who only looks: nothing is made, and no session begun."""
        return cls(work.resolve() / manifest.organization.name / target.name, out, target)

    @classmethod
    def open(cls, work: Path, out: Path, manifest: Manifest, target: Target) -> Workspace:
        """Make the folder, and forget the run folders and resume marker of an earlier session of the target.

        An emulator forgets everything when it stops: what was done against another one says nothing of this one.
        Plans and states may hold secrets, so only the folder's owner can enter it.
        """
        space = cls.at(work, out, manifest, target)
        root = space.root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        root.chmod(0o700)
        session = root / "session"
        if target.session and (not session.is_file() or session.read_text(encoding="utf-8") != target.session):
            shutil.rmtree(root / "run", ignore_errors=True)
            (root / "progress.json").unlink(missing_ok=True)
            write_atomically(session, target.session)
        return space

    @property
    def progress(self) -> Path:
        return self.root / "progress.json"

    @property
    def shared(self) -> Path:
        """What all stacks share: CLI configuration, plugin cache, lock files."""
        return self.root / "shared"

    @property
    def plans(self) -> Path:
        """The gate's results over plans."""
        return self.root / "plans"

    def last(self, verb: str) -> Path:
        return self.root / f"last-{verb}.json"

    def folder(self, stack_id: str) -> StackFolder:
        return StackFolder(self.root / "run" / stack_id)

    def log(self, stack_id: str) -> Path:
        return self.root / "logs" / f"{stack_id}.log"

    def source(self, entry: StackEntry) -> bytes:
        """The bytes of the stack's JSON; raises ManifestError when they or an asset's are not the manifest's."""
        stack = self.out / entry.path
        for name, sha256 in entry.assets.items():
            content(stack.parent / name, sha256, entry.id)
        return content(stack, entry.sha256, entry.id)

    def prepare(self, entry: StackEntry, *, backend: Document | None = None) -> Document:
        """Copy the stack into its folder, with the override file; returns its effective `terraform` block.

        `backend` replaces the stack's backend (bootstrap). Raises ManifestError as `source` does.
        """
        stack = self.source(entry)
        folder = self.folder(entry.id)
        folder.private.mkdir(parents=True, exist_ok=True)
        for stale in [*folder.path.glob("*.tf"), *folder.path.glob("*.tf.json")]:
            stale.unlink()
        for asset in sorted((self.out / entry.path).parent.iterdir()):
            if asset.is_dir():
                shutil.rmtree(folder.path / asset.name, ignore_errors=True)
                shutil.copytree(asset, folder.path / asset.name)
        (folder.path / STACK_FILE).write_bytes(stack)
        document: Document = json.loads(stack)
        overriding = self.target.override(document) if self.target.override else {}
        if backend is not None:
            overriding = {**overriding, "terraform": {**overriding.get("terraform", {}), "backend": backend}}
        if overriding:
            (folder.path / OVERRIDE_FILE).write_text(json.dumps(overriding, indent=2), encoding="utf-8")
        return {**document.get("terraform", {}), **overriding.get("terraform", {})}


def providers(terraform_block: Document) -> dict[str, Any]:
    """The providers a stack requires; CDKTF writes the block as an object, hand-written JSON may use a list."""
    required = terraform_block.get("required_providers", {})
    return dict(required[0]) if isinstance(required, list) else dict(required)


class Log:
    """One stack's log: appended to, never cut. Terraform's messages, without source snippets and environment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mutex = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def header(self, text: str) -> None:
        self.write(f"\n== {datetime.now(UTC).isoformat(timespec='seconds')} {text}")

    def write(self, text: str) -> None:
        if text:
            with self._mutex, self.path.open("a", encoding="utf-8") as file:
                file.write(text.rstrip("\n") + "\n")
