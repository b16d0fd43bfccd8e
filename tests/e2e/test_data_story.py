"""A domain publishes a table, a team reads the columns it is cleared for, a feature group is shared and found.

The stacks of the small organisation are applied to the embedded AWS by the real Terraform; the function that publishes
is the one that the stack ships, with what the stack ships beside it. What each step opens is told twice, by the
embedded AWS and by `mlgov access`, which share no code.
"""

from __future__ import annotations

import importlib
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

import main
from delivery.accounts import ROLE
from delivery.emulator import Emulator
from environments.build import synthesise
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import Manifest
from modules.data_lake.functions.publish_table.handler import GATES, Publisher
from modules.data_lake.functions.publish_table.judgement import Gate
from policies.access.read import access
from policies.access.who import Holding, Question, who_can
from tests.support.organisations import ORGANISATIONS

pytestmark = pytest.mark.e2e

# What the story is about, and with it all that it stands on.
TOLD = ("platform-catalog-orders", "platform-features", "workload-links-scoring")
CATALOG = "platform-catalog-orders"
TABLE = "arn:aws:glue:eu-west-1:platform:table/orders_shop/order"
GROUP = "arn:aws:sagemaker:eu-west-1:platform:feature-group/minnow-org-order-history"
CATALOGUE = "arn:aws:sagemaker:eu-west-1:platform:sagemaker-catalog/DefaultFeatureGroupCatalog"
TEAM = "workload/minnow-org-scoring-pipeline"


@dataclass(frozen=True)
class World:
    """The embedded AWS with the stacks applied: clients of an account by its name, and the synthesis."""

    environment: Mapping[str, str]
    out: Path

    def client(self, account: str, service: str) -> Any:
        """A client that works in the account."""
        keys = self._keys(self.id(account))
        return boto3.client(
            service,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=self.environment["AWS_REGION"],
            config=Config(proxies={}),
            **keys,
        )

    def id(self, account: str) -> str:
        """The id that the embedded AWS gave the account."""
        own = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        organizations = self._plain("organizations", own)
        pages = organizations.get_paginator("list_accounts").paginate()
        (found,) = (one["Id"] for page in pages for one in page["Accounts"] if one["Name"] == account)
        return str(found)

    def _keys(self, account_id: str) -> Mapping[str, str]:
        tokens = self._plain("sts", {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
        role = f"arn:aws:iam::{account_id}:role/{ROLE}"
        made = tokens.assume_role(RoleArn=role, RoleSessionName="story")["Credentials"]
        return {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }

    def _plain(self, service: str, keys: Mapping[str, str]) -> Any:
        endpoint, region = self.environment["AWS_ENDPOINT_URL"], self.environment["AWS_REGION"]
        return boto3.client(service, endpoint_url=endpoint, region_name=region, config=Config(proxies={}), **keys)


def _needed(graph: StackGraph) -> list[str]:
    """The stacks of the story and all that they stand on, in order."""
    wanted, todo = set(), list(TOLD)
    while todo:
        if (stack := todo.pop()) not in wanted:
            wanted.add(stack)
            todo += graph.nodes[stack].producers
    return [stack for stack in graph.nodes if stack in wanted]


@pytest.fixture(scope="module", name="world")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small organisation, whose teams find central features in this story."""
    place = tmp_path_factory.mktemp("story")
    config, out = place / "config", place / "out"
    shutil.copytree(ORGANISATIONS["minnow"], config)
    file = config / "organization.yaml"
    found = "\nfeature_store: { discoverable_by: [workloads] }\n"
    file.write_text(file.read_text(encoding="utf-8") + found, encoding="utf-8")
    synthesise(config, out)
    graph = StackGraph(load(config))
    management, region = graph.management.id or "", graph.organization.home_region
    with Emulator(place / "emulator.log", management_account=management, region=region) as emulator:
        arguments = ("--out", str(out), "--work", str(place / "work"), "--emulated", emulator.endpoint)
        assert main.main(["bootstrap", *arguments]) == 0
        for stack in _needed(graph):
            assert main.main(["apply", "--stack", stack, *arguments]) == 0, stack
        yield World(emulator.environment(), out)


def _answers(out: Path, action: str, on: str) -> dict[str, Holding]:
    """Who can, by name, as the stacks say."""
    manifest = Manifest.read(out)
    found = who_can(access(manifest.model_dump(mode="json"), manifest.documents(out)), Question(action, on))
    return {one.principal: one for one in found.holdings}


def _visible(world: World) -> set[str] | None:
    """The columns of the table that the team's grant by tags opens in the embedded AWS now; None where it sees none."""
    lake = world.client("platform", "lakeformation")
    role = f"arn:aws:iam::{world.id('workload')}:role/{TEAM.partition('/')[2]}"
    given = lake.list_permissions(Principal={"DataLakePrincipalIdentifier": role})["PrincipalResourcePermissions"]
    (policy,) = (
        one["Resource"]["LFTagPolicy"]
        for one in given
        if "SELECT" in one["Permissions"]
        and one["Resource"].get("LFTagPolicy", {}).get("ResourceType") == "TABLE"
        and any("orders" in term["TagValues"] for term in one["Resource"]["LFTagPolicy"]["Expression"])
    )
    found = lake.search_tables_by_lf_tags(Expression=policy["Expression"])["TableList"]
    tables = [one for one in found if one["Table"]["Name"] == "order"]
    return {column["Name"] for one in tables for column in one["LFTagsOnColumns"]} if tables else None


def _publisher(world: World) -> Publisher:
    """The function that the stack ships, with the gates that it ships beside it, on the embedded AWS."""
    entry = next(one for one in Manifest.read(world.out).stacks if one.id == CATALOG)
    stack = world.out / entry.path
    functions = json.loads(stack.read_bytes())["resource"]["aws_lambda_function"].values()
    (function,) = (one for one in functions if one["function_name"] == "minnow-org-publish-orders")
    with zipfile.ZipFile(stack.parent / function["filename"]) as shipped:
        (gates,) = (json.loads(shipped.read(name)) for name in shipped.namelist() if name.endswith(GATES))
        module = importlib.import_module(function["handler"].rpartition(".")[0])
        path = f"{module.__name__.replace('.', '/')}.py"
        assert shipped.read(path) == Path(str(module.__file__)).read_bytes()
    return Publisher(
        {ruleset: Gate.of(body) for ruleset, body in gates.items()},
        world.id("workload"),
        "orders",
        function["environment"]["variables"]["JUDGEMENTS"],
        world.client("platform", "lakeformation"),
        world.client("platform", "ssm"),
        lambda: 1_800_000_000.0,
        [].append,
    )


def _result(publisher: Publisher, at: str, succeeded: int) -> dict[str, Any]:
    """What Glue reports of a run of the table's rules, of which so many passed."""
    ((ruleset, gate),) = publisher.gates.items()
    return {
        "source": "aws.glue-dataquality",
        "detail-type": "Data Quality Evaluation Results Available",
        "account": publisher.account,
        "time": at,
        "detail": {
            "resultID": f"dqresult-{at}",
            "rulesetNames": [ruleset],
            "context": {"contextType": "GLUE_DATA_CATALOG", "databaseName": gate.database, "tableName": gate.table},
            "rulesSucceeded": succeeded,
            "rulesFailed": gate.rules - succeeded,
            "rulesSkipped": 0,
        },
    }


def test_a_table_is_read_once_it_is_published_and_only_the_cleared_columns(world: World) -> None:
    """Before, nobody of the team sees it; after, what the embedded AWS opens is what `access` has foretold."""
    foretold = _answers(world.out, "lakeformation:SELECT", TABLE)[TEAM]
    assert foretold.outcome == "allowed if"
    (way,) = foretold.ways
    assert way.conditions[0] == "stage = published, which minnow-org-publish-orders may set"
    assert (set(way.columns), way.without) == ({"order_id", "total", "ordered_at"}, ("customer_id",))
    assert _visible(world) is None
    publisher = _publisher(world)
    publisher.judge(_result(publisher, "2027-01-15T08:00:00Z", 2))
    assert _visible(world) == set(way.columns)
    publisher.judge(_result(publisher, "2027-01-15T09:00:00Z", 1))
    assert _visible(world) is None
    publisher.judge(_result(publisher, "2027-01-15T08:30:00Z", 2))  # late: what is known is newer
    assert _visible(world) is None


def test_a_feature_group_is_found_and_used_from_the_team_s_account(world: World) -> None:
    """Finding and reading are two shares: the embedded AWS tells the team's account of both, `access` its roles."""
    features = world.client("workload", "sagemaker")
    shared = features.search(Resource="FeatureGroup", CrossAccountFilterOption="CrossAccount")["Results"]
    assert [one["FeatureGroup"]["FeatureGroupName"] for one in shared] == ["minnow-org-order-history"]
    shares = world.client("workload", "ram").get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert "minnow-org-order-history-read" in {share["name"] for share in shares}
    finders = _answers(world.out, "sagemaker:Search", CATALOGUE)
    assert any("discovery, which reads no feature" in by for way in finders[TEAM].ways for by in way.by)
    readers, writers = (_answers(world.out, f"sagemaker:{action}", GROUP) for action in ("GetRecord", "PutRecord"))
    assert readers[TEAM].outcome != "denied"
    assert any("RAM share minnow-org-order-history-read" in by for way in readers[TEAM].ways for by in way.by)
    assert TEAM not in writers
