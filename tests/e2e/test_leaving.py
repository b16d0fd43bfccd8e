"""A team leaves, stage by stage, with real Terraform against the embedded AWS: nothing is lost on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from delivery.bootstrap import bootstrap
from delivery.emulator import Emulator, override
from delivery.run_result import StackResult, Verb
from delivery.target import Target
from delivery.terraform import run
from environments import placement
from environments.build import synthesise
from environments.manifest import Manifest
from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract
from tests.support.stacks import Silent

pytestmark = pytest.mark.e2e

SMALL = Path(__file__).parents[2] / "examples" / "small"
TREE, ACCESS, WORK = "management-organization", "pilot-dev-access", "pilot-dev-logs"
TEAM = """team: pilot
line_of_business: Pilot
owner: robin@minnow.example
cost_center: ML-2
accounts:
  dev: { email: aws-pilot-dev@minnow.example }
  test: { use: workload }
  prod: { use: workload }
"""


def _workshop(site: Site) -> Iterator[Node]:
    """A stack that holds data in each account that is a team's alone: an archive with a bucket and a key."""
    for account in site.organization.with_role("ml-team"):
        if account.team == "pilot":
            edges = {**site.access(account), OrganizationContract: site.tree}
            yield site.node("logs", account, edges, module="observability")


@dataclass
class Platform:
    """The small organisation with a team that has an account of its own."""

    config: Path
    out: Path
    work: Path
    target: Target
    emulator: Emulator

    def stage(self, stage: str | None) -> None:
        """Write the team's file at this stage and synthesise."""
        line = f"offboarding: {stage}\n" if stage else ""
        (self.config / "teams" / "pilot.yaml").write_text(TEAM + line, encoding="utf-8")
        synthesise(self.config, self.out)

    def delete(self) -> None:
        """Delete the team's file and synthesise."""
        (self.config / "teams" / "pilot.yaml").unlink()
        synthesise(self.config, self.out)

    def run(self, verb: Verb, stack_id: str) -> StackResult:
        """Plan or apply one stack."""
        given: dict[str, Any] = {"target": self.target, "work": self.work, "reporter": Silent(), "jobs": 2}
        result = run(verb, Manifest.read(self.out), self.out, allowed=lambda i, s: True, select=stack_id, **given)
        return result.stacks[0]

    def client(self, service: str, account: str | None = None) -> Any:
        """A client in the management account, or in another."""
        common = {"endpoint_url": self.emulator.endpoint, "region_name": "eu-west-1"}
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        if account is None:
            return boto3.client(service, **common, **keys)
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        found = boto3.client("sts", **common, **keys).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        token = {"aws_session_token": found["SessionToken"]}
        keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"]}
        return boto3.client(service, **common, **keys, **token)

    def account(self) -> dict[str, Any]:
        """The team's account as AWS Organizations has it."""
        accounts = self.client("organizations").list_accounts()["Accounts"]
        return next(dict(account) for account in accounts if account["Name"] == "pilot-dev")

    def unit(self) -> str:
        """The name of the unit in which the team's account stands."""
        client = self.client("organizations")
        (parent,) = client.list_parents(ChildId=self.account()["Id"])["Parents"]
        return str(client.describe_organizational_unit(OrganizationalUnitId=parent["Id"])["OrganizationalUnit"]["Name"])


@pytest.fixture(name="platform")
def _platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    if not (shutil.which("terraform") or shutil.which("tofu")):
        pytest.skip("neither terraform nor tofu is on PATH: run `make terraform` and put .mlgov/bin on PATH")
    monkeypatch.setattr(placement, "AREAS", (*placement.AREAS, _workshop))
    config = tmp_path / "config"
    shutil.copytree(SMALL, config)
    organization = config / "organization.yaml"
    text = organization.read_text(encoding="utf-8")
    text = text.replace("\naccounts:", "  suspended: { name: Suspended, guardrails: quarantine }\n\naccounts:")
    text = text.replace("  domain_unit: workloads", "  domain_unit: workloads\n  suspended_unit: suspended")
    organization.write_text(text, encoding="utf-8")
    with Emulator(tmp_path / "emulator.log", region="eu-west-1") as emulator:
        target = Target.emulator(emulator, override)
        yield Platform(config, tmp_path / "out", tmp_path / "work", target, emulator)


def test_a_team_leaves_without_losing_anything(platform: Platform) -> None:
    """Removed at once it is refused; by its stages it goes, and account, bucket and key are there to the end."""
    platform.stage(None)
    manifest = Manifest.read(platform.out)
    options: dict[str, Any] = {"target": platform.target, "work": platform.work, "reporter": Silent()}
    assert bootstrap(manifest, platform.out, allowed=lambda i, s: True, **options).ok
    assert [platform.run("apply", stack).status for stack in (TREE, ACCESS, WORK)] == ["applied"] * 3
    account = platform.account()["Id"]
    assert platform.unit() == "Workloads"

    platform.delete()
    for verb in ("plan", "apply"):
        refused = platform.run(verb, TREE)  # type: ignore[arg-type]
        assert refused.failure is not None
        assert refused.failure.address.startswith("aws_organizations_account.tree_accounts_pilot-dev_")
        assert "mlgov offboard" in refused.failure.advice
    assert platform.account()["Status"] == "ACTIVE"

    platform.stage("suspended")
    assert platform.run("apply", TREE).status == "applied"
    assert platform.unit() == "Suspended"
    emptied = platform.run("apply", WORK)
    assert (emptied.status, emptied.resources) == ("applied", 0)
    assert [platform.run("plan", stack).status for stack in (TREE, ACCESS, WORK)] == ["unchanged"] * 3
    kept = platform.client("s3", account)
    assert {bucket["Name"] for bucket in kept.list_buckets()["Buckets"]} >= {"minnow-dev-logs"}
    assert kept.get_public_access_block(Bucket="minnow-dev-logs")["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    (rule,) = kept.get_bucket_encryption(Bucket="minnow-dev-logs")["ServerSideEncryptionConfiguration"]["Rules"]
    key = platform.client("kms", account).describe_key(
        KeyId=rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    )
    assert key["KeyMetadata"]["KeyState"] == "Enabled"

    platform.stage("closed")
    assert not any(entry.account == "pilot-dev" for entry in Manifest.read(platform.out).stacks)
    assert platform.run("apply", TREE).status == "applied"
    assert platform.account()["Status"] == "ACTIVE", "an account is closed by a person"
    assert platform.run("plan", TREE).status == "unchanged"

    platform.delete()
    assert platform.run("plan", TREE).status == "unchanged"
