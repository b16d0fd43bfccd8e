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
from typing import Any

from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.monitoring_settings import MonitorSettings, Response

Json = dict[str, Any]
NAMESPACE = "mlgov/Monitors"
RUNS, VIOLATIONS, FAILURES = "Runs", "RunsWithViolations", "FailedRuns"
SOURCE, DETAIL_TYPE = "mlgov.operations", "Model Drift Detected"
_ENDED = ("Completed", "Failed", "Stopped")
# What AWS asks to be tried again: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_RETRY: list[Json] = [
    {
        "ErrorEquals": ["States.TaskFailed"],
        "BackoffRate": 2,
        "IntervalSeconds": 2,
        "JitterStrategy": "FULL",
        "MaxAttempts": 5,
    }
]


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
    return {
        "Comment": f"What is done about runs of the monitors of {project}",
        "StartAt": "Kind",
        "TimeoutSeconds": timeout_seconds,
        "States": {
            **_kinds(schedules, settings, responses),
            **_outcomes(project, table),
            **_incident(project, table, topic_arn, parameter),
            **_escalation(project, topic_arn, bus_arn),
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


def _outcomes(project: str, table: str) -> Json:
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
        "CountFailure": _measure(project, [(FAILURES, 1)], None),
        "CountRun": _measure(project, [(RUNS, 1), (VIOLATIONS, 0), (FAILURES, 0)], "Close"),
        "Close": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:deleteItem",
            "Parameters": {"TableName": table, "Key": {"kind": {"S.$": "$.monitor.kind"}}},
            "Retry": _RETRY,
            "End": True,
        },
    }


def _incident(project: str, table: str, topic_arn: str, parameter: str) -> Json:
    return {
        "Note": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:updateItem",
            "Parameters": {
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
            "ResultSelector": {
                "runs.$": "States.StringToJson($.Attributes.runs.N)",
                "opened.$": "$.Attributes.opened.S",
            },
            "ResultPath": "$.incident",
            "Retry": [{**_RETRY[0], "ErrorEquals": ["DynamoDB.ProvisionedThroughputExceededException"]}],
            "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "HeardBefore"}],
            "Next": "CountViolations",
        },
        "HeardBefore": {"Type": "Succeed", "Comment": "SageMaker may send an event more than once"},
        "CountViolations": _measure(project, [(RUNS, 1), (VIOLATIONS, 1), (FAILURES, 0)], "Served"),
        "Served": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
            "Parameters": {"Name": parameter},
            "ResultSelector": {"version.$": "States.StringToJson($.Parameter.Value)"},
            "ResultPath": "$.served",
            "Retry": _RETRY,
            "Next": "IsNew",
        },
        "IsNew": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.incident.runs", "NumericEquals": 1, "Next": "Tell"}],
            "Default": "IsSevere",
        },
        "Tell": _tell(
            topic_arn,
            f"{project}: drift",
            "The monitor {} of " + project + " found violations, with version {}. Job {}: {}",
            ("$.monitor.kind", "$.served.version.version", "$.detail.ProcessingJobName", "$.detail.ExitMessage"),
            "IsSevere",
        ),
    }


def _escalation(project: str, topic_arn: str, bus_arn: str) -> Json:
    acts = [{"Variable": "$.monitor.response", "StringEquals": each} for each in ("retrain", "rollback")]
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
        "Report": {
            "Type": "Task",
            "Resource": "arn:aws:states:::events:putEvents",
            "Parameters": {
                "Entries": [
                    {
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
                ]
            },
            "ResultPath": None,
            "Retry": _RETRY,
            "Next": "TellResponse",
        },
        "TellResponse": _tell(
            topic_arn,
            f"{project}: drift stays",
            "The monitor {} of " + project + " found violations in {} runs in a row. What follows: {}",
            ("$.monitor.kind", "$.incident.runs", "$.monitor.response"),
            None,
        ),
    }


def _measure(project: str, values: list[tuple[str, int]], then: str | None) -> Json:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:cloudwatch:putMetricData",
        "Parameters": {
            "Namespace": NAMESPACE,
            "MetricData": [
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
            ],
        },
        "ResultPath": None,
        "Retry": _RETRY,
        **({"Next": then} if then else {"End": True}),
    }


def _tell(topic_arn: str, subject: str, words: str, paths: tuple[str, ...], then: str | None) -> Json:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {
            "TopicArn": topic_arn,
            "Subject": subject,
            "Message.$": f"States.Format('{words}', {', '.join(paths)})",
        },
        "ResultPath": None,
        "Retry": _RETRY,
        **({"Next": then} if then else {"End": True}),
    }
