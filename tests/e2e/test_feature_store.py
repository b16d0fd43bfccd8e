"""A feature store with real Terraform against the embedded AWS: applied twice, shared, and grown by a feature."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from constructs import Construct

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.core.handshake import Edge
from modules.core.lf_tags import vocabulary
from modules.feature_store.edges import FINDS, USES
from modules.feature_store.feature_store import FeatureStore
from modules.feature_store.functions.evolve_group.handler import Evolve, NotYetError
from modules.feature_store.settings import FeatureGroupSpec
from modules.feature_store.shares import Audience, Shares
from modules.feature_store.user import User
from modules.foundations.contract import AccessContract
from tests.support.rendering import NAMING, render

pytestmark = pytest.mark.e2e

HERE = replace(NAMING, account_id="111111111111", environment="org")
TEXT = {"type": "string", "description": "Said of it"}
NUMBER = {"type": "integral", "description": "Payments in the last hour"}


def _spec(**added: Any) -> FeatureGroupSpec:
    document = {
        "feature_group": "card-spend",
        "team": "fraud",
        "owner": "a@acme.example",
        "description": "What was spent",
        "sensitivity": "confidential",
        "record_id": "card",
        "event_time": "at",
        "features": {"card": TEXT, "at": TEXT, **added},
        "online": {"storage": "standard", "ttl_days": 30},
        "central": {"reviewer": "b@acme.example"},
    }
    return FeatureGroupSpec.model_validate_json(json.dumps(document))


@dataclass
class Site:
    """An emulator, and a folder in which Terraform works on one stack."""

    emulator: Emulator
    folder: Path
    variables: dict[str, str]
    keys: tuple[str, str] = ("", "")
    team: str = ""
    role: str = ""

    def client(self, service: str, account: str | None = None) -> Any:
        """A client in the store's account, or in another of the organisation."""
        common = {"endpoint_url": self.emulator.endpoint, "region_name": "eu-west-1"}
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        if account is not None:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            given = boto3.client("sts", **common, **keys).assume_role(RoleArn=role, RoleSessionName="test")[
                "Credentials"
            ]
            keys = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"]}
            keys["aws_session_token"] = given["SessionToken"]
        return boto3.client(service, **common, **keys)

    def prepare(self) -> None:
        """What other stacks make: an organisation with a team's account, keys, LF-tags, Terraform's own role."""
        organizations = self.client("organizations")
        organizations.create_organization(FeatureSet="ALL")
        made = organizations.create_account(AccountName="lending-dev", Email="lending@acme.example")
        self.team = made["CreateAccountStatus"]["AccountId"]
        self.client("ram").enable_sharing_with_aws_organization()
        kms = self.client("kms")
        online, offline = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
        self.keys = (online, offline)
        for account, name in ((None, HERE.name("mlgov-apply")), (self.team, "acme-dev-lending-pipeline")):
            self.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument="{}")
        self.role = f"arn:aws:iam::{self.team}:role/acme-dev-lending-pipeline"
        lake = self.client("lakeformation")
        administrator = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{HERE.account_id}:root"}
        settings = {"DataLakeAdmins": [administrator], "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}}
        lake.put_data_lake_settings(DataLakeSettings=settings)
        for key, values in vocabulary(["fraud"], ["card-spend"]).items():
            lake.create_lf_tag(TagKey=key, TagValues=list(values))

    def write(self, spec: FeatureGroupSpec) -> None:
        """The stack in which this group is central and shared with the team."""

        def build(scope: Construct) -> None:
            store = FeatureStore(
                scope,
                "store",
                naming=HERE,
                team=None,
                groups=[spec],
                users=[User("lending", "lending-dev", {"pipeline": self.role}, {"card-spend": "read"})],
                online_key_arn=self.keys[0],
                offline_key_arn=self.keys[1],
                access=AccessContract(**AccessContract.names(HERE)),
            )
            lending = {"lending-dev": self.team}
            Shares(
                scope,
                "shares",
                naming=HERE,
                finders=Audience(lending, {}, [Edge(FINDS, "lending", "the store")]),
                users={"card-spend": {"read": Audience(lending, {}, [Edge(USES, "lending", "the store")])}},
                groups=store.groups,
            )

        document = render(build).document
        document["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
        document["provider"] = {"aws": [{"region": "eu-west-1"}]}
        (self.folder / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
        (self.folder / "mlgov_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command; exit code 1 fails the test with Terraform's own words."""
        command = ["terraform", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False)
        assert done.returncode != 1, f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("features")
    (folder := work / "stack").mkdir()
    with Emulator(work / "emulator.log", region="eu-west-1") as emulator:
        variables = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        if (config := cli_config(work / "cli")) is not None:
            variables["TF_CLI_CONFIG_FILE"] = str(config)
        site = Site(emulator, folder, variables)
        site.prepare()
        site.write(_spec())
        site.terraform("init")
        site.terraform("apply", "-auto-approve")
        yield site


def test_a_second_plan_is_clean(site: Site) -> None:
    """Neither group nor shares, tags or grants drift (complaints 19, 20 and 22)."""
    plan = site.terraform("plan", "-detailed-exitcode")
    assert plan.returncode == 0, plan.stdout


def test_the_team_finds_and_describes_the_group_and_is_granted_its_history(site: Site) -> None:
    """From its own account it finds the group, and by its share describes it; the grant is in the owner's catalogue."""
    there = site.client("sagemaker", site.team)
    found = there.search(Resource="FeatureGroup", CrossAccountFilterOption="CrossAccount")["Results"]
    assert [each["FeatureGroup"]["FeatureGroupName"] for each in found] == ["acme-org-card-spend"]
    arn = found[0]["FeatureGroup"]["FeatureGroupArn"]
    group = there.describe_feature_group(FeatureGroupName=arn)
    assert group["OfflineStoreConfig"]["DataCatalogConfig"]["TableName"] == "card_spend"
    grants = site.client("lakeformation").list_permissions(Principal={"DataLakePrincipalIdentifier": site.role})
    policies = [each["Resource"]["LFTagPolicy"] for each in grants["PrincipalResourcePermissions"]]
    assert {each["ResourceType"] for each in policies} == {"DATABASE", "TABLE"}
    tags = site.client("lakeformation").get_resource_lf_tags(
        Resource={"Table": {"DatabaseName": "features", "Name": "card_spend"}}
    )["LFTagsOnTable"]
    assert {each["TagKey"]: each["TagValues"] for each in tags}["feature_group"] == ["card-spend"]


def test_a_feature_is_added_beside_terraform_and_does_not_drift(site: Site) -> None:
    """Terraform writes the schema alone, the function adds the feature, and the next plan is clean."""
    site.write(_spec(payments_1h=NUMBER))
    assert "0 added, 1 changed, 0 destroyed" in site.terraform("apply", "-auto-approve", "-no-color").stdout
    evolve = Evolve(site.client("s3"), site.client("sagemaker"), queues=None, own_queue_url="")
    with pytest.raises(NotYetError):
        evolve.schema("acme-org-features", "schemas/card-spend.json")
    evolve.schema("acme-org-features", "schemas/card-spend.json")
    group = site.client("sagemaker").describe_feature_group(FeatureGroupName="acme-org-card-spend")
    assert [each["FeatureName"] for each in group["FeatureDefinitions"]] == ["card", "at", "payments_1h"]
    plan = site.terraform("plan", "-detailed-exitcode")
    assert plan.returncode == 0, plan.stdout
