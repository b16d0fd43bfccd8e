"""The main job on the embedded AWS, with a small hand-made organisation of two accounts."""

from __future__ import annotations

import io
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import boto3
import pytest
from rich.console import Console

from delivery.accounts import ROLE
from delivery.demo import Steps, demo, show_accounts
from delivery.emulator import Emulator, override
from modules.core.errors import TerraformError
from policies.errors import GateError
from policies.verdict import Verdict
from tests.delivery.test_emulated import PROVIDER, bootstrap_stack, s3_backend
from tests.support.stacks import Synthesis

PASSED = Verdict(
    passed=True, valid_until=None, policy_digest="", checkov_version="", stacks={}, findings=(), unjudged=(), faults=()
)


def bucket_stack(synthesis: Synthesis, stack_id: str, provider: dict[str, Any]) -> None:
    synthesis.stack(stack_id, {}, backend=s3_backend(stack_id, "demo-state"), depends_on=["management-bootstrap"])
    synthesis.rewrite(
        stack_id,
        {
            "terraform": {"backend": s3_backend(stack_id, "demo-state"), "required_providers": PROVIDER},
            "provider": {"aws": [{"region": "eu-central-1", **provider}]},
            "resource": {"aws_s3_bucket": {"data": {"bucket": stack_id}}},
        },
    )


def member_account(emulator: Emulator) -> str:
    """Make an organisation with one member account; returns the member's id."""
    variables = emulator.environment()
    organizations = boto3.client(
        "organizations",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_REGION"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    organizations.create_organization(FeatureSet="ALL")
    status = organizations.create_account(AccountName="member", Email="member@example.com")["CreateAccountStatus"]
    return str(status["AccountId"])


def run_demo(synthesis: Synthesis, tmp_path: Path, emulator: Any, verdict: Verdict = PASSED) -> str:
    steps = Steps(
        synthesise=lambda: synthesis.manifest,
        gate=lambda manifest: verdict,
        emulator=lambda manifest: nullcontext(emulator),
        override=override,
        report=lambda: Path("report.html"),
    )
    console = Console(file=io.StringIO(), width=160)
    demo(synthesis.out, work=tmp_path / "work", jobs=2, console=console, steps=steps)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.e2e
def test_the_main_job_ends_with_its_table(synthesis: Synthesis, tmp_path: Path) -> None:
    """Bootstrap, apply and a clean second plan; each account sees its own bucket; the table sums it up."""
    with Emulator(tmp_path / "emulator.log") as emulator:
        role = f"arn:aws:iam::{member_account(emulator)}:role/{ROLE}"
        bootstrap_stack(synthesis, "demo-state")
        bucket_stack(synthesis, "member-data", {"assume_role": [{"role_arn": role}]})
        text = run_demo(synthesis, tmp_path, emulator)
    assert "applied   │ 2 of 2 stacks" in text
    assert "drift     │ 0 stacks" in text
    listed = [line for line in text.splitlines() if line.startswith("as ")]
    assert [line.rsplit(": ", 1)[1] for line in listed] == ["demo-state", "member-data"]


def test_one_account_is_not_enough() -> None:
    """If all buckets lie in one account, or two accounts see the same one, the demo fails."""
    for buckets in ({"a": ["x"], "b": []}, {"a": ["x"], "b": ["x"]}):
        with pytest.raises(TerraformError, match="expected in two accounts or more"):
            show_accounts(Console(file=io.StringIO()), buckets)


def test_the_demo_stops_at_a_gate_that_has_not_passed(synthesis: Synthesis, tmp_path: Path) -> None:
    """Nothing is applied when the gate has not passed."""
    synthesis.stack("one", {})
    with pytest.raises(GateError, match="the gate has not passed"):
        run_demo(synthesis, tmp_path, None, verdict=PASSED.model_copy(update={"passed": False}))
    assert not (tmp_path / "work").exists()
