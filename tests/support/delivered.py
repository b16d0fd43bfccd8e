"""An organisation of two stacks, judged, planned and applied without Terraform: what evidence is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from delivery import saved_plan
from delivery.apply_record import ApplyRecord
from delivery.evidence.contents import gather
from delivery.evidence.model import Source, Versions
from delivery.evidence.pack import write
from delivery.target import Target
from delivery.workspace import StackFolder, Workspace
from policies.verdict import Counts, StackVerdict, Verdict
from tests.support.stacks import Synthesis

SOURCE = Source(commit="c" * 40, committed="2026-11-22T09:00:00+00:00", clean=True)
VERSIONS = Versions(mlgov="0.1.0", checkov="3.3.30", cdktf="0.21.0", python="3.11.9", terraform="1.11.4")
SECRET = b"correct horse battery staple"
WAIVERS = b"# none\n[]\n"


@dataclass(frozen=True)
class Delivered:
    """An organisation of two stacks: `one` is applied by a plan that the gate passed, `two` is planned."""

    root: Path
    synthesis: Synthesis
    space: Workspace

    @property
    def results(self) -> Path:
        return self.root / "work" / "acme" / "gate"

    @property
    def waivers(self) -> Path:
        return self.root / "waivers.yaml"

    def folder(self, stack_id: str) -> StackFolder:
        return self.space.folder(stack_id)

    def pack(self, name: str = "pack", *, policies: str = "p", source: Source = SOURCE) -> tuple[Path, str]:
        """Write a pack; returns its folder and the digest of its manifest."""
        files = gather(self.synthesis.manifest, self.space, results=self.results, waivers=self.waivers)
        to = self.root / name
        _, sha256 = write(to, files, policies=policies, made=None, target="aws", source=source, versions=VERSIONS)
        return to, sha256


def verdict(judged: dict[str, str], *, passed: bool = True, valid_until: date | None = None) -> Verdict:
    """A verdict over these bytes of these stacks."""
    stacks = {
        name: StackVerdict(
            sha256=sha256, file=f"{name}.json", passed=passed, counts=Counts(passed=1), valid_until=valid_until
        )
        for name, sha256 in judged.items()
    }
    return Verdict(
        passed=passed, valid_until=valid_until, policy_digest="p", checkov_version="3.3.30",
        waivers_sha256=hashlib.sha256(WAIVERS).hexdigest(), stacks=stacks, findings=(), unjudged=(), faults=(),
    )  # fmt: skip


def digests(delivered: Delivered) -> dict[str, str]:
    """The digests of the stacks as they are now."""
    return {entry.id: entry.sha256 for entry in delivered.synthesis.manifest.stacks}


def _planned(folder: StackFolder, synthesis: Synthesis, stack_id: str) -> saved_plan.PlanFacts:
    """A saved plan as Terraform and delivery leave it; Terraform's own file holds a secret."""
    entry = synthesis.entries[stack_id]
    change = {"actions": ["create"], "after": {"input": SECRET.decode()}, "after_sensitive": {"input": True}}
    resource = {"mode": "managed", "address": "terraform_data.x", "type": "terraform_data", "name": "x"}
    plan = {"format_version": "1.2", "resource_changes": [{**resource, "change": change}]}
    folder.private.mkdir(parents=True)
    folder.plan.write_bytes(SECRET)
    saved_plan.keep(folder, entry, stack=(synthesis.out / entry.path).read_bytes(), plan=plan)
    found = saved_plan.read(folder, entry)
    assert found is not None
    return found


def delivered(root: Path) -> Delivered:
    """`one` is applied by a plan that the gate passed, `two` is planned."""
    synthesis = Synthesis(root)
    provider = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}
    for name in ("one", "two"):
        terraform = {"terraform": {"required_providers": provider}}
        synthesis.stack(name, {})
        synthesis.rewrite(name, {**terraform, "resource": {"terraform_data": {"x": {}}}})
    space = Workspace.open(root / "work", synthesis.out, synthesis.manifest, Target.aws())
    found = Delivered(root, synthesis, space)
    plans = {name: _planned(space.folder(name), synthesis, name) for name in ("one", "two")}
    verdict(digests(found)).write(found.results)
    verdict({name: plan.document for name, plan in plans.items()}).write(space.plans)
    found.waivers.write_bytes(WAIVERS)
    record = ApplyRecord(space.folder("one"))
    record.finish(synthesis.entries["one"], changed=True, facts=plans["one"], gated=True, terraform="1.11.4")
    space.folder("one").drop_plan()
    return found
