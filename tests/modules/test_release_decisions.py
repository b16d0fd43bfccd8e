"""What an approval in the central registry comes to: releases that start, and those that do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import boto3
import pytest
from aws_lambda_powertools import Metrics
from botocore.exceptions import ClientError
from constructs import Construct

from modules.ml_operations.decisions import Decisions
from modules.ml_operations.functions.decide_release import handler
from modules.ml_operations.functions.decide_release.decision import Model
from modules.ml_operations.functions.decide_release.handler import Decider
from modules.ml_operations.layout import NO_VERSION
from modules.ml_operations.released_model import Folder, ReleasedModel
from modules.ml_operations.releases import NOTHING, Decision, Release, is_release, newer_approved
from tests.support.recording import recording
from tests.support.release_world import GROUP, World, arn
from tests.support.rendering import NAMING, Rendered, render, statements

HERE = replace(NAMING, environment="prod", account="ml-shared-services-prod", account_id="999999999999")
PLACES = {
    "fraud-test": "endpoint acme-test-serving--card-fraud",
    "fraud-prod": "endpoint acme-prod-serving--card-fraud",
}
PIPELINE = "acme-prod-release--card-fraud"
MODEL = Model("card-fraud", PIPELINE, PLACES)
LIVE = Release("card-fraud", "fraud-prod", arn(3), "3", "f" * 64, "execution-9", "2026-11-20T10:00:00Z")
TABLE, TOPIC = "acme-prod-model-releases", "arn:aws:sns:eu-west-1:999999999999:acme-prod-model-releases"


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    def build(scope: Construct) -> None:
        Decisions(
            scope,
            "decisions",
            naming=HERE,
            models=[
                ReleasedModel(GROUP, "card-fraud", facets=True, ended=False, pipeline=PIPELINE, places=PLACES),
                ReleasedModel("acme-prod-fraud-old", "old", facets=False, ended=True),
            ],
            reports=[Folder("ml-models", "models/", "ml-models")],
            exports=Folder("ml-models", "cards/", "ml-models"),
            key_arn="arn:aws:kms:eu-west-1:999999999999:key/releases",
            boundary_arn="arn:aws:iam::999999999999:policy/boundary",
            operators="operations@acme.example",
        )

    return render(build)


@pytest.fixture(name="aws", scope="module")
def _aws() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Clients of AWS, which take long to make, and the answers that they get: those of the test's world."""
    answers: dict[str, Any] = {}
    with recording(answers):
        yield {each: boto3.client(each) for each in ("sagemaker", "codepipeline", "dynamodb", "sns")}, answers


@pytest.fixture(name="world")
def _world(aws: tuple[dict[str, Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    clients, answers = aws
    answers.clear()
    answers.update(world.answers)
    found = decider(clients)
    monkeypatch.setattr(handler, "_decider", lambda: found)
    monkeypatch.setattr(handler, "metrics", Metrics(namespace="mlgov/Functions", service="release-decisions"))
    return world


def decider(clients: dict[str, Any], models: dict[str, Model] | None = None) -> Decider:
    """The function's code."""
    return Decider(**clients, models=models or {GROUP: MODEL}, table=TABLE, topic=TOPIC)


def deliver(version: int | None = None) -> None:
    """A message of the queue: an event on the version, or that of the schedule."""
    body: dict[str, Any] = {"source": "aws.events", "detail": {}}
    if version is not None:
        body = {"source": "aws.sagemaker", "detail": {"ModelPackageArn": arn(version)}}
    handler.handle({"Records": [{"messageId": "1", "body": json.dumps(body)}]}, None)


def test_an_approved_version_starts_the_pipeline_of_its_project(world: World) -> None:
    """With the version as its variable, and a token that is of this very approval."""
    world.decide(3, "Approved")
    deliver(3)
    (start,) = world.started
    assert start["name"] == PIPELINE
    assert start["variables"] == [{"name": "MODEL_PACKAGE_ARN", "value": arn(3)}]
    assert Decision.of(world.items["card-fraud", "#3"]).execution_id == "execution-1"


def test_an_event_that_comes_twice_starts_one_release(world: World) -> None:
    """Also when the first run ended before it took note: the same approval has the same token."""
    world.decide(3, "Approved")
    deliver(3)
    deliver(3)
    world.items.clear()
    deliver(3)
    assert len(world.started) == 1


def test_a_version_that_is_approved_anew_is_released_anew(world: World) -> None:
    """After a rejection: this is how people go back to it."""
    for approval in ("Approved", "Rejected", "Approved"):
        world.decide(3, approval)
        deliver(3)
    assert len(world.started) == 2
    assert len({each["clientRequestToken"] for each in world.started}) == 2


@pytest.mark.parametrize("approval", ["Rejected", "PendingManualApproval"])
def test_a_version_that_is_not_approved_is_never_released(world: World, approval: str) -> None:
    """Whatever the event says: the registry is asked."""
    world.decide(3, approval)
    deliver(3)
    deliver()
    assert (world.started, world.told) == ([], [])


@pytest.mark.parametrize("order", list(permutations((3, 4, 4))))
def test_the_newest_approved_version_is_live_last_in_every_order_of_events(
    world: World, order: tuple[int, ...]
) -> None:
    """An older approval that comes late starts nothing."""
    world.decide(3, "Approved")
    world.decide(4, "Approved")
    for version in order:
        deliver(version)
    assert [each["variables"][0]["value"] for each in world.started] == [arn(4)]


def test_a_lost_event_costs_an_hour(world: World) -> None:
    """The schedule finds the newest approved version, once."""
    world.decide(3, "Approved")
    deliver()
    deliver()
    assert len(world.started) == 1


def test_a_model_that_is_not_served_starts_nothing_and_fails_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor does one that no project declares; both are said."""
    world.decide(3, "Approved")
    unserved = replace(handler._decider(), models={GROUP: replace(MODEL, pipeline="")})
    monkeypatch.setattr(handler, "_decider", lambda: unserved)
    deliver(3)
    body = {"source": "aws.sagemaker", "detail": {"ModelPackageArn": arn(3, "acme-prod-by-hand")}}
    handler.handle({"Records": [{"body": json.dumps(body)}]}, None)
    assert world.started == []
    told = capsys.readouterr().out
    assert "VersionsNotServed" in told
    assert "VersionsUndeclared" in told


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("codepipeline:StartPipelineExecution", "PipelineNotFoundException"),
        ("sagemaker:DescribeModelPackage", "AccessDeniedException"),
        ("dynamodb:Query", "ResourceNotFoundException"),
        ("dynamodb:PutItem", "AccessDeniedException"),
    ],
)
def test_what_aws_refuses_is_raised_and_the_next_try_makes_it_good(world: World, operation: str, code: str) -> None:
    """Nothing is noted as done that was not, and nothing is started twice."""
    world.decide(3, "Approved")
    world.broken[operation] = code
    with pytest.raises(ClientError, match=code):
        deliver(3)
    world.broken.clear()
    deliver(3)
    assert len(world.started) == 1


def test_one_model_that_fails_keeps_no_other_from_being_looked_at(world: World) -> None:
    """All that failed is raised at the end, each with its model."""
    world.decide(3, "Approved")
    world.broken["codepipeline:StartPipelineExecution"] = "PipelineNotFoundException"
    both = replace(handler._decider(), models={GROUP: MODEL, "acme-prod-fraud-old": replace(MODEL, project="old")})
    with pytest.raises(ExceptionGroup) as raised:
        both.look_at_all()
    assert [each.__notes__ for each in raised.value.exceptions] == [[GROUP]]


def test_a_rejected_version_that_is_live_is_told_once_with_its_places(world: World) -> None:
    """Account, endpoint, version and what was live before; a second place is told when it is there."""
    world.decide(3, "Rejected")
    world.put(LIVE.item())
    deliver(3)
    deliver(3)
    (message,) = world.told
    assert message["Subject"] == "card-fraud: version 3 is Rejected and live"
    for part in ("fraud-prod", "endpoint acme-prod-serving--card-fraud", arn(3), "before it: none"):
        assert part in message["Message"]
    world.put(replace(LIVE, account="fraud-test").item())
    deliver()
    assert len(world.told) == 2
    assert world.started == []


def test_what_is_live_without_approval_is_counted_until_it_is_gone(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every hour, of a version that nobody sends events about, too; and then a zero."""
    world.decide(3, "Rejected")
    world.decide(4, "Approved")
    world.put(LIVE.item())
    deliver()
    world.put(replace(LIVE, model_package_arn=arn(4), version="4").item())
    deliver()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["LiveUnapproved"] for line in lines if "LiveUnapproved" in line] == [[1.0], [0.0]]


def test_an_account_that_serves_the_model_no_more_is_told_of_no_more(world: World) -> None:
    """What the table says of it was true once; its stacks are taken down."""
    world.decide(3, "Rejected")
    world.put(replace(LIVE, account="fraud-former").item())
    deliver(3)
    deliver()
    assert world.told == []


def test_a_message_of_somebody_else_is_not_taken_for_one_of_ours(world: World) -> None:
    """It ends in the dead-letter queue, where somebody sees it."""
    with pytest.raises(ValueError, match=r"aws\.s3"):
        handler.handle({"Records": [{"body": json.dumps({"source": "aws.s3", "detail": {}})}]}, None)


def test_items_of_the_table_come_back_as_they_were_put() -> None:
    """Both kinds, told apart by their range key, which is no account's name for a decision."""
    decision = Decision("card-fraud", 3, "Rejected", told=("fraud-prod",))
    assert Release.of(LIVE.item()) == LIVE
    assert Decision.of(decision.item()) == decision
    assert (is_release(LIVE.item()), is_release(decision.item())) == (True, False)
    assert NOTHING == NO_VERSION


def test_a_release_knows_what_it_replaced() -> None:
    """One of the same version again keeps what was before both."""
    following = replace(LIVE, model_package_arn=arn(4), version="4")
    assert LIVE.after(None).previous == "none"
    assert following.after(LIVE).previous == arn(3)
    assert following.after(following.after(LIVE)).previous == arn(3)


def test_only_approved_versions_supersede() -> None:
    """What waits or was rejected does not."""
    summaries = [
        {"ModelPackageVersion": version, "ModelApprovalStatus": approval}
        for version, approval in ((2, "Approved"), (3, "Rejected"), (4, "PendingManualApproval"))
    ]
    assert newer_approved(summaries, 1) == 2
    assert newer_approved(summaries, 2) is None


def test_the_table_is_kept(rendered: Rendered) -> None:
    """Its own protection, Terraform's, recovery to any point, and the key of what is released."""
    table = rendered.one("aws_dynamodb_table")
    assert (table["hash_key"], table["range_key"]) == ("project", "account")
    assert table["deletion_protection_enabled"] is True
    assert table["lifecycle"] == {"prevent_destroy": True}
    assert table["point_in_time_recovery"] == {"enabled": True}
    assert table["server_side_encryption"]["kms_key_arn"].endswith("key/releases")


def test_both_functions_hear_of_changes_here_and_of_the_clock(rendered: Rendered) -> None:
    """The rules' queues take messages of these rules alone, and dead letters are told."""
    rules = rendered.all("aws_cloudwatch_event_rule").values()
    patterns = [json.loads(rule["event_pattern"]) for rule in rules if rule.get("event_pattern")]
    assert len(rules) == 4
    for pattern in patterns:
        assert pattern["account"] == ["999999999999"]
        assert "ModelApprovalStatus" not in pattern["detail"], "rejections are heard, too"
    senders = {
        json.dumps(statement["Condition"]["ArnEquals"], sort_keys=True)
        for body in rendered.all("aws_sqs_queue_policy").values()
        for sid, statement in statements(body["policy"]).items()
        if sid == "RulesSend"
    }
    assert len(senders) == 2
    alarms = {body["alarm_name"] for body in rendered.all("aws_cloudwatch_metric_alarm").values()}
    assert alarms == {
        f"acme-prod-{name}"
        for name in (
            *("model-cards-dead-letters", "release-decisions-dead-letters"),
            *("release-decisions-late", "release-decisions-live-unapproved"),
        )
    }


def test_neither_function_approves_or_deploys(rendered: Rendered) -> None:
    """No action on versions but reading; pipelines are started, and only those of releases."""
    for role in ("release-decisions", "model-cards"):
        (policy,) = (
            statements(body["policy"]) for body in rendered.all("aws_iam_role_policy").values() if body["name"] == role
        )
        told = json.dumps([each["Action"] for each in policy.values()])
        for verb in ("UpdateModelPackage", "CreateModelPackage", "DeleteModel", "PutApprovalResult", "iam:", "sts:"):
            assert verb not in told
        if role == "release-decisions":
            started = policy["StartRelease"]["Resource"]
            assert started == "arn:aws:codepipeline:eu-west-1:999999999999:acme-prod-release--*"
            assert PIPELINE.startswith(started.rpartition(":")[2].removesuffix("*"))
