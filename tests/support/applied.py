"""Some stacks of an organisation, with those they need, applied by the real Terraform on an embedded AWS."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

import boto3
from botocore.config import Config

from delivery.bootstrap import bootstrap
from delivery.emulator import Emulator, override
from delivery.run_result import RunResult
from delivery.target import Target
from delivery.terraform import run
from environments.manifest import Manifest
from tests.support.stacks import Silent


class Applied:
    """`manifest` are the stacks that were asked for and those they need; logs of the runs are below `work`."""

    def __init__(self, emulator: Emulator, out: Path, work: Path, stacks: Collection[str]) -> None:
        """Apply the stacks of the synthesis `out`. Fails the test with the words of the stack that failed."""
        self.emulator, self.out, self._work = emulator, out, work
        whole = Manifest.read(out)
        needed = _needed(whole, stacks)
        self.manifest = whole.model_copy(
            update={"stacks": tuple(entry for entry in whole.stacks if entry.id in needed)}
        )
        target = Target.emulator(emulator, override)
        reporter = Silent()
        _require(
            bootstrap(
                self.manifest, out, target=target, work=work, reporter=reporter, allowed=lambda stack, sha256: True
            )
        )
        self.run("apply")

    def run(self, verb: Literal["apply", "plan"]) -> RunResult:
        """Run Terraform on all of them."""
        target = Target.emulator(self.emulator, override)
        return _require(
            run(
                verb,
                self.manifest,
                self.out,
                target=target,
                work=self._work,
                reporter=Silent(),
                allowed=lambda stack, sha256: True,
                jobs=8,
            )
        )

    def ids(self) -> dict[str, str]:
        """The ids that the embedded AWS gave the accounts, by their names."""
        client: Any = boto3.client(
            "organizations",
            endpoint_url=self.emulator.endpoint,
            region_name=self.manifest.organization.home_region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(proxies={}),
        )
        pages = client.get_paginator("list_accounts").paginate()
        return {str(each["Name"]): str(each["Id"]) for page in pages for each in page["Accounts"]}


def _needed(manifest: Manifest, stacks: Collection[str]) -> set[str]:
    producers = {entry.id: entry.depends_on for entry in manifest.stacks}
    needed, todo = set(), [*stacks, *(entry.id for entry in manifest.stacks if entry.stack == "bootstrap")]
    while todo:
        each = todo.pop()
        if each not in needed:
            needed.add(each)
            todo += producers[each]
    return needed


def _require(result: RunResult) -> RunResult:
    said = [f"{each.id}: {each.failure.describe() if each.failure else each.note}" for each in result.stacks]
    assert result.ok, "\n".join(said)
    return result
