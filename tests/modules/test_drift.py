"""What watches a served model for drift: machines, alarms, dashboard, and the way to an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.core.topic import ALARMS, Topic
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names
from modules.ml_operations.drift_alarms import DriftAlarms
from modules.ml_operations.drift_answer import DriftAnswer
from modules.ml_operations.drift_answer_machine import RETRAIN_DETAIL_TYPE, RETRAIN_SOURCE, drift_answer_machine
from modules.ml_operations.drift_loop import DriftLoop
from modules.ml_operations.drift_machine import DETAIL_TYPE, NAMESPACE, SOURCE, drift_machine
from modules.ml_operations.edges import REPORTS_DRIFT, RETRAINS
from modules.ml_operations.endpoint_dashboard import EndpointDashboard
from modules.ml_operations.layout import MONITOR_KINDS
from modules.ml_operations.monitoring_settings import MonitoringSettings
from modules.ml_operations.serving_settings import ServedAs, Serving
from modules.ml_platform.event_schemas import MODEL_DRIFT
from modules.ml_use_case.retraining import DETAIL_TYPE as HEARD_TYPE
from modules.ml_use_case.retraining import SOURCE as HEARD_SOURCE
from modules.ml_use_case.retraining import Asker, Retraining
from tests.support.rendering import NAMING, Rendered, render, statements
from tests.support.state_machines import faults

PROD = Naming("acme", "prod", "fraud-prod", "333333333333", "aws", "eu-west-1")
HUB = Naming("acme", "prod", "ml-shared-services-prod", "444444444444", "aws", "eu-west-1")
BUS = "arn:aws:events:eu-west-1:444444444444:event-bus/acme-prod-ml-events"
RETRAIN_BUS = "arn:aws:events:eu-west-1:222222222222:event-bus/acme-dev-retrain--card-fraud"
BOUNDARY = "arn:aws:iam::333333333333:policy/boundary"
KEYS = BaselineContract(
    **{
        field.name: {
            what: f"arn:aws:kms:eu-west-1:333333333333:key/{what}" for what in ("account-logs", "data", "messages")
        }
        if field.name == "key_arns"
        else "x"
        for field in fields(BaselineContract)
    }
)
OWNER = "a@b.example"
REAL_TIME: ServedAs = Serving().at("prod")


def _topic(scope: Construct) -> Topic:
    return Topic(
        scope, "topic", naming=PROD, what="owner", key_arn="key", publishers={ALARMS: ["a"]}, email="a@b.example"
    )


def _watch(scope: Construct, *, acts: bool = True) -> None:
    topic = _topic(scope)
    DriftLoop(
        scope,
        "drift",
        naming=PROD,
        settings=MonitoringSettings(),
        project="card-fraud",
        kinds=MONITOR_KINDS,
        acts=acts,
        topic=topic,
        bus_arn=BUS,
        reports=Edge(REPORTS_DRIFT, "project card-fraud", "hub"),
        keys=KEYS,
        boundary_arn=BOUNDARY,
    )
    DriftAlarms(
        scope,
        "alarms",
        naming=PROD,
        settings=MonitoringSettings(),
        project="card-fraud",
        mode="real-time",
        kinds=MONITOR_KINDS,
        topic=topic,
    )
    EndpointDashboard(scope, "dashboard", naming=PROD, project="card-fraud", settings=REAL_TIME, kinds=MONITOR_KINDS)


def _answer(scope: Construct) -> None:
    DriftAnswer(
        scope,
        "answer",
        naming=HUB,
        project="card-fraud",
        account="fraud-prod",
        account_id="333333333333",
        bus="ml-events",
        models="arn:aws:sagemaker:eu-west-1:444444444444:model-package/acme-prod-fraud-card-fraud/*",
        retrain_bus_arn=RETRAIN_BUS,
        retrains=Edge(RETRAINS, "hub", "project card-fraud"),
        owner="a@b.example",
        keys=KEYS,
        boundary_arn=BOUNDARY,
    )


def _hear(scope: Construct) -> None:
    Retraining(
        scope,
        "retraining",
        naming=NAMING,
        project="card-fraud",
        bus=names.retrain_bus("card-fraud"),
        asker=Asker("444444444444", HUB.role_arn(names.drift_answer("card-fraud")), Edge(RETRAINS, "hub", "project")),
        owner="a@b.example",
        key_arn="key",
        boundary_arn=BOUNDARY,
    )


@pytest.fixture(name="watching", scope="module")
def _watching() -> Rendered:
    return render(_watch)


@pytest.fixture(name="answering", scope="module")
def _answering() -> Rendered:
    return render(_answer)


@pytest.fixture(name="hearing", scope="module")
def _hearing() -> Rendered:
    return render(_hear)


def _definition(rendered: Rendered) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rendered.one("aws_sfn_state_machine")["definition"])
    return found


def _allowed(rendered: Rendered, ends: str) -> dict[str, dict[str, Any]]:
    """The statements of the role whose policy is called so."""
    [policy] = [each for each in rendered.all("aws_iam_role_policy").values() if each["name"] == ends]
    return statements(policy["policy"])


def test_the_machines_are_what_aws_takes(watching: Rendered, answering: Rendered) -> None:
    """Every state exists, is reached, goes on or ends, and every task is tried again."""
    assert faults(_definition(watching)) == []
    assert faults(_definition(answering)) == []


def test_a_machine_calls_aws_in_its_own_partition() -> None:
    """Step Functions has its integrations by ARNs of the partition that the machine stands in."""
    watches = drift_machine(
        partition="aws-us-gov",
        project="p",
        schedules={"data-quality": "s"},
        settings=MonitoringSettings().by_kind,
        responses={"data-quality": "retrain"},
        table="t",
        topic_arn="t",
        bus_arn="b",
        parameter="v",
    )
    answers = drift_answer_machine(
        partition="aws-us-gov", project="p", account="a", table="t", pipeline="p", topic_arn="t", retrain_bus_arn="b"
    )
    called = [
        state["Resource"] for each in (watches, answers) for state in each["States"].values() if "Resource" in state
    ]
    assert len(called) > 10
    assert all(resource.startswith("arn:aws-us-gov:states:::") for resource in called)


def test_a_broken_machine_is_seen() -> None:
    """The check finds a lost state, a dead end and a task that gives up at once."""
    machine = drift_answer_machine(
        partition="aws", project="p", account="a", table="t", pipeline="p", topic_arn="t", retrain_bus_arn=BUS
    )
    del machine["States"]["Release"], machine["States"]["Live"]["Retry"]
    assert set(faults(machine)) == {"there is no state Release", "Live: tries nothing again"}


def test_what_is_reported_is_what_the_bus_knows(watching: Rendered) -> None:
    """Source, kind and every field of the event are those of its schema, and what answers hears the same."""
    [entry] = _definition(watching)["States"]["Report"]["Parameters"]["Entries"]
    assert (entry["Source"], entry["DetailType"]) == (MODEL_DRIFT.source, MODEL_DRIFT.detail_type)
    assert {key.removesuffix(".$") for key in entry["Detail"]} == set(MODEL_DRIFT.required)
    assert (MODEL_DRIFT.source, MODEL_DRIFT.detail_type) == (SOURCE, DETAIL_TYPE)


def test_what_asks_to_learn_again_is_what_dev_hears() -> None:
    """Both sides, which import nothing of each other, spell the message alike."""
    assert (RETRAIN_SOURCE, RETRAIN_DETAIL_TYPE) == (HEARD_SOURCE, HEARD_TYPE)


def test_runs_of_these_schedules_alone_start_the_machine(watching: Rendered) -> None:
    """The rule names the schedules of this project by their ARNs, and how a run ended."""
    pattern = json.loads(watching.one("aws_cloudwatch_event_rule")["event_pattern"])
    assert pattern["detail"]["MonitoringScheduleArn"] == sorted(
        f"arn:aws:sagemaker:eu-west-1:333333333333:monitoring-schedule/acme-prod-card-fraud--{kind}"
        for kind in MONITOR_KINDS
    )


def test_the_machine_may_do_what_its_states_do(watching: Rendered) -> None:
    """Its table, its topic, its parameter, its namespace, and drift on the central bus."""
    allowed = _allowed(watching, "drift--card-fraud")
    assert allowed["KeepIncidents"]["Resource"].endswith(":table/acme-prod-drift--card-fraud")
    assert allowed["Measure"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    assert allowed["ReportDrift"]["Resource"] == BUS
    assert allowed["ReportDrift"]["Condition"]["ForAllValues:StringEquals"] == {
        "events:source": MODEL_DRIFT.source,
        "events:detail-type": MODEL_DRIFT.detail_type,
    }


def test_outside_production_nothing_follows_and_nothing_is_reported() -> None:
    """There the machine may not put events at all."""
    rendered = render(lambda scope: _watch(scope, acts=False))
    assert "ReportDrift" not in _allowed(rendered, "drift--card-fraud")
    states = _definition(rendered)["States"].values()
    assert {state["Result"]["response"] for state in states if state["Type"] == "Pass"} == {"tell"}


def test_incidents_are_kept(watching: Rendered) -> None:
    """Under the account's key, recoverable, and neither Terraform nor DynamoDB deletes the table."""
    table = watching.one("aws_dynamodb_table")
    assert table["server_side_encryption"]["kms_key_arn"].endswith("key/data")
    assert (table["point_in_time_recovery"]["enabled"], table["deletion_protection_enabled"]) == (True, True)
    assert table["lifecycle"]["prevent_destroy"] is True


def test_every_kind_has_its_alarms(watching: Rendered) -> None:
    """Violations, failures and missing runs of each; beside them executions and events that failed."""
    named = {each["alarm_name"] for each in watching.all("aws_cloudwatch_metric_alarm").values()}
    wanted = {f"{kind}-{what}" for kind in MONITOR_KINDS for what in ("drift", "failed", "late")}
    prefix = "acme-prod-serving--card-fraud-"
    assert named == {f"{prefix}{what}" for what in wanted | {"drift-failed", "drift-dead-letters"}}


def test_a_monitor_is_late_only_while_the_model_is_asked(watching: Rendered) -> None:
    """Silence of an endpoint that nobody asks is no alarm; truth that comes late is waited for."""
    alarms = {each["alarm_name"]: each for each in watching.all("aws_cloudwatch_metric_alarm").values()}
    late = alarms["acme-prod-serving--card-fraud-model-quality-late"]
    expression = next(query["expression"] for query in late["metric_query"] if "expression" in query)
    assert expression == "IF(FILL(asked, 0) > 0 AND FILL(runs, 0) < 1, 1, 0)"
    assert late["evaluation_periods"] == 3
    assert alarms["acme-prod-serving--card-fraud-data-quality-late"]["evaluation_periods"] == 2


def test_the_dashboard_shows_metrics_by_their_own_dimensions(watching: Rendered) -> None:
    """Endpoint and variant are called as the endpoint's are; drift goes by what the machine puts."""
    body = json.loads(watching.one("aws_cloudwatch_dashboard")["dashboard_body"])
    shown = [metric for widget in body["widgets"] for metric in widget["properties"]["metrics"] if len(metric) > 1]
    endpoint = ("EndpointName", names.endpoint(PROD, "card-fraud"), "VariantName", names.VARIANT)
    for namespace, metric, *rest in shown:
        dimensions = tuple(each for each in rest if isinstance(each, str))
        if namespace == NAMESPACE:
            assert (dimensions[::2], dimensions[3]) == (("Kind", "Project"), "card-fraud")
            assert metric in {each["MetricName"] for each in _metrics(_definition(watching))}
        else:
            assert dimensions == endpoint, (namespace, metric)
    assert {each[1] for each in shown} >= {"Invocations", "ModelLatency", "CPUUtilization", "GPUUtilization"}


def _metrics(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        each for state in definition["States"].values() for each in state.get("Parameters", {}).get("MetricData", ())
    ]


@pytest.mark.parametrize("mode", ["asynchronous", "serverless", "batch"])
def test_every_mode_has_a_dashboard(mode: Any) -> None:
    """What a mode does not publish is not shown."""
    served = Serving(mode=mode).at("prod")
    rendered = render(
        lambda scope: EndpointDashboard(
            scope, "dashboard", naming=PROD, project="p1", settings=served, kinds=("data-quality",)
        )
    )
    body = json.loads(rendered.one("aws_cloudwatch_dashboard")["dashboard_body"])
    titles = [each["properties"]["title"] for each in body["widgets"]]
    assert ("Waiting requests" in titles) == (mode == "asynchronous")
    assert ("Requests" in titles) == (mode != "batch")
    assert "Runs with violations" in titles


def test_only_the_production_account_is_answered(answering: Rendered) -> None:
    """The rule takes reports of this project that come from the account that serves it in production."""
    pattern = json.loads(answering.one("aws_cloudwatch_event_rule")["event_pattern"])
    assert pattern["account"] == ["333333333333"]
    assert pattern["detail"] == {"project": ["card-fraud"]}


def test_what_answers_starts_one_pipeline_and_asks_one_bus(answering: Rendered) -> None:
    """It approves nothing, deploys nothing, and reads what is live and whether the version before is approved."""
    allowed = _allowed(answering, "drift-answer--card-fraud")
    assert allowed["Release"]["Resource"].endswith(":acme-prod-release--card-fraud")
    assert allowed["Retrain"]["Resource"] == RETRAIN_BUS
    text = json.dumps(allowed)
    assert "Approv" not in text
    assert "sagemaker:Update" not in text
    assert "sagemaker:Create" not in text


def test_dev_hears_one_role_and_starts_one_build(hearing: Rendered) -> None:
    """The bus takes one kind of message from one role of one account; its rule starts this project's build."""
    [said] = statements(hearing.one("aws_cloudwatch_event_bus_policy")["policy"]).values()
    assert said["Principal"] == {"AWS": "arn:aws:iam::444444444444:root"}
    assert said["Condition"]["ArnEquals"] == {
        "aws:PrincipalArn": "arn:aws:iam::444444444444:role/acme-prod-drift-answer--card-fraud"
    }
    assert said["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "$${aws:ResourceOrgID}"
    target = hearing.one("aws_cloudwatch_event_target")
    assert target["arn"] == "arn:aws:codepipeline:eu-west-1:222222222222:acme-dev-card-fraud"
    assert _allowed(hearing, "card-fraud--retrain")["Start"]["Action"] == "codepipeline:StartPipelineExecution"
