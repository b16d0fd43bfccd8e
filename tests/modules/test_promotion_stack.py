"""What carries promotion: the rule, the queue, the role, and who is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.ml_operations.model_promotion import LEASE_SECONDS, WORK, ModelPromotion
from modules.ml_operations.promotion_settings import PromotionSettings
from modules.ml_operations.promotion_sources import Central, ImageSource, ModelSource, Sources
from modules.ml_operations.release_key import ReleaseKey
from modules.ml_platform.edges import COPIES_IMAGES, COPIES_MODELS
from tests.support.promotions import DEV, HERE, SHARED
from tests.support.rendering import NAMING, Rendered, render, statements

RELEASING = replace(NAMING, environment="prod", account="ml-shared-services-prod", account_id=HERE)
CENTRAL = Central(
    role="model-sync",
    bus="acme-prod-ml-events",
    bucket="acme-prod-ml-models",
    key_alias="acme-prod-ml-models",
    groups="acme-prod",
    images="acme-prod-ml/",
)
MODELS = ModelSource(NAMING, {"fraud": ["card-fraud"]}, [Edge(COPIES_MODELS, RELEASING.account, "project card-fraud")])
IMAGES = ImageSource(
    replace(NAMING, environment="test", account="ml-shared-services-test", account_id=SHARED),
    "acme-test-ml/",
    Edge(COPIES_IMAGES, RELEASING.account, "ml-shared-services-test"),
)


def place(scope: Construct, *models: ModelSource) -> None:
    """The construct, as its stack places it."""
    ModelPromotion(
        scope,
        "promotion",
        naming=RELEASING,
        settings=PromotionSettings(trusted_registries=("121212121212",)),
        central=CENTRAL,
        sources=Sources(models, [IMAGES], buckets="ml--", key="artifacts"),
        operators="operations@acme.example",
        key_arn=ReleaseKey(scope, "key", naming=RELEASING).arn,
        boundary_arn=f"arn:aws:iam::{HERE}:policy/boundary",
    )


@pytest.fixture(name="promotion", scope="module")
def _promotion() -> Rendered:
    return render(lambda scope: place(scope, MODELS))


@pytest.fixture(name="role", scope="module")
def _role(promotion: Rendered) -> dict[str, dict[str, Any]]:
    return promotion.policy("aws_iam_role_policy")


def test_only_approvals_of_finished_versions_get_into_the_queue(promotion: Rendered) -> None:
    """From the central bus; what the queue did not take waits where it ends, too."""
    rules, targets = promotion.all("aws_cloudwatch_event_rule"), promotion.all("aws_cloudwatch_event_target")
    (rule,) = (each for each in rules.values() if "event_pattern" in each)
    (target,) = (each for each in targets.values() if "event_bus_name" in each)
    assert rule["event_bus_name"] == target["event_bus_name"] == "acme-prod-ml-events"
    detail = json.loads(rule["event_pattern"])["detail"]
    assert detail == {"ModelApprovalStatus": ["Approved"], "ModelPackageStatus": ["Completed"]}
    assert target["arn"].endswith(":acme-prod-model-promotions")
    assert "dead-letters" in target["dead_letter_config"]["arn"]


def test_every_day_it_is_looked_for_what_no_event_told_of(promotion: Rendered) -> None:
    """By a rule of the default bus, into the same queue."""
    (rule,) = (each for each in promotion.all("aws_cloudwatch_event_rule").values() if "schedule_expression" in each)
    assert (rule["schedule_expression"], rule.get("event_bus_name")) == ("rate(1 day)", None)
    targets = promotion.all("aws_cloudwatch_event_target").values()
    assert {each["arn"].rpartition(":")[2] for each in targets} == {"acme-prod-model-promotions"}
    assert {"dead_letter_config" in each for each in targets} == {True}


def test_these_rules_alone_fill_queue_and_dead_letters(promotion: Rendered) -> None:
    """The policies of both name their ARNs."""
    found = promotion.all("aws_sqs_queue_policy").values()
    assert len(found) == 2
    for policy in found:
        sends = statements(policy["policy"])["RulesSend"]
        rules = ("acme-prod-ml-events/acme-prod-model-promotions", "acme-prod-model-promotions-again")
        named = [f"arn:aws:events:eu-west-1:{HERE}:rule/{rule}" for rule in rules]
        assert sends["Condition"] == {"ArnEquals": {"aws:SourceArn": named}}


def test_the_copy_is_registered_by_who_can_approve_nothing(role: dict[str, dict[str, Any]]) -> None:
    """The status is in the permission; no other action changes a version, a card or a file that lies there."""
    assert role["RegisterCopies"]["Condition"] == {
        "StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
    }
    actions = {
        action
        for statement in role.values()
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    models = {action for action in actions if action.startswith("sagemaker:")}
    assert models == {
        "sagemaker:CreateModelPackage",
        "sagemaker:DescribeModelPackage",
        "sagemaker:ListModelPackages",
    }
    assert not {action for action in actions if "Delete" in action} - {"dynamodb:DeleteItem", "sqs:DeleteMessage"}


def test_models_are_read_where_they_are_built_and_nowhere_else(role: dict[str, dict[str, Any]]) -> None:
    """By account, below what pipelines make, and decrypted through S3 alone."""
    there = f"arn:aws:sagemaker:eu-west-1:{DEV}"
    named = [f"{there}:model-package/acme-dev-*/*", f"{there}:model-package-group/acme-dev-*"]
    assert role["ReadVersions"]["Resource"] == named
    files = role["ReadTheirFiles"]
    assert files["Resource"] == "arn:aws:s3:::acme-dev-ml--*/runs/*"
    assert files["Condition"]["StringEquals"]["aws:ResourceAccount"] == DEV
    assert role["DecryptTheirFiles"]["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"


def test_images_are_pulled_of_the_platform_and_of_trusted_registries(role: dict[str, dict[str, Any]]) -> None:
    """Pushed to the central registry alone."""
    pulled = role["PullImages"]["Resource"]
    assert pulled[0] == f"arn:aws:ecr:eu-west-1:{SHARED}:repository/acme-test-ml/*"
    assert pulled[-1] == "arn:aws:ecr:eu-west-1:121212121212:repository/*"
    assert role["PushImages"]["Resource"] == f"arn:aws:ecr:eu-west-1:{HERE}:repository/acme-prod-ml/*"


def test_a_message_is_hidden_for_longer_than_a_run_and_its_claim_last(promotion: Rendered) -> None:
    """A run that died has lost its claim when its message comes again."""
    queue = next(each for each in promotion.all("aws_sqs_queue").values() if "visibility_timeout_seconds" in each)
    assert WORK.timeout_seconds < LEASE_SECONDS < queue["visibility_timeout_seconds"]
    assert json.loads(queue["redrive_policy"])["maxReceiveCount"] == 5


def test_operators_hear_of_what_waits_fails_or_is_put_aside(promotion: Rendered) -> None:
    """One topic, three alarms, an e-mail address."""
    alarms = {each["alarm_name"]: each["metric_name"] for each in promotion.all("aws_cloudwatch_metric_alarm").values()}
    assert alarms == {
        "acme-prod-model-promotions-dead-letters": "ApproximateNumberOfMessagesVisible",
        "acme-prod-model-promotions-failing": "Errors",
        "acme-prod-model-promotions-late": "ApproximateAgeOfOldestMessage",
    }
    assert promotion.one("aws_sns_topic_subscription")["endpoint"] == "operations@acme.example"


def test_more_accounts_than_the_function_can_be_told_are_an_error() -> None:
    """At synthesis, not when Lambda refuses its variables."""
    many = [
        ModelSource(replace(NAMING, account_id=f"{number:012}"), {"a-team-with-a-long-name": ["a-project"]}, [])
        for number in range(60)
    ]
    with pytest.raises(ConfigError, match="60 accounts"):
        render(lambda scope: place(scope, *many))
