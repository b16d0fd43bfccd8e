"""The small organisation on the embedded AWS, after the main job: what it opens is told twice.

Once by the embedded AWS and once by `mlgov access`, which share no code. The function that publishes a table is the one
that the stack ships, with what the stack ships beside it.
"""

from __future__ import annotations

import importlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from delivery.accounts import ROLE
from environments.manifest import Manifest
from modules.data_lake.functions.publish_table.handler import GATES, Publisher
from modules.data_lake.functions.publish_table.judgement import Gate
from policies.access.read import access
from policies.access.who import Holding, Question, who_can

CATALOG = "platform-catalog-orders"
TABLE = "arn:aws:glue:eu-west-1:platform:table/orders_shop/order"
GROUP = "arn:aws:sagemaker:eu-west-1:platform:feature-group/minnow-org-order-history"
CATALOGUE = "arn:aws:sagemaker:eu-west-1:platform:sagemaker-catalog/DefaultFeatureGroupCatalog"
TEAM = "workload/minnow-org-scoring-pipeline"
MODEL = "minnow-org-scoring-order-returns"
SCIENTIST, LEAD = "workload/minnow-org-scoring-data-scientist", "workload/mlgov-ml-team-lead"


@dataclass(frozen=True)
class World:
    """The embedded AWS with the stacks applied: clients of an account by its name.

    `place` holds the synthesis (`out`) and what the runs left (`work`); `printed` is what the demo said.
    """

    environment: Mapping[str, str]
    place: Path
    printed: str

    @property
    def out(self) -> Path:
        """The synthesis."""
        return self.place / "out"

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


def answers(out: Path, action: str, on: str) -> dict[str, Holding]:
    """Who can, by name, as the stacks say."""
    manifest = Manifest.read(out)
    found = who_can(access(manifest.model_dump(mode="json"), manifest.documents(out)), Question(action, on))
    return {one.principal: one for one in found.holdings}


def visible(world: World) -> set[str] | None:
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


def publisher_of(world: World) -> Publisher:
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


def result_of(publisher: Publisher, at: str, succeeded: int) -> dict[str, Any]:
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
