"""Cards of registered models: what they say of a version, when they are approved, and that people's words stay."""

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

from modules.ml_operations import cards
from modules.ml_operations.functions.write_card import handler
from modules.ml_operations.functions.write_card.content import OURS
from modules.ml_operations.functions.write_card.evidence import MOST_METRICS, SOURCES, details
from modules.ml_operations.functions.write_card.handler import CardWriter
from modules.ml_operations.functions.write_card.models import Model
from tests.support.recording import recording
from tests.support.release_world import CARD, FILES, GROUP, World, arn

MODEL = Model(facets=True, ended=False)
EXPORTS = "s3://acme-prod-ml-models/cards/"
Clients = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(name="aws", scope="module")
def _aws() -> Iterator[Clients]:
    """Clients of AWS, which take long to make, and the answers that they get: those of the test's world."""
    answers: dict[str, Any] = {}
    with recording(answers):
        yield {each: boto3.client(each) for each in ("sagemaker", "s3")}, answers


@pytest.fixture(name="world")
def _world(aws: Clients, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    clients, answers = aws
    answers.clear()
    answers.update(world.answers)
    found = CardWriter(**clients, models={GROUP: MODEL}, exports=EXPORTS)
    monkeypatch.setattr(handler, "_writer", lambda: found)
    monkeypatch.setattr(handler, "metrics", Metrics(namespace="mlgov/Functions", service="model-cards"))
    return world


def deliver(version: int | None = None) -> None:
    """A message of the queue: an event on the version, or that of the schedule."""
    body: dict[str, Any] = {"source": "aws.events", "detail": {}}
    if version is not None:
        body = {"source": "aws.sagemaker", "detail": {"ModelPackageArn": arn(version)}}
    handler.handle({"Records": [{"messageId": "1", "body": json.dumps(body)}]}, None)


def test_a_registered_version_stands_in_the_card_for_review(world: World) -> None:
    """With its training, its numbers, and what the registry says of it."""
    world.decide(3, "PendingManualApproval")
    deliver(3)
    status, content = world.cards[-1]
    assert status == "PendingReview"
    package = content["model_package_details"]
    assert (package["model_package_arn"], package["model_approval_status"]) == (arn(3), "PendingManualApproval")
    assert content["training_details"]["training_job_details"]["training_datasets"] == ["payments.cards.card_payment"]
    assert "commit abc" in content["training_details"]["training_observations"]
    quality = content["evaluation_details"][0]
    assert quality["metric_groups"] == [
        {
            "name": "binary_classification_metrics",
            "metric_data": [
                {"name": "roc_auc", "type": "number", "value": 0.91},
                {"name": "f1", "type": "number", "value": 0.7},
            ],
        }
    ]
    assert [each["name"] for each in content["evaluation_details"]] == [source.name for source in SOURCES]
    assert world.exports == []


def test_an_approved_version_has_an_approved_card_that_is_exported_once(world: World) -> None:
    """Who decided and when stands in it; a second delivery writes and exports nothing."""
    for approval in ("PendingManualApproval", "Approved", "Approved"):
        if world.approvals.get(3) != approval:
            world.decide(3, approval)
        deliver(3)
    assert [status for status, _ in world.cards] == ["Draft", "PendingReview", "Approved"]
    details_ = world.cards[-1][1]["additional_information"]["custom_details"]
    assert details_["version_decided_by"] == "arn:aws:sts::999999999999:assumed-role/lead/ada"
    (job,) = world.exports
    assert (job["ModelCardName"], job["ModelCardExportJobName"]) == (GROUP, "version-3-1")
    assert job["OutputConfig"] == {"S3OutputPath": f"{EXPORTS}{GROUP}/"}


def test_an_export_that_failed_is_made_again_by_another_name(world: World) -> None:
    """A name of an export job is taken for good."""
    world.decide(3, "Approved")
    deliver(3)
    world.exports[0]["Status"] = "Failed"
    deliver(3)
    assert [each["ModelCardExportJobName"] for each in world.exports] == ["version-2-1", "version-2-2"]


@pytest.mark.parametrize("missing", ["quality.json", "explained.json", "before.json", "after.json"])
@pytest.mark.parametrize("how", ["gone", "cut", "empty"])
def test_a_card_is_not_approved_while_evidence_is_missing(world: World, missing: str, how: str) -> None:
    """Whether a report is gone, cut off, or tells no number; the card says which, and is approved once it is there."""
    whole = world.files.pop(f"{FILES}{missing}")
    if how != "gone":
        world.files[f"{FILES}{missing}"] = whole[:40] if how == "cut" else b"{}"
    world.decide(3, "Approved")
    deliver(3)
    status, content = world.cards[-1]
    assert status == "PendingReview"
    assert content["additional_information"]["custom_details"]["version_missing_evidence"] in [
        source.name for source in SOURCES
    ]
    world.files[f"{FILES}{missing}"] = whole
    deliver(3)
    assert world.cards[-1][0] == "Approved"


def test_bias_is_demanded_of_models_whose_bias_is_measured(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model without facets has an approved card without reports on bias."""
    del world.files[f"{FILES}before.json"], world.files[f"{FILES}after.json"]
    unmeasured = replace(handler._writer(), models={GROUP: Model(facets=False, ended=False)})
    monkeypatch.setattr(handler, "_writer", lambda: unmeasured)
    world.decide(3, "Approved")
    deliver(3)
    assert world.cards[-1][0] == "Approved"


def test_what_yaml_says_and_people_wrote_stays(world: World) -> None:
    """Details of an earlier version go; all else is as it was."""
    world.decide(3, "PendingManualApproval")
    deliver(3)
    status, content = world.cards[-1]
    told = {**content["additional_information"], "ethical_considerations": "Nobody is refused by it alone."}
    told["custom_details"] = {**told["custom_details"], f"{OURS}feature_groups": "card-velocity"}
    world.cards.append((status, {**content, "additional_information": told}))
    world.decide(4, "PendingManualApproval")
    deliver(4)
    after = world.cards[-1][1]
    assert after["intended_uses"] == CARD["intended_uses"]
    assert after["model_overview"]["model_owner"] == "fraud@acme.example"
    information = after["additional_information"]
    assert information["ethical_considerations"] == "Nobody is refused by it alone."
    assert information["custom_details"]["gate"] == "roc_auc at least 0.85"
    assert f"{OURS}feature_groups" not in information["custom_details"]


@pytest.mark.parametrize("order", list(permutations((3, 4, 3))))
def test_each_version_keeps_its_own_description_in_every_order_of_events(
    world: World, aws: Clients, order: tuple[int, ...]
) -> None:
    """What was approved is found beside what was registered since, and each is written once."""
    world.decide(3, "Approved")
    world.decide(4, "PendingManualApproval")
    for version in order:
        deliver(version)
    found = {version: cards.describing(aws[0]["sagemaker"], GROUP, arn(version)) for version in (3, 4, 5)}
    assert found[5] is None
    assert [each.status if each else None for each in found.values()] == ["Approved", "PendingReview", None]
    assert len(world.cards) == 3


def test_a_rejected_version_leaves_a_draft(world: World) -> None:
    """Nobody is to use what it describes."""
    for approval in ("Approved", "Rejected"):
        world.decide(3, approval)
        deliver(3)
    assert [status for status, _ in world.cards] == ["Draft", "Approved", "Draft"]


def test_the_card_of_a_project_that_ended_is_archived(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With versions and without, by the daily run."""
    ended = replace(handler._writer(), models={GROUP: replace(MODEL, ended=True)})
    monkeypatch.setattr(handler, "_writer", lambda: ended)
    deliver()
    deliver()
    assert [status for status, _ in world.cards] == ["Archived"]
    world.decide(3, "Approved")
    deliver()
    deliver()
    assert [status for status, _ in world.cards] == ["Archived", "Archived"]
    assert world.exports == []


def test_a_run_that_ends_between_content_and_status_is_made_good(world: World) -> None:
    """What is raised is tried again; the content is not written twice."""
    world.decide(3, "Approved")
    update = world.answers["sagemaker:UpdateModelCard"]
    update(ModelCardName=GROUP, Content=json.dumps(CARD))
    world.broken["sagemaker:UpdateModelCard"] = "ConflictException"
    with pytest.raises(ClientError, match="ConflictException"):
        deliver(3)
    world.broken.clear()
    deliver(3)
    deliver()
    assert world.cards[-1][0] == "Approved"
    assert len(world.cards) == 3


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("sagemaker:DescribeModelCard", "ResourceNotFound"),
        ("s3:GetObject", "AccessDenied"),
        ("s3:GetObject", "SlowDown"),
        ("sagemaker:CreateModelCardExportJob", "ResourceLimitExceeded"),
    ],
)
def test_what_aws_refuses_is_no_missing_evidence(world: World, operation: str, code: str) -> None:
    """It is raised, so that the message comes again."""
    world.decide(3, "Approved")
    world.broken[operation] = code
    with pytest.raises(ClientError, match=code):
        deliver(3)
    with pytest.raises(ExceptionGroup, match="cards"):
        deliver()


def test_a_card_has_room_for_every_report(world: World) -> None:
    """However many numbers a report tells, however long their names: 100,000 characters are not exceeded."""
    metrics = {f"{'m' * 300}{number}": {"value": number} for number in range(300)}
    (found, again) = (details(SOURCES[0], FILES, {f"{'g' * 99}_metrics": metrics}) for _ in range(2))
    assert found is not None
    assert found == again
    (group,) = found["metric_groups"]
    assert len(group["name"]) <= 63
    assert len(group["metric_data"]) == MOST_METRICS
    assert max(len(each["name"]) for each in group["metric_data"]) <= 100
    assert "100 of 300" in found["evaluation_observation"]
    assert len(SOURCES) * len(json.dumps(found)) < 100_000 - 20_000


@pytest.mark.e2e
def test_a_written_card_has_the_form_that_sagemaker_asks_for(world: World) -> None:
    """Spelt as CloudFormation does, it is valid by the schema of AWS::SageMaker::ModelCard, which cfn-lint ships."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
    from jsonschema import Draft7Validator

    from delivery.emulator.services.cloudcontrol_model_card import _as_in_cloudformation, _spelt

    world.decide(3, "Approved")
    deliver(3)
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", "AWS::SageMaker::ModelCard").schema
    plain = json.loads(json.dumps(schema).replace("\\\\p{L}\\\\p{Z}\\\\p{N}", "\\\\w "))  # classes that Python lacks
    content = _spelt(world.cards[-1][1], _as_in_cloudformation)
    for section in content.get("EvaluationDetails", []):
        assert set(section["Metadata"]) == {"Report"}
        section["Metadata"] = {}
    card = {"ModelCardName": GROUP, "ModelCardStatus": world.cards[-1][0], "Content": content}
    assert list(Draft7Validator(plain).iter_errors(card)) == []
