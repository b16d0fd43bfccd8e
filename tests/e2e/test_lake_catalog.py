"""A data domain's part of the central catalogue on the embedded AWS: what the publish gate decides is no drift."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from constructs import Construct

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.core.handshake import Edge
from modules.core.iam import Statement, policy_document, service
from modules.core.lf_tags import vocabulary
from modules.data_lake import names
from modules.data_lake.contract import StorageContract
from modules.data_lake.edges import PRODUCES, STORES
from modules.data_lake.functions.publish_table.handler import Publisher
from modules.data_lake.functions.publish_table.judgement import Gate
from modules.data_lake.locations import Locations
from modules.data_lake.may_publish import MayPublish
from modules.data_lake.opt_ins import OptIns
from modules.data_lake.producer_grants import ProducerGrants
from modules.data_lake.products import Products
from modules.data_lake.reader_grants import ReaderGrants
from tests.support.lake import GOVERNANCE, OWNER, lake, reading
from tests.support.rendering import NAMING, render

pytestmark = pytest.mark.e2e

CENTRAL = replace(GOVERNANCE, account_id="111111111111")  # the emulator's own account
CUSTOMER, CONSENT = ({"DatabaseName": "customers_profile", "Name": name} for name in ("customer", "consent"))
RULESET = names.ruleset(OWNER, "customers", "profile", "customer")


@dataclass
class Catalog:
    """The applied stack: `client` makes clients of its account, `terraform` returns the exit code of a run."""

    client: Callable[[str], Any]
    terraform: Callable[..., int]

    def tags(self, table: dict[str, str]) -> dict[str, str]:
        """What the table is tagged with, as Lake Formation tells it, inherited tags included."""
        found = self.client("lakeformation").get_resource_lf_tags(Resource={"Table": table})["LFTagsOnTable"]
        return {tag["TagKey"]: tag["TagValues"][0] for tag in found}


def _stack(boundary_arn: str) -> dict[str, Any]:
    settings = lake("customers")

    def build(stack: Construct) -> None:
        owned: dict[str, Any] = {"naming": CENTRAL, "owner": OWNER, "domain": "customers", "settings": settings}
        stores, produces = (Edge(kind, "a", "b") for kind in (STORES, PRODUCES))
        storage = StorageContract(key_arn="arn:aws:kms:eu-west-1:333333333333:key/data")
        locations = Locations(stack, "locations", storage=storage, stores=stores, boundary_arn=boundary_arn, **owned)
        products = Products(stack, "products", **owned)
        ProducerGrants(stack, "producer", zones=locations.zones, produces=produces, **owned)
        read = reading("customers", settings, filters={"profile.consent": "current_in_ireland"})
        ReaderGrants(
            stack, "fraud", naming=CENTRAL, reader=NAMING, team="fraud", reading=read, filters=products.filters
        )
        role_arn = NAMING.role_arn("fraud-pipeline")
        OptIns(stack, "opt-ins", naming=CENTRAL, principal=role_arn, databases=products.databases)
        publisher = CENTRAL.role_arn(names.publisher("customers"))
        MayPublish(stack, "may", principal=publisher, domain="customers", layers=["curated"])

    return render(build).document


@pytest.fixture(scope="module", name="catalog")
def _catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("catalog")
    with Emulator(work / "emulator.log", region=CENTRAL.region) as emulator:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": CENTRAL.region}

        def client(service: str) -> Any:
            return boto3.client(service, endpoint_url=emulator.endpoint, **keys)

        boundary_arn = _before(client)
        folder = work / "stack"
        folder.mkdir()
        document = _stack(boundary_arn) | {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
            "provider": {"aws": [{"region": CENTRAL.region}]},
        }
        (folder / "cdk.tf.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        (folder / "mlgov_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")
        environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        if (config := cli_config(work / "cli")) is not None:
            environment["TF_CLI_CONFIG_FILE"] = str(config)

        def terraform(*arguments: str) -> int:
            return _terraform(folder, environment, *arguments)

        terraform("init")
        terraform("apply", "-auto-approve")
        yield Catalog(client, terraform)


def _before(client: Callable[[str], Any]) -> str:
    """What stands before: the lake's settings and ontology, the gate's role, and the boundary, whose ARN it returns."""
    settings = {"Parameters": {"CROSS_ACCOUNT_VERSION": "4"}}
    client("lakeformation").put_data_lake_settings(DataLakeSettings=settings)
    for key, values in vocabulary(["customers"]).items():
        client("lakeformation").create_lf_tag(TagKey=key, TagValues=list(values))
    role = CENTRAL.name(names.publisher("customers"))
    trust = policy_document(
        Statement("Lambda", actions=("sts:AssumeRole",), principals=service("lambda.amazonaws.com"))
    )
    client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    ceiling = policy_document(Statement("All", actions=("*",), resources=("*",)))
    return str(client("iam").create_policy(PolicyName="boundary", PolicyDocument=ceiling)["Policy"]["Arn"])


def _terraform(folder: Path, environment: dict[str, str], *arguments: str) -> int:
    done = subprocess.run(
        ["terraform", *arguments, "-no-color"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 1:
        pytest.fail(f"terraform {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
    return done.returncode


def test_the_catalogue_does_not_drift_whatever_the_gate_decides(catalog: Catalog) -> None:
    """Published after the apply, withdrawn again: neither is a change to Terraform, and a tag set by hand is undone.

    Two plans, as each takes seconds: the first after the gate published, the second after it withdrew and somebody
    lowered the sensitivity of another table, which an apply sets back.
    """
    gate = _publisher(catalog)
    assert catalog.tags(CUSTOMER)["stage"] == "draft"
    gate.judge(_result(1, passed=4))
    assert catalog.tags(CUSTOMER)["stage"] == "published"
    assert catalog.terraform("plan", "-detailed-exitcode") == 0
    gate.judge(_result(2, passed=3))
    by_hand = [{"TagKey": "sensitivity", "TagValues": ["public"]}, {"TagKey": "stage", "TagValues": ["published"]}]
    catalog.client("lakeformation").add_lf_tags_to_resource(Resource={"Table": CONSENT}, LFTags=by_hand)
    catalog.terraform("apply", "-auto-approve")
    assert catalog.tags(CUSTOMER)["stage"] == "draft"
    assert catalog.tags(CONSENT) == {
        "domain": "customers",
        "layer": "curated",
        "sensitivity": "restricted",
        "stage": "published",
    }
    assert catalog.terraform("plan", "-detailed-exitcode") == 0


def _publisher(catalog: Catalog) -> Publisher:
    return Publisher(
        {RULESET: Gate("customers_profile", "customer", ("customers_profile",), 4, 1.0, "withdraw", False)},
        OWNER.account_id,
        "customers",
        "/acme/lake/customers",
        catalog.client("lakeformation"),
        catalog.client("ssm"),
        lambda: 0.0,
        lambda line: None,
    )


def _result(minute: int, *, passed: int) -> dict[str, Any]:
    return {
        "source": "aws.glue-dataquality",
        "detail-type": "Data Quality Evaluation Results Available",
        "account": OWNER.account_id,
        "time": f"2026-11-23T03:{minute:02}:00Z",
        "detail": {
            "context": {"databaseName": "customers_profile", "tableName": "customer"},
            "resultID": f"dqresult-{minute}",
            "rulesetNames": [RULESET],
            "rulesSucceeded": passed,
            "rulesFailed": 4 - passed,
            "rulesSkipped": 0,
        },
    }
