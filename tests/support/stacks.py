"""A synthesis made by hand: stacks of `terraform_data` with local state, so that no provider is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from delivery.run_result import StackResult
from environments.manifest import STACK_FILE, Manifest, OrganizationSummary, StackEntry, digest

Resources = Mapping[str, Mapping[str, Any]]

ORGANIZATION = OrganizationSummary(
    name="acme",
    partition="aws",
    home_region="eu-central-1",
    management_account_id="111111111111",
    units=(),
    accounts=(),
)


class Synthesis:
    """An out folder that grows stack by stack; state files lie beside it."""

    def __init__(self, root: Path) -> None:
        self.out, self.states = root / "out", root / "states"
        self.states.mkdir(parents=True, exist_ok=True)
        self.entries: dict[str, StackEntry] = {}

    def stack(
        self,
        stack_id: str,
        resources: Resources,
        *,
        depends_on: Sequence[str] = (),
        backend: Mapping[str, Any] | None = None,
        stack: str = "test",
        **blocks: Any,
    ) -> None:
        """Write a stack, or write it anew."""
        document = {
            "terraform": {"backend": backend or {"local": {"path": str(self.states / f"{stack_id}.tfstate")}}},
            "resource": {"terraform_data": resources},
            **blocks,
        }
        path = self.out / "stacks" / stack_id / STACK_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
        self.entries[stack_id] = StackEntry(
            id=stack_id,
            stack=stack,
            module="foundations",
            account="management",
            environment="org",
            region="eu-central-1",
            tier="foundation",
            owner="platform@acme.example",
            path=f"stacks/{stack_id}/{STACK_FILE}",
            state_bucket="acme-org-state",
            state_key=f"org/{stack_id}.tfstate",
            depends_on=tuple(depends_on),
            resources=len(resources),
            sha256=digest(path),
        )

    def rewrite(self, stack_id: str, document: Mapping[str, Any]) -> None:
        """Give a stack another document."""
        path = self.out / self.entries[stack_id].path
        path.write_text(json.dumps(document), encoding="utf-8")
        self.entries[stack_id] = self.entries[stack_id].model_copy(update={"sha256": digest(path)})

    @property
    def manifest(self) -> Manifest:
        """The manifest of what was written so far, in the order it was first written."""
        manifest = Manifest(organization=ORGANIZATION, stacks=tuple(self.entries.values()))
        manifest.write(self.out)
        return manifest

    def applied(self, stack_id: str) -> list[str]:
        """Addresses in the stack's state."""
        path = self.states / f"{stack_id}.tfstate"
        if not path.is_file():
            return []
        state = json.loads(path.read_text(encoding="utf-8"))
        return sorted(f"{resource['type']}.{resource['name']}" for resource in state["resources"])


def shell(command: str) -> dict[str, Any]:
    """A resource that runs a shell command when it is created."""
    return {"triggers_replace": [command], "provisioner": [{"local-exec": {"command": command}}]}


class Silent:
    """A reporter that keeps what it heard."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []

    def started(self, stack_id: str) -> None:
        self.events.append(("started", stack_id))

    def step(self, stack_id: str, text: str) -> None:
        self.events.append(("step", f"{stack_id} {text}"))

    def finished(self, result: StackResult) -> None:
        self.events.append(("finished", result.id))
