"""Reviews of plans that the real Terraform made, saved by `mlgov plan` and shown by `terraform show -json`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import main
from delivery import binary, mirror
from delivery.emulator import Emulator, override
from delivery.review.judge import review
from delivery.review.same_bytes import differences
from delivery.review.sources import saved
from delivery.target import Target
from delivery.verbs.shared import today
from delivery.workspace import Workspace
from policies.cache import tree_digest
from policies.errors import GateError
from policies.isolation import PACKAGE
from tests.delivery.conftest import Deliver, statuses
from tests.policies.plans.fixture import STACKS
from tests.policies.plans.record import offline
from tests.support.delivered import verdict
from tests.support.stacks import Synthesis

pytestmark = pytest.mark.e2e

Output = pytest.CaptureFixture[str]
GRANT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Resource": "*"}

# These stacks keep their state in a file, so that they need no AWS.
WAIVERS = f"""
- policy: CKV_MLGOV_11
  resource: one/terraform.backend.local
  reason: a test without AWS
  ticket: T-1
  owner: a@acme.example
  approver: b@acme.example
  expires: {today() + timedelta(days=30)}
"""


def _gated(synthesis: Synthesis, work: Path, *, only: str | None = None) -> None:
    """A verdict of the present policies that passes the stacks as they are, or one of them."""
    judged = {entry.id: entry.sha256 for entry in synthesis.manifest.stacks if only in (None, entry.id)}
    passed = verdict(judged).model_copy(update={"policy_digest": tree_digest(PACKAGE, PACKAGE)})
    passed.write(work / "acme" / "gate")


def _mlgov(synthesis: Synthesis, work: Path, waivers: Path, *words: str) -> int:
    waivers.write_text(WAIVERS, encoding="utf-8")
    return main.main(["review", *words, "--out", str(synthesis.out), "--work", str(work), "--waivers", str(waivers)])


def _shown(folder: Path, plan: Path) -> str:
    done = subprocess.run(
        [binary.find().path, f"-chdir={folder}", "show", "-json", str(plan)], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_stack_is_reviewed_as_saved_and_as_shown(
    synthesis: Synthesis, deliver: Deliver, tmp_path: Path, capsys: Output
) -> None:
    """All forms of one plan give the same review; a plan made before the stack changed is refused in each."""
    work, waivers = tmp_path / "work", tmp_path / "waivers.yaml"
    synthesis.stack("one", {"kept": {"input": "a"}, "gone": {}}, variable={"v": {"default": "x"}})
    deliver("apply")
    synthesis.stack("one", {"kept": {"input": "b-${var.v}"}, "new": {}}, variable={"v": {"default": "x"}})
    deliver("plan")
    space = Workspace.open(work, synthesis.out, synthesis.manifest, Target.aws())
    folder = space.folder("one")
    shown = tmp_path / "one.json"
    shown.write_text(_shown(folder.path, folder.plan), encoding="utf-8")

    assert _mlgov(synthesis, work, waivers) == 3  # no gate has run
    _gated(synthesis, work)
    capsys.readouterr()
    pages = []
    for words in ((), (str(shown),), (str(shown), "--plan-file", f"one={folder.plan}")):
        assert _mlgov(synthesis, work, waivers, *words, "--format", "json") == 3
        pages.append(json.loads(capsys.readouterr().out))
    assert pages[0] == pages[1] == pages[2]
    told = {one["address"]: one["classes"][0]["kind"] for one in pages[0]["stacks"][0]["changes"]}
    assert told == {
        "terraform_data.gone": "removal",
        "terraform_data.kept": "safe",
        "terraform_data.new": "safe",
    }
    named = tmp_path / "accepted"
    named.write_text("# meant\nremoval:one:terraform_data.gone # ticket 7\n", encoding="utf-8")
    accepted = ("--accept", f"@{named}", "--summary", str(tmp_path / "summary.md"))
    assert _mlgov(synthesis, work, waivers, *accepted) == 0
    assert "may be applied" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert _mlgov(synthesis, work, waivers, *accepted, "--accept", "data-loss:one:x.y") == 2
    capsys.readouterr()
    assert _mlgov(synthesis, work, waivers, f"one={shown}", "--policy-check") == 0
    assert capsys.readouterr().out.startswith("FAIL 1 failures of ")
    assert _mlgov(synthesis, work, waivers, f"one={shown}", "--policy-check", *accepted) == 0
    assert capsys.readouterr().out.startswith("ok: ")

    synthesis.stack("one", {"kept": {"input": "c-${var.v}"}, "new": {}}, variable={"v": {"default": "x"}})
    _gated(synthesis, work)
    capsys.readouterr()
    assert _mlgov(synthesis, work, waivers, str(shown)) == 3
    assert "other bytes" in capsys.readouterr().err
    assert _mlgov(synthesis, work, waivers, str(shown), "--plan-file", f"one={folder.plan}") == 3
    assert "other bytes" in capsys.readouterr().err
    assert _mlgov(synthesis, work, waivers) == 3
    assert "no plan of its present bytes" in capsys.readouterr().out


def test_a_saved_plan_that_was_changed_is_refused(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """Neither Terraform's file nor our document may be another than when the plan was made."""
    synthesis.stack("one", {"x": {}})
    deliver("plan")
    space = Workspace.open(tmp_path / "work", synthesis.out, synthesis.manifest, Target.aws())
    folder = space.folder("one")
    entries = synthesis.manifest.stacks
    assert saved(space, entries)[0].status == "reviewed"
    kept = folder.plan_document.read_bytes()
    folder.plan_document.write_bytes(kept.replace(b"create", b"no-op "))
    with pytest.raises(GateError, match="changed since"):
        saved(space, entries)
    folder.plan_document.write_bytes(kept)
    folder.plan.write_bytes(folder.plan.read_bytes() + b"x")
    with pytest.raises(GateError, match="changed since"):
        saved(space, entries)


def test_configuration_with_providers_blocks_and_instances_is_told_value_by_value(tmp_path: Path) -> None:
    """What Terraform tells of a stack with aliases, nested blocks and for_each is the stack, and no other value is."""
    written = {**STACKS["governed"], **offline(STACKS["governed"])}
    (tmp_path / "cdk.tf.json").write_text(json.dumps(written), encoding="utf-8")
    (tmp_path / "function.zip").write_bytes(b"")
    config = mirror.cli_config(tmp_path)
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"} | ({"TF_CLI_CONFIG_FILE": str(config)} if config else {})
    for words in (("init",), ("plan", "-out=tfplan")):
        subprocess.run(
            [binary.find().path, *words, "-input=false"], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
    shown = subprocess.run(
        [binary.find().path, "show", "-json", "tfplan"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    plan = json.loads(shown.stdout)
    assert list(differences(plan, written)) == []
    text, tried = json.dumps(written["resource"]), 0
    for path in _leaves(written["resource"]):
        other = json.loads(text)
        place = other
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = "ANOTHER"
        assert list(differences(plan, {**written, "resource": other})), path
        tried += 1
    assert tried > 50


def _leaves(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values that Terraform tells of."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in ("//", "lifecycle", "depends_on"):
                yield from _leaves(value, (*path, key))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _leaves(value, (*path, place))
    else:
        yield path


def _topic(synthesis: Synthesis, *, action: str, days: int) -> None:
    """A topic with its policy (of a queue's Terraform waits a minute), and a log group, in AWS."""
    synthesis.stack("one", {})
    synthesis.rewrite(
        "one",
        {
            "terraform": {
                "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
                "backend": {"local": {"path": str(synthesis.states / "one.tfstate")}},
            },
            "provider": {"aws": [{"region": "eu-central-1"}]},
            "resource": {
                "aws_sns_topic": {"t": {"name": "t"}},
                "aws_sns_topic_policy": {
                    "p": {
                        "arn": "${aws_sns_topic.t.arn}",
                        "policy": json.dumps({"Version": "2012-10-17", "Statement": [{**GRANT, "Action": action}]}),
                    }
                },
                "aws_cloudwatch_log_group": {"logs": {"name": "/one", "retention_in_days": days}},
            },
        },
    )


def test_plans_against_an_aws_are_classified_by_what_they_change(
    synthesis: Synthesis, deliver: Deliver, tmp_path: Path
) -> None:
    """On the embedded AWS: a change opens a topic and keeps logs for a shorter time."""
    with Emulator(tmp_path / "emulator.log") as emulator:
        target = Target.emulator(emulator, override)
        _topic(synthesis, action="sns:Publish", days=365)
        assert statuses(deliver("apply", target=target)) == {"one": "applied"}
        _topic(synthesis, action="sns:*", days=30)
        deliver("plan", target=target)
        assert _classes(synthesis, tmp_path, target) == {
            "aws_cloudwatch_log_group.logs": "data-loss",
            "aws_sns_topic_policy.p": "access-widening",
        }


def _classes(synthesis: Synthesis, tmp_path: Path, target: Target) -> dict[str, str]:
    space = Workspace.open(tmp_path / "work", synthesis.out, synthesis.manifest, target)
    found = review(synthesis.manifest, saved(space, synthesis.manifest.stacks), policies=None)
    return {change.address: change.worst.kind.value for change in found.stacks[0].changes}
