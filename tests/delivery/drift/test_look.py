"""`mlgov drift` with real Terraform: what it sees, what it leaves alone, and what it remembers."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import main
from delivery.drift.look import look
from delivery.drift.model import DriftResult
from delivery.emulator import Emulator, override
from delivery.target import Target
from delivery.verbs import drift as verb
from delivery.workspace import StackFolder
from modules.core.errors import ConfigError
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Silent, Synthesis

Look = Callable[..., DriftResult]


@pytest.fixture(name="look")
def _look(synthesis: Synthesis, tmp_path: Path) -> Look:
    """`look(**options)`: look for drift in everything written so far."""

    def looked(**options: Any) -> DriftResult:
        given = {"target": Target.aws(), "work": tmp_path / "work", "reporter": Silent(), "jobs": 2, **options}
        return look(synthesis.manifest, synthesis.out, **given)

    return looked


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator") / "emulator.log") as running:
        yield running


def states(result: DriftResult) -> dict[str, str]:
    return {stack.id: stack.state for stack in result.stacks}


@pytest.mark.e2e
def test_what_is_known_is_kept_and_what_is_not_applied_is_no_drift(
    synthesis: Synthesis, deliver: Deliver, look: Look, tmp_path: Path
) -> None:
    """A run over some stacks forgets nothing of the rest; one that cannot be planned fails; one that went is told once.

    The plan that `mlgov plan` saved stays, and no state is written.
    """
    for name in ("one", "two", "three"):
        synthesis.stack(name, {"x": {"input": "a"}})
    deliver("apply")
    assert (states(first := look()), first.exit_code) == ({"one": "in-sync", "two": "in-sync", "three": "in-sync"}, 0)
    assert all(stack.of_these_bytes and stack.applied for stack in first.stacks)
    synthesis.stack("one", {"x": {"input": "b"}})
    synthesis.stack("two", {"x": {"input": "${nothing.there}"}})
    assert statuses(deliver("plan", select="one")) == {"one": "planned"}
    folder = StackFolder(tmp_path / "work/acme/aws/run/one")
    saved, kept = folder.plan.read_bytes(), (synthesis.states / "one.tfstate").read_bytes()
    second = look(select="one,two")
    assert (states(second), second.exit_code) == ({"one": "ahead", "two": "failed", "three": "in-sync"}, 4)
    assert second.stacks[2] == first.stacks[2]
    assert second.stacks[1].failure is not None
    assert (folder.plan.read_bytes(), (synthesis.states / "one.tfstate").read_bytes()) == (saved, kept)
    assert not folder.drift_plan.exists()
    del synthesis.entries["two"]
    third = look(select="one")
    assert (states(third), third.exit_code) == ({"one": "ahead", "three": "in-sync", "two": "gone"}, 0)
    assert "two" not in states(look(select="one"))


def aws(emulator: Emulator, service: str) -> Any:
    given = emulator.environment()
    return boto3.client(
        service,
        endpoint_url=given["AWS_ENDPOINT_URL"],
        region_name="eu-central-1",
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
    )


TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-drift/*"}


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


RESOURCES = {
    "aws_s3_bucket": {"b": {"bucket": "acme-drift"}},
    "aws_s3_bucket_public_access_block": {"b": {"bucket": "${aws_s3_bucket.b.id}", "block_public_policy": True}},
    "aws_iam_role": {"r": {"name": "r", "assume_role_policy": policy(TRUST)}},
    "aws_iam_role_policy": {"r": {"role": "${aws_iam_role.r.name}", "name": "read", "policy": policy(READ)}},
    "aws_ssm_parameter": {"s": {"name": "/s", "type": "SecureString", "value": "hunter2"}},
}


@pytest.mark.e2e
def test_what_is_done_by_hand_in_aws_is_seen(
    synthesis: Synthesis, deliver: Deliver, look: Look, emulator: Emulator, tmp_path: Path, capsys: Any
) -> None:
    """Deleted, changed and opened by hand: told with class and owner, without a secret, and ended when it is put back.

    Right after an apply nothing has drifted, although a role then shows the policy that its stack gave it.
    """
    synthesis.stack("one", {})
    backend = {"local": {"path": str(synthesis.states / "one.tfstate")}}
    required = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}
    provider = {"aws": [{"region": "eu-central-1"}]}
    block = {"backend": backend, "required_providers": required}
    synthesis.rewrite("one", {"terraform": block, "provider": provider, "resource": RESOURCES})
    target = Target.emulator(emulator, override)
    assert statuses(deliver("apply", target=target)) == {"one": "applied"}
    clean = look(target=target)
    assert (states(clean), clean.exit_code) == ({"one": "in-sync"}, 0)

    aws(emulator, "s3").delete_public_access_block(Bucket="acme-drift")
    anything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    aws(emulator, "iam").put_role_policy(RoleName="r", PolicyName="own", PolicyDocument=anything)
    aws(emulator, "ssm").put_parameter(Name="/s", Value="hunter3", Type="SecureString", Overwrite=True)
    seen = look(target=target)
    (stack,) = seen.stacks
    told = {each.address: (each.kind, each.severity) for each in stack.acted_on}
    assert (stack.state, stack.owner, seen.exit_code) == ("drifted", "platform@acme.example", 4)
    assert told == {
        "aws_s3_bucket_public_access_block.b": ("drift", "high"),
        "aws_iam_role.r": ("noted", "high"),
        "aws_ssm_parameter.s": ("drift", "none"),
    }
    assert "hunter" not in (tmp_path / "work/acme/emulated/last-drift.json").read_text(encoding="utf-8")
    assert "hunter" not in (tmp_path / "work/acme/emulated/logs/one.log").read_text(encoding="utf-8")

    out = ["--out", str(synthesis.out), "--work", str(tmp_path / "work"), "--emulated", emulator.endpoint]
    assert main.main(["drift", "--last", "--format", "markdown", *out]) == 4
    assert "`one/aws_iam_role.r`" in capsys.readouterr().out
    findings = ["--format", "asff", "--account", "222222222222", "--to", str(tmp_path / "findings")]
    assert main.main(["drift", "--last", *findings, *out]) == 4
    written = json.loads((tmp_path / "findings/findings-001.json").read_text(encoding="utf-8"))
    assert len(written["Findings"]) == 3
    assert capsys.readouterr().out == f"{tmp_path / 'findings/findings-001.json'}\n"

    aws(emulator, "iam").delete_role_policy(RoleName="r", PolicyName="own")
    assert statuses(deliver("apply", target=target)) == {"one": "applied"}
    assert main.main(["drift", "--format", "json", *out]) == 0
    ended = DriftResult.model_validate_json(capsys.readouterr().out)
    assert {each.address for each in ended.stacks[0].ended} == told.keys()


def test_who_imports_findings_has_to_be_known(tmp_path: Path) -> None:
    """Where AWS assigns the id of Security Hub's administrator it must be named, before anything is planned."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("one", {})
    synthesis.manifest.write(synthesis.out)
    options = Namespace(out=synthesis.out, work=tmp_path / "work", format="asff", account=None, last=False)
    with pytest.raises(ConfigError, match="--account ID"):
        verb.run(options)


def test_the_last_run_can_only_be_told_when_there_was_one(tmp_path: Path) -> None:
    """`--last` without a run, and with a selection that the run did not have, are errors that say what to do."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("one", {})
    synthesis.manifest.write(synthesis.out)
    options = Namespace(
        out=synthesis.out, work=tmp_path / "work", format="text", to=None, last=True, emulated=None, stack=None
    )
    with pytest.raises(ConfigError, match="there was no run yet"):
        verb.run(options)
    with pytest.raises(ConfigError, match="leave out --stack"):
        verb.run(Namespace(**{**vars(options), "stack": "one"}))
