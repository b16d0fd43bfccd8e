"""The central event bus and what teams announce there keep what their docstrings guarantee."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from constructs import Construct
from jsonschema import Draft4Validator

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import EventSettings
from modules.ml_platform.edges import ANNOUNCES
from modules.ml_platform.event_bus import EventBus, Reporter
from modules.ml_platform.event_schemas import EVENT_KINDS, MODEL_PACKAGE, events_of_models
from modules.ml_use_case.announcements import Announcements
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

KEY = "arn:aws:kms:eu-west-1:222222222222:key/logs"
EDGE = Edge(ANNOUNCES, "team fraud in fraud-dev", "shared")
BUS = "arn:aws:events:eu-west-1:222222222222:event-bus/acme-dev-ml-events"
# As SageMaker sends it, with made-up values.
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "2ad5b2f3-6b43-4c5a-9f0f-0d1c35a9a1e2",
    "detail-type": "SageMaker Model Package State Change",
    "source": "aws.sagemaker",
    "account": "333333333333",
    "time": "2026-05-04T09:15:00Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:sagemaker:eu-west-1:333333333333:model-package/acme-dev-fraud-card-fraud/7"],
    "detail": {
        "ModelPackageGroupName": "acme-dev-fraud-card-fraud",
        "ModelPackageVersion": 7,
        "ModelPackageArn": "arn:aws:sagemaker:eu-west-1:333333333333:model-package/acme-dev-fraud-card-fraud/7",
        "CreationTime": "2026-05-04T09:14:58Z",
        "InferenceSpecification": {"Containers": [], "SupportedContentTypes": ["text/csv"]},
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "PendingManualApproval",
        "MetadataProperties": {"CommitId": "f3a1"},
        "CreatedBy": {},
    },
}


@pytest.fixture(name="sides", scope="module")
def _sides() -> set[tuple[Edge, str]]:
    return set()


@pytest.fixture(name="bus", scope="module")
def _bus(sides: set[tuple[Edge, str]]) -> Rendered:
    def build(scope: Construct) -> None:
        EventBus(
            scope,
            "events",
            naming=NAMING,
            settings=EventSettings(),
            units=Units("o-acme", ("o-acme/r-acme/ou-ml/*",)),
            announces=[EDGE],
            log_key_arn=KEY,
        )
        sides.update(cast(TestStack, holder(scope)).sides)

    return render(build)


@pytest.fixture(name="announced", scope="module")
def _announced(sides: set[tuple[Edge, str]]) -> Rendered:
    def build(scope: Construct) -> None:
        Announcements(
            scope,
            "announcements",
            naming=NAMING,
            what="fraud-announcer",
            pattern=events_of_models("acme-dev-fraud-"),
            bus_arn=BUS,
            key_arn=KEY,
            boundary_arn="arn:aws:iam::222222222222:policy/boundary",
            contact="lead@acme.example",
            announces=EDGE,
        )
        sides.update(cast(TestStack, holder(scope)).sides)

    return render(build)


def test_an_event_of_sagemaker_fits_its_schema() -> None:
    """As it is sent; fields that AWS adds do not matter."""
    validator = Draft4Validator(MODEL_PACKAGE.schema())
    assert list(validator.iter_errors(EVENT)) == []
    added = {**EVENT, "detail": {**EVENT["detail"], "Added": True}}
    assert list(validator.iter_errors(added)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("ModelPackageArn", None), ("ModelPackageVersion", "7"), ("ModelApprovalStatus", "Maybe")],
)
def test_another_event_does_not_fit(field: str, value: object) -> None:
    """A version without its ARN, a number as text, an approval that there is not."""
    detail = {key: each for key, each in EVENT["detail"].items() if key != field}
    wrong = {**EVENT, "detail": detail if value is None else {**detail, field: value}}
    assert list(Draft4Validator(MODEL_PACKAGE.schema()).iter_errors(wrong))


def test_every_kind_of_event_is_described_in_the_registry(bus: Rendered) -> None:
    """Each as a valid schema of draft 4, under a name that EventBridge takes."""
    found = {each["name"]: json.loads(each["content"]) for each in bus.all("aws_schemas_schema").values()}
    assert found == {kind.schema_name: json.loads(json.dumps(kind.schema())) for kind in EVENT_KINDS}
    for name, schema in found.items():
        Draft4Validator.check_schema(schema)
        assert not name.startswith("aws.")


def test_teams_announce_what_is_known_and_nobody_else_speaks(bus: Rendered) -> None:
    """The announcing roles of the units, for sources and kinds with a schema; an event without them is refused."""
    policy = bus.policy("aws_cloudwatch_event_bus_policy")
    assert list(policy) == ["TeamsAnnounce"]
    assert policy["TeamsAnnounce"]["Action"] == "events:PutEvents"
    assert policy["TeamsAnnounce"]["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-acme"},
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-acme/r-acme/ou-ml/*"},
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/acme-*-announcer"},
        "ForAllValues:StringEquals": {
            "events:source": EVENT["source"],
            "events:detail-type": EVENT["detail-type"],
        },
        "Null": {"events:source": "false", "events:detail-type": "false"},
    }


def test_what_the_bus_heard_can_be_replayed_and_read(bus: Rendered) -> None:
    """An archive for the days of the settings, and a log group into which one rule alone writes."""
    assert bus.one("aws_cloudwatch_event_archive")["retention_days"] == EventSettings().archive_days
    log = bus.one("aws_cloudwatch_log_group")
    assert (log["retention_in_days"], log["kms_key_id"]) == (365, KEY)
    writes = bus.policy("aws_cloudwatch_log_resource_policy", "policy_document")["ThisRuleWrites"]
    assert writes["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(":rule/acme-dev-ml-events/acme-dev-ml-events-log")
    assert json.loads(bus.one("aws_cloudwatch_event_rule")["event_pattern"]) == {"source": [{"prefix": ""}]}


def test_a_team_announces_its_own_models_to_that_bus_alone(announced: Rendered) -> None:
    """The pattern names the team's groups; the rule's role puts events there, for this rule."""
    rule, target = announced.one("aws_cloudwatch_event_rule"), announced.one("aws_cloudwatch_event_target")
    assert json.loads(rule["event_pattern"])["detail"] == {"ModelPackageGroupName": [{"prefix": "acme-dev-fraud-"}]}
    assert target["arn"] == BUS
    assert "input_transformer" not in target
    may = announced.policy("aws_iam_role_policy")
    assert (list(may), may["Forward"]["Resource"]) == (["Forward"], BUS)
    trust = statements(announced.one("aws_iam_role")["assume_role_policy"])["ThisRule"]["Condition"]
    assert trust["ArnEquals"]["aws:SourceArn"].endswith(":rule/acme-dev-fraud-announcer")


def test_the_role_that_announces_is_one_that_the_bus_admits(announced: Rendered) -> None:
    """Its name ends as the bus's policy wants it."""
    assert announced.one("aws_iam_role")["name"] == "acme-dev-fraud-announcer"


def test_what_is_not_delivered_waits_and_is_told(announced: Rendered) -> None:
    """For 14 days after a day of tries, with an alarm on the first, to the team's owner."""
    target = announced.one("aws_cloudwatch_event_target")
    assert target["retry_policy"]["maximum_event_age_in_seconds"] == 86_400
    assert "dead-letters" in target["dead_letter_config"]["arn"]
    assert announced.one("aws_sqs_queue")["message_retention_seconds"] == 1_209_600
    alarm = announced.one("aws_cloudwatch_metric_alarm")
    assert (alarm["threshold"], alarm["comparison_operator"]) == (0, "GreaterThanThreshold")
    assert announced.one("aws_sns_topic_subscription")["endpoint"] == "lead@acme.example"


def test_both_sides_of_the_way_are_rendered(bus: Rendered, announced: Rendered, sides: set[tuple[Edge, str]]) -> None:
    """The bus's policy and the rule."""
    assert bus.document
    assert announced.document
    assert sides == {(EDGE, "bus"), (EDGE, "rule")}


def test_more_served_projects_than_the_bus_policy_has_room_for_are_refused_at_synthesis() -> None:
    """Not by AWS in the middle of an apply; the message says how much is too much."""
    role = "arn:aws:iam::333333333333:role/acme-prod-serving--a-project-of-20-char--drift"
    reporters = [Reporter("333333333333", f"{role}-{number}", EDGE) for number in range(120)]

    def build(scope: Construct) -> None:
        EventBus(
            scope,
            "events",
            naming=NAMING,
            settings=EventSettings(),
            units=None,
            announces=[],
            log_key_arn=KEY,
            reporters=reporters,
        )

    with pytest.raises(ConfigError, match="and EventBridge takes 10240: end the serving of some"):
        render(build)
