"""What is done about a run of a monitor: the state machine in an account that serves the model. No cdktf here.

It is written in the Amazon States Language, and asks AWS itself: no function stands between. Its input is SageMaker's
event of a processing job that ended, whose detail is what DescribeProcessingJob answers.

An incident is open while runs of one kind in a row find violations. The table has an item for each open one: so the
owner is told once, `response` follows once, after so many runs, and a message that comes twice counts once. The first
run without violations closes it.
https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-violations.html
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.machine_tasks import RETRY, Json, Tasks
from modules.ml_operations.monitoring_settings import MonitorSettings, Response

NAMESPACE = "mlgov/Monitors"
RUNS, VIOLATIONS, FAILURES = "Runs", "RunsWithViolations", "FailedRuns"
SOURCE, DETAIL_TYPE = "mlgov.operations", "Model Drift Detected"
_ENDED = ("Completed", "Failed", "Stopped")


def pattern(schedules: Mapping[MonitorKind, str]) -> Json:
    """The events that start it: a run of one of these schedules, by their ARNs, that ended."""
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {
            "MonitoringScheduleArn": sorted(schedules.values()),
            "ProcessingJobStatus": list(_ENDED),
        },
    }


def drift_machine(
    *,
    partition: str,
    project: str,
    schedules: Mapping[MonitorKind, str],
    settings: Mapping[MonitorKind, MonitorSettings],
    responses: Mapping[MonitorKind, Response],
    table: str,
    topic_arn: str,
    bus_arn: str,
    parameter: str,
    timeout_seconds: int = 900,
) -> Json:
    """The definition. `schedules` are the ARNs of the monitors' schedules, `responses` what follows here.

    `table` holds open incidents, `topic_arn` tells the owner, `bus_arn` is the central bus, and `parameter` names the
    version that is served.
    """
    tasks = Tasks(partition)
    return {
        "Comment": f"What is done about runs of the monitors of {project}",
        "StartAt": "Kind",
        "TimeoutSeconds": timeout_seconds,
        "States": {
            **_kinds(schedules, settings, responses),
            **_outcomes(tasks, project, table),
            **_incident(tasks, project, table, topic_arn, parameter),
            **_escalation(tasks, project, topic_arn, bus_arn),
        },
    }


def _kinds(
    schedules: Mapping[MonitorKind, str],
    settings: Mapping[MonitorKind, MonitorSettings],
    responses: Mapping[MonitorKind, Response],
) -> Json:
    choices = [
        {"Variable": "$.detail.MonitoringScheduleArn", "StringEquals": arn, "Next": f"Is {kind}"}
        for kind, arn in sorted(schedules.items())
    ]
    kinds = {
        f"Is {kind}": {
            "Type": "Pass",
            "Result": {"kind": kind, "act_after": settings[kind].act_after, "response": responses[kind]},
            "ResultPath": "$.monitor",
            "Next": "Outcome",
        }
        for kind in sorted(schedules)
    }
    return {
        "Kind": {"Type": "Choice", "Choices": choices, "Default": "Unknown"},
        **kinds,
        "Unknown": {
            "Type": "Fail",
            "Error": "UnknownRun",
            "Cause": "No schedule of this model, or an outcome that this machine does not know",
        },
    }


def _outcomes(tasks: Tasks, project: str, table: str) -> Json:
    said = "$.detail.ExitMessage"

    def exits(words: str) -> Json:
        return {
            "And": [
                {"Variable": "$.detail.ProcessingJobStatus", "StringEquals": "Completed"},
                {"Variable": said, "IsPresent": True},
                {"Variable": said, "StringMatches": words},
            ]
        }

    failed = [
        {"Variable": "$.detail.ProcessingJobStatus", "StringEquals": status, "Next": "CountFailure"}
        for status in ("Failed", "Stopped")
    ]
    return {
        "Outcome": {
            "Type": "Choice",
            "Choices": [
                {**exits("CompletedWithViolations*"), "Next": "Note"},
                {**exits("Completed*"), "Next": "CountRun"},
                *failed,
            ],
            "Default": "Unknown",
        },
        "CountFailure": _measure(tasks, project, [(FAILURES, 1)], None),
        "CountRun": _measure(tasks, project, [(RUNS, 1), (VIOLATIONS, 0), (FAILURES, 0)], "Close"),
        "Close": tasks.call(
            "dynamodb:deleteItem", {"TableName": table, "Key": {"kind": {"S.$": "$.monitor.kind"}}}, None
        ),
    }


def _incident(tasks: Tasks, project: str, table: str, topic_arn: str, parameter: str) -> Json:
    return {
        "Note": tasks.call(
            "dynamodb:updateItem",
            {
                "TableName": table,
                "Key": {"kind": {"S.$": "$.monitor.kind"}},
                "UpdateExpression": "SET opened = if_not_exists(opened, :time), last_job = :job ADD runs :one",
                "ConditionExpression": "attribute_not_exists(last_job) OR last_job <> :job",
                "ExpressionAttributeValues": {
                    ":job": {"S.$": "$.detail.ProcessingJobName"},
                    ":one": {"N": "1"},
                    ":time": {"S.$": "$.time"},
                },
                "ReturnValues": "ALL_NEW",
            },
            "CountViolations",
            ResultSelector={
                "runs.$": "States.StringToJson($.Attributes.runs.N)",
                "opened.$": "$.Attributes.opened.S",
            },
            ResultPath="$.incident",
            Retry=[{**RETRY, "ErrorEquals": ["DynamoDB.ProvisionedThroughputExceededException"]}],
            Catch=[{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "HeardBefore"}],
        ),
        "HeardBefore": {"Type": "Succeed", "Comment": "SageMaker may send an event more than once"},
        "CountViolations": _measure(tasks, project, [(RUNS, 1), (VIOLATIONS, 1), (FAILURES, 0)], "Served"),
        "Served": tasks.call(
            "aws-sdk:ssm:getParameter",
            {"Name": parameter},
            "IsNew",
            ResultSelector={"version.$": "States.StringToJson($.Parameter.Value)"},
            ResultPath="$.served",
        ),
        "IsNew": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.incident.runs", "NumericEquals": 1, "Next": "Tell"}],
            "Default": "IsSevere",
        },
        "Tell": tasks.tell(
            topic_arn,
            f"{project}: drift",
            "The monitor {} of " + project + " found violations, with version {}. Job {}: {}",
            ("$.monitor.kind", "$.served.version.version", "$.detail.ProcessingJobName", "$.detail.ExitMessage"),
            "IsSevere",
        ),
    }


def _escalation(tasks: Tasks, project: str, topic_arn: str, bus_arn: str) -> Json:
    acts = [{"Variable": "$.monitor.response", "StringEquals": each} for each in ("retrain", "rollback")]
    entry = {
        "EventBusName": bus_arn,
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Detail": {
            "project": project,
            "kind.$": "$.monitor.kind",
            "response.$": "$.monitor.response",
            "runs.$": "$.incident.runs",
            "opened.$": "$.incident.opened",
            "job.$": "$.detail.ProcessingJobName",
            "account.$": "$.account",
            "model_package_arn.$": "$.served.version.model_package_arn",
            "version.$": "$.served.version.version",
        },
    }
    return {
        "IsSevere": {
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.incident.runs", "NumericEqualsPath": "$.monitor.act_after"},
                        {"Or": acts},
                    ],
                    "Next": "Report",
                }
            ],
            "Default": "Known",
        },
        "Known": {"Type": "Succeed", "Comment": "The owner was told; nothing else is to be done now"},
        "Report": tasks.call("events:putEvents", {"Entries": [entry]}, "TellResponse", ResultPath=None),
        "TellResponse": tasks.tell(
            topic_arn,
            f"{project}: drift stays",
            "The monitor {} of " + project + " found violations in {} runs in a row. What follows: {}",
            ("$.monitor.kind", "$.incident.runs", "$.monitor.response"),
            None,
        ),
    }


def _measure(tasks: Tasks, project: str, values: list[tuple[str, int]], then: str | None) -> Json:
    data = [
        {
            "MetricName": metric,
            "Dimensions": [
                {"Name": "Kind", "Value.$": "$.monitor.kind"},
                {"Name": "Project", "Value": project},
            ],
            "Unit": "Count",
            "Value": value,
        }
        for metric, value in values
    ]
    parameters = {"Namespace": NAMESPACE, "MetricData": data}
    return tasks.call("aws-sdk:cloudwatch:putMetricData", parameters, then, ResultPath=None)
