"""Every branch of the state machines on drift, carried out by an interpreter against AWS as moto has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.validate import ParamValidator

from modules.ml_operations.drift_answer_machine import drift_answer_machine
from modules.ml_operations.drift_machine import NAMESPACE, drift_machine
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.monitoring_settings import MonitoringSettings, MonitorSettings
from modules.ml_platform.event_schemas import MODEL_DRIFT
from tests.support.state_machines import ACCOUNT, EXECUTES, REGION, Run, run

pytestmark = pytest.mark.e2e
KINDS: tuple[MonitorKind, ...] = ("data-quality", "model-quality")
SCHEDULES = {
    kind: f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:monitoring-schedule/acme-prod-card-fraud--{kind}" for kind in KINDS
}
VERSION = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/acme-prod-fraud-card-fraud"
SETTINGS = MonitoringSettings(
    data_quality=MonitorSettings(every_hours=1, response="retrain", act_after=2),
    model_quality=MonitorSettings(response="rollback", act_after=1),
)


class Aws:
    """What the machines work on."""

    def __init__(self) -> None:
        def client(name: str) -> Any:
            return boto3.client(name, region_name=REGION)

        self.dynamodb, self.events, self.sqs, self.cloudwatch = map(client, ("dynamodb", "events", "sqs", "cloudwatch"))
        self.sagemaker, self.pipelines = client("sagemaker"), client("codepipeline")
        for name, keys in (("drift", ("kind",)), ("releases", ("project", "account"))):
            self.dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[
                    {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
                ],
            )
        sns = client("sns")
        self.topic = sns.create_topic(Name="owner")["TopicArn"]
        self.mail = self._queue("mail")
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=self._arn(self.mail))
        self.heard = {name: self._bus(name) for name in ("central", "retrain")}
        served = {"model_package_arn": f"{VERSION}/7", "version": "7"}
        client("ssm").put_parameter(Name="/version", Type="String", Value=json.dumps(served))

    def _queue(self, name: str) -> str:
        return str(self.sqs.create_queue(QueueName=name)["QueueUrl"])

    def _arn(self, url: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"

    def _bus(self, name: str) -> str:
        url = self._queue(f"heard-{name}")
        self.events.create_event_bus(Name=name)
        self.events.put_rule(Name="all", EventBusName=name, EventPattern='{"source": ["mlgov.operations"]}')
        self.events.put_targets(Rule="all", EventBusName=name, Targets=[{"Id": "queue", "Arn": self._arn(url)}])
        return url

    def taken(self, url: str) -> list[Any]:
        """What waits in the queue."""
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    def open_incidents(self) -> dict[str, int]:
        """Kinds with an open incident, and how many runs in a row found violations."""
        items = self.dynamodb.scan(TableName="drift")["Items"]
        return {item["kind"]["S"]: int(item["runs"]["N"]) for item in items}

    def measured(self) -> set[str]:
        """The metrics that were put."""
        return {metric["MetricName"] for metric in self.cloudwatch.list_metrics(Namespace=NAMESPACE)["Metrics"]}

    def live(self, arn: str, previous: str) -> None:
        """Say which version is live in production."""
        item = {"project": "card-fraud", "account": "fraud-prod", "model_package_arn": arn}
        values = {name: {"S": value} for name, value in {**item, "previous": previous}.items()}
        self.dynamodb.put_item(TableName="releases", Item=values)


@pytest.fixture(name="aws")
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with EXECUTES:
        yield Aws()


def _event(job: str, said: str | None, *, kind: Any = "data-quality", status: str = "Completed") -> dict[str, Any]:
    schedule = SCHEDULES.get(kind, "other")
    detail = {"MonitoringScheduleArn": schedule, "ProcessingJobName": job, "ProcessingJobStatus": status}
    return {
        "id": f"event-{job}",
        "time": "2026-11-23T12:00:00Z",
        "account": ACCOUNT,
        "detail": {**detail, **({"ExitMessage": said} if said else {})},
    }


def _watch(aws: Aws, event: dict[str, Any], **responses: Any) -> Run:
    wanted = responses or {"data-quality": "retrain", "model-quality": "rollback"}
    definition = drift_machine(
        partition="aws",
        project="card-fraud",
        schedules=SCHEDULES,
        settings=SETTINGS.by_kind,
        responses=wanted,
        table="drift",
        topic_arn=aws.topic,
        bus_arn=f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/central",
        parameter="/version",
    )
    return run(definition, event)


VIOLATED = "CompletedWithViolations: Job completed successfully with 3 violations."


def test_the_first_run_with_violations_is_told_to_the_owner(aws: Aws) -> None:
    """It opens an incident, is measured, and nothing else follows yet."""
    ended = _watch(aws, _event("one", VIOLATED))
    assert (ended.status, ended.states[-1]) == ("SUCCEEDED", "Known")
    assert aws.open_incidents() == {"data-quality": 1}
    [mail] = aws.taken(aws.mail)
    assert "data-quality of card-fraud found violations, with version 7. Job one: Completed" in mail["Message"]
    assert aws.taken(aws.heard["central"]) == []
    assert aws.measured() == {"Runs", "RunsWithViolations", "FailedRuns"}


def test_the_same_event_twice_counts_once(aws: Aws) -> None:
    """SageMaker may send an event more than once."""
    _watch(aws, _event("one", VIOLATED))
    again = _watch(aws, _event("one", VIOLATED))
    assert again.states[-1] == "HeardBefore"
    assert aws.open_incidents() == {"data-quality": 1}
    assert len(aws.taken(aws.mail)) == 1


def test_drift_that_stays_is_reported_once_and_told(aws: Aws) -> None:
    """After the second run in a row the central bus hears what its schema says; after the third nothing new."""
    for job in ("one", "two", "three"):
        assert _watch(aws, _event(job, VIOLATED)).status == "SUCCEEDED"
    [reported] = aws.taken(aws.heard["central"])
    assert reported["detail-type"] == MODEL_DRIFT.detail_type
    assert set(reported["detail"]) == set(MODEL_DRIFT.required)
    assert reported["detail"]["response"] == "retrain"
    assert reported["detail"]["model_package_arn"] == f"{VERSION}/7"
    assert len(aws.taken(aws.mail)) == 2
    assert aws.open_incidents() == {"data-quality": 3}


def test_outside_production_drift_is_told_and_nothing_more(aws: Aws) -> None:
    """Where nothing is to follow the bus hears nothing."""
    for job in ("one", "two"):
        ended = _watch(aws, _event(job, VIOLATED), **{"data-quality": "tell", "model-quality": "tell"})
    assert ended.states[-1] == "Known"
    assert aws.taken(aws.heard["central"]) == []


def test_a_run_without_violations_closes_the_incident(aws: Aws) -> None:
    """The next one is a new one, and is told again."""
    _watch(aws, _event("one", VIOLATED))
    assert _watch(aws, _event("two", "Completed: Job completed successfully with no violations.")).status == "SUCCEEDED"
    assert aws.open_incidents() == {}
    _watch(aws, _event("three", VIOLATED))
    assert len(aws.taken(aws.mail)) == 2


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_a_run_that_failed_is_measured(aws: Aws, status: str) -> None:
    """It is no drift; its alarm goes by the metric."""
    assert _watch(aws, _event("one", None, status=status)).states[-1] == "CountFailure"
    assert (aws.measured(), aws.open_incidents()) == ({"FailedRuns"}, {})


def test_what_the_machine_does_not_know_fails(aws: Aws) -> None:
    """Another schedule's run, or an outcome without words: told by the alarm on executions, never passed over."""
    assert _watch(aws, _event("one", VIOLATED, kind="other")).error == "UnknownRun"
    assert _watch(aws, _event("one", None)).error == "UnknownRun"


def test_an_owner_who_cannot_be_told_fails_the_execution(aws: Aws) -> None:
    """No step is passed over: what cannot be done is told as a failure."""
    boto3.client("sns", region_name=REGION).delete_topic(TopicArn=aws.topic)
    assert _watch(aws, _event("one", VIOLATED)).status == "FAILED"


def _report(response: str, arn: str = f"{VERSION}/7") -> dict[str, Any]:
    detail = {"project": "card-fraud", "kind": "model-quality", "response": response}
    return {"id": "event-9", "account": ACCOUNT, "detail": {**detail, "model_package_arn": arn}}


def _answer(aws: Aws, report: dict[str, Any], *, built: bool = True) -> Run:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/retrain"
    definition = drift_answer_machine(
        partition="aws",
        project="card-fraud",
        account="fraud-prod",
        table="releases",
        pipeline="acme-prod-release--card-fraud",
        topic_arn=aws.topic,
        retrain_bus_arn=bus if built else None,
    )
    return run(definition, report)


def _versions(aws: Aws, *states: str) -> list[str]:
    """The ARNs of versions of the group with these approvals."""
    aws.sagemaker.create_model_package_group(ModelPackageGroupName="acme-prod-fraud-card-fraud")
    return [
        aws.sagemaker.create_model_package(
            ModelPackageGroupName="acme-prod-fraud-card-fraud",
            ModelApprovalStatus=state,
            InferenceSpecification={
                "Containers": [{"Image": "image"}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        )["ModelPackageArn"]
        for state in states
    ]


def test_a_model_learns_again_by_one_message(aws: Aws) -> None:
    """Dev hears that the project drifted, by which kind, and no more."""
    assert _answer(aws, _report("retrain")).status == "SUCCEEDED"
    [heard] = aws.taken(aws.heard["retrain"])
    assert heard["detail-type"] == "Model Retraining Requested"
    assert heard["detail"] == {"project": "card-fraud", "kind": "model-quality", "drift": "event-9"}


def test_a_model_that_nobody_builds_cannot_learn_again(aws: Aws) -> None:
    """That fails, so that people hear of it."""
    assert _answer(aws, _report("retrain"), built=False).error == "NotBuilt"


def test_a_response_that_is_none_fails(aws: Aws) -> None:
    """Neither retrain nor rollback."""
    assert _answer(aws, _report("delete")).error == "UnknownResponse"


def test_the_version_before_is_released_once_people_reject_the_drifted_one(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner is asked once; the machine waits, then the pipeline gets the version before, and a token."""
    started: list[dict[str, Any]] = []
    before, drifted = _versions(aws, "Approved", "Approved")
    aws.live(drifted, before)
    ended = _release(aws, monkeypatch, started, _report("rollback", drifted))
    assert (ended.status, ended.states[-1]) == ("SUCCEEDED", "Release")
    assert ended.states.count("Pause") == 1
    [call] = started
    assert call["name"] == "acme-prod-release--card-fraud"
    assert call["variables"] == [{"name": "MODEL_PACKAGE_ARN", "value": before}]
    assert call["clientRequestToken"] == "event-9"
    [mail] = aws.taken(aws.mail)
    assert f"Reject it in the central registry to go back to {before}" in mail["Message"]


def _release(aws: Aws, monkeypatch: pytest.MonkeyPatch, started: list[dict[str, Any]], report: dict[str, Any]) -> Run:
    """Somebody rejects the drifted version once it was looked at.

    Moto starts no pipelines: the call is taken down, after botocore found it well-formed.
    """
    real, drifted = BaseClient._make_api_call, report["detail"]["model_package_arn"]

    def call(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation == "DescribeModelPackage" and parameters["ModelPackageName"] == drifted:
            described = real(self, operation, parameters)
            aws.sagemaker.update_model_package(ModelPackageArn=drifted, ModelApprovalStatus="Rejected")
            return described
        if operation != "StartPipelineExecution":
            return real(self, operation, parameters)
        shape = self.meta.service_model.operation_model(operation).input_shape
        faults = ParamValidator().validate(spelt := _as_the_service(parameters), shape)
        assert not faults.has_errors(), faults.generate_report()
        started.append(spelt)
        return {"pipelineExecutionId": "execution-1"}

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return _answer(aws, report)


def _as_the_service(value: Any) -> Any:
    """Step Functions begins every parameter with a capital, CodePipeline none; moto leaves that as it is."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _as_the_service(each) for key, each in value.items()}
    return [_as_the_service(each) for each in value] if isinstance(value, list) else value


def test_nothing_goes_back_to_a_version_that_is_approved_no_more(aws: Aws) -> None:
    """Who refuses the version before in the registry ends the way back to it."""
    before, drifted = _versions(aws, "Rejected", "Rejected")
    aws.live(drifted, before)
    assert _answer(aws, _report("rollback", drifted)).error == "NotApproved"


@pytest.mark.parametrize("previous", ["none", ""])
def test_the_first_version_has_nothing_to_go_back_to(aws: Aws, previous: str) -> None:
    """That fails, so that people hear of it."""
    if previous:
        aws.live(f"{VERSION}/7", previous)
    else:
        item = {"project": {"S": "card-fraud"}, "account": {"S": "fraud-prod"}}
        aws.dynamodb.put_item(TableName="releases", Item={**item, "model_package_arn": {"S": f"{VERSION}/7"}})
    assert _answer(aws, _report("rollback")).error == "NothingBefore"


def test_a_version_that_was_replaced_meanwhile_is_left_alone(aws: Aws) -> None:
    """A report that comes late releases nothing."""
    aws.live(f"{VERSION}/8", f"{VERSION}/7")
    assert _answer(aws, _report("rollback")).states[-1] == "Replaced"
