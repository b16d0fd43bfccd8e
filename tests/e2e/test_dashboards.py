"""Dashboards are well formed, and all that they show exists. Asked of every dashboard of both organisations."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from environments.load import load
from environments.manifest import Manifest
from environments.model import Organization
from modules.observability.telemetry import shows_log_group, shows_metric
from modules.observability.telemetry_settings import LinkSettings
from tests.support.organisations import ORGANISATIONS, ROOT, Synthesised

pytestmark = pytest.mark.e2e  # reads every stack
Json = dict[str, Any]
Place = tuple[str, str]  # account, region
SCHEMA = json.loads((ROOT / "tests/support/dashboard.schema.json").read_text(encoding="utf-8"))
BOTH = pytest.mark.parametrize("name", ORGANISATIONS)
# Of AWS's own namespaces: the dimension that names a resource, its type, and the argument that is its name.
NAMED = {
    "AWS/Athena": ("WorkGroup", "aws_athena_workgroup", "name"),
    "AWS/CodeBuild": ("ProjectName", "aws_codebuild_project", "name"),
    "AWS/Lambda": ("FunctionName", "aws_lambda_function", "function_name"),
    "AWS/SNS": ("TopicName", "aws_sns_topic", "name"),
    "AWS/SQS": ("QueueName", "aws_sqs_queue", "name"),
    "AWS/SageMaker": ("EndpointName", "aws_sagemaker_endpoint", "name"),
    "AWS/SageMaker/FeatureStore": ("FeatureGroupName", "aws_sagemaker_feature_group", "feature_group_name"),
    "/aws/sagemaker/Endpoints": ("EndpointName", "aws_sagemaker_endpoint", "name"),
}
# What AWS publishes in them by which dimensions, of what we show: from the services' pages on their metrics.
_VARIANT, _USE = ("EndpointName", "VariantName"), ("CPU", "Disk", "GPU", "GPUMemory", "Memory")
PUBLISHED = {
    ("AWS/Athena", ("QueryState", "QueryType", "WorkGroup")): {"ProcessedBytes"},
    ("AWS/CodeBuild", ("ProjectName",)): {"Builds", "Duration", "FailedBuilds", "SucceededBuilds"},
    ("AWS/Lambda", ()): {"ConcurrentExecutions", "Errors", "Invocations", "Throttles"},
    ("AWS/Lambda", ("FunctionName",)): {"Duration", "Errors", "Invocations", "Throttles"},
    ("AWS/SNS", ("TopicName",)): {"NumberOfMessagesPublished", "NumberOfNotificationsFailed"},
    ("AWS/SQS", ("QueueName",)): {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    ("AWS/SageMaker", ("EndpointName",)): {
        "ApproximateBacklogSize",
        "HasBacklogWithoutCapacity",
        "InvocationsProcessed",
    },
    ("AWS/SageMaker", _VARIANT): {
        "Invocation4XXErrors",
        "Invocation5XXErrors",
        "Invocations",
        "ModelLatency",
        "OverheadLatency",
    },
    ("AWS/SageMaker/FeatureStore", ("FeatureGroupName", "OperationName")): {
        "ConsumedReadRequestsUnits",
        "ConsumedWriteRequestsUnits",
    },
    ("/aws/sagemaker/Endpoints", _VARIANT): {f"{use}Utilization" for use in _USE},
}
# The values of dimensions that name no resource.
VALUES = {
    "OperationName": {"BatchGetRecord", "DeleteRecord", "GetRecord", "PutRecord"},
    "QueryState": {"CANCELED", "FAILED", "SUCCEEDED"},
    "QueryType": {"DDL", "DML", "UTILITY"},
}
WIDGETS = {"metric": "metrics", "alarm": "alarms", "log": "query"}
_ACCOUNT = re.compile(r"outputs\.account_ids\.([\w-]+)\}")
_SOURCE = re.compile(r"SOURCE '([^']+)'")
_ALARM = re.compile(r"arn:[^:]+:cloudwatch:([^:]+):(.+):alarm:(.+)")


@dataclass
class World:
    """What stands where in one organisation, and every dashboard with where it stands."""

    organization: Organization
    resources: dict[tuple[Place, str], list[Json]] = field(default_factory=lambda: defaultdict(list))
    emitters: dict[Place, list[str]] = field(default_factory=lambda: defaultdict(list))
    boards: list[tuple[Place, str, Json]] = field(default_factory=list)

    def account(self, said: str | None, here: str) -> str:
        """The name of the account whose id is said, as a number or as a reference."""
        if said is None:
            return here
        if found := _ACCOUNT.search(said):
            return found[1]
        return next(each.name for each in self.organization.accounts if each.id == said)

    def names(self, place: Place, kind: str, argument: str) -> set[str]:
        """What the resources of a type are called there."""
        return {each[argument] for each in self.resources[place, kind]}


@pytest.fixture(name="worlds", scope="module")
def _worlds(synthesised: Synthesised) -> dict[str, World]:
    return {name: _world(load(path), synthesised(name)) for name, path in ORGANISATIONS.items()}


def _world(organization: Organization, out: Path) -> World:
    world = World(organization)
    for entry in Manifest.read(out).stacks:
        path, place = out / entry.path, (entry.account, entry.region)
        document = json.loads(path.read_bytes())
        for kind, bodies in document.get("resource", {}).items():
            world.resources[place, kind] += bodies.values()
        for body in document.get("resource", {}).get("aws_cloudwatch_dashboard", {}).values():
            world.boards.append((place, body["dashboard_name"], json.loads(body["dashboard_body"])))
        world.emitters[place] += _emitters(document, path.parent)
    return world


def _emitters(document: Json, folder: Path) -> Iterator[str]:
    """What each function or state machine of a stack is made of, as one text."""
    for function in document.get("resource", {}).get("aws_lambda_function", {}).values():
        yield json.dumps(function) + _code(folder / function["filename"])
    for machine in document.get("resource", {}).get("aws_sfn_state_machine", {}).values():
        yield json.dumps(machine)


def _code(archive: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as files:
        ours = [name for name in files.namelist() if name.startswith("modules/") or name.endswith(".json")]
        return "\n".join(files.read(name).decode("utf-8", "replace") for name in ours)


def _lines(board: Json) -> Iterator[tuple[str, str, dict[str, str], str | None, str]]:
    for widget in board["widgets"]:
        for line in widget["properties"].get("metrics", ()):
            if "expression" in (line[0] if isinstance(line[0], dict) else {}):
                continue
            options = line[-1] if isinstance(line[-1], dict) else {}
            flat = [text for text in line[2:] if isinstance(text, str)]
            region = options.get("region", widget["properties"]["region"])
            dimensions = dict(zip(flat[::2], flat[1::2], strict=True))
            yield line[0], line[1], dimensions, options.get("accountId"), region


@BOTH
def test_every_dashboard_is_one_that_cloudwatch_takes(worlds: dict[str, World], name: str) -> None:
    """By the structure that AWS documents, and without a widget upon another."""
    assert worlds[name].boards
    for _, called, board in worlds[name].boards:
        jsonschema.validate(board, SCHEMA, cls=jsonschema.Draft202012Validator)
        places = [(each["x"], each["y"]) for each in board["widgets"]]
        assert len(set(places)) == len(places), called
        assert all(WIDGETS[each["type"]] in each["properties"] for each in board["widgets"])
        assert sum(1 for _ in _lines(board)) <= 2500


@BOTH
def test_every_metric_of_a_dashboard_exists(worlds: dict[str, World], name: str) -> None:
    """What publishes it stands in the account and region that the dashboard looks at."""
    world, lost, seen = worlds[name], [], 0
    for (here, _), called, board in world.boards:
        for namespace, metric, dimensions, account, region in _lines(board):
            place, seen = (world.account(account, here), region), seen + 1
            if not _published(world, place, namespace, metric, dimensions):
                lost.append((called, place, namespace, metric, dimensions))
    assert seen
    assert lost == []


@BOTH
def test_every_log_group_of_a_dashboard_exists(worlds: dict[str, World], name: str) -> None:
    """A stack makes it, in the account and region that the dashboard looks at."""
    world, seen = worlds[name], 0
    for (here, _), called, board in world.boards:
        for widget in board["widgets"]:
            said = widget["properties"]
            for group in _SOURCE.findall(said.get("query", "")):
                place, seen = (world.account(said.get("accountId"), here), said["region"]), seen + 1
                assert group in world.names(place, "aws_cloudwatch_log_group", "name"), called
    assert seen


@BOTH
def test_what_a_dashboard_shows_of_other_accounts_is_shown_to_it(worlds: dict[str, World], name: str) -> None:
    """The filters of the other account's link let the metric, or the log group, through."""
    world, seen = worlds[name], 0
    for (here, _), called, board in world.boards:
        for namespace, _, _, account, _ in _lines(board):
            there = world.account(account, here)
            if there != here:
                seen += 1
                assert shows_metric(_link(world, there), namespace), (called, namespace)
        for said in (widget["properties"] for widget in board["widgets"] if widget["type"] == "log"):
            there = world.account(said.get("accountId"), here)
            hidden = [each for each in _SOURCE.findall(said["query"]) if not shows_log_group(_link(world, there), each)]
            assert there == here or hidden == [], called
    assert seen


@BOTH
def test_every_alarm_of_a_dashboard_exists(worlds: dict[str, World], name: str) -> None:
    """A stack makes it, in the account and region that its ARN names."""
    world, seen = worlds[name], 0
    for (here, _), called, board in world.boards:
        for arn in (arn for widget in board["widgets"] for arn in widget["properties"].get("alarms", ())):
            found = _ALARM.fullmatch(arn)
            assert found, arn
            place, seen = (world.account(found[2], here), found[1]), seen + 1
            kinds = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
            assert found[3] in {each for kind in kinds for each in world.names(place, kind, "alarm_name")}, called
    assert seen


@BOTH
def test_every_served_model_and_team_is_shown(worlds: dict[str, World], name: str) -> None:
    """Every endpoint of any stack is in a dashboard of its observability account, and every team has one."""
    world = worlds[name]
    shown = {
        line[2].get("EndpointName")
        for _, called, board in world.boards
        for line in _lines(board)
        if "serving--" not in called  # a dashboard of its own, where it is served
    }
    endpoints = {
        body["name"]
        for (_, kind), found in world.resources.items()
        if kind == "aws_sagemaker_endpoint"
        for body in found
    }
    assert endpoints
    assert endpoints <= shown
    boards = [called for _, called, _ in world.boards]
    assert all(any(each.endswith(f"-team-{team.name}") for each in boards) for team in world.organization.teams)


def _link(world: World, account: str) -> LinkSettings:
    environment = world.organization.account(account).environment
    return world.organization.settings(environment).observability.telemetry.link


def _published(world: World, place: Place, namespace: str, metric: str, dimensions: dict[str, str]) -> bool:
    if namespace not in NAMED:
        return any(_emits(text, namespace, metric, dimensions.values()) for text in world.emitters[place])
    if metric not in PUBLISHED.get((namespace, tuple(sorted(dimensions))), ()):
        return False
    if any(value not in VALUES.get(dimension, {value}) for dimension, value in dimensions.items()):
        return False
    dimension, kind, argument = NAMED[namespace]
    if not dimensions:  # of the whole account
        return namespace == "AWS/Lambda" and bool(world.resources[place, kind])
    named = dimensions.get(dimension) in world.names(place, kind, argument)
    if "VariantName" in dimensions:
        configured = world.resources[place, "aws_sagemaker_endpoint_configuration"]
        variants = {each["variant_name"] for body in configured for each in body["production_variants"]}
        return named and dimensions["VariantName"] in variants
    return named


def _emits(text: str, namespace: str, metric: str, values: Iterable[str]) -> bool:
    return all(each in text for each in (namespace, metric, *values))
