"""What follows drift that stays: the state machine in the account that releases models. No cdktf here.

`retrain` puts one message on a bus in the team's dev account, whose only effect is that the project's build starts.
`rollback` asks the owner, and waits for up to a week until somebody rejects the version that drifted in the central
registry: that is a person's decision, without which the pipeline releases no older version. Then it starts the
project's release with the version that was live before; what people approve, and how it is tested, is as for any
release. It does so only while the version that drifted is live, and the one before is approved still.
"""

from __future__ import annotations

from modules.ml_operations.layout import NO_VERSION
from modules.ml_operations.machine_tasks import Json, Tasks

RETRAIN_SOURCE, RETRAIN_DETAIL_TYPE = "mlgov.operations", "Model Retraining Requested"
_WEEK, _PAUSE = 7 * 86_400, 900  # seconds


def drift_answer_machine(
    *,
    partition: str,
    project: str,
    account: str,
    table: str,
    pipeline: str,
    topic_arn: str,
    retrain_bus_arn: str | None,
) -> Json:
    """The definition. `table` says what is live in `account`, `pipeline` releases, `topic_arn` tells the
    owner, `retrain_bus_arn` is the bus in dev.

    Without a bus nobody builds the model any more, and drift that it should learn from fails, which is told.
    """
    tasks = Tasks(partition)
    return {
        "Comment": f"What follows drift of {project} that stays",
        "StartAt": "Response",
        "TimeoutSeconds": _WEEK,
        "States": {
            "Response": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.detail.response", "StringEquals": "retrain", "Next": "Retrain"},
                    {"Variable": "$.detail.response", "StringEquals": "rollback", "Next": "Live"},
                ],
                "Default": "UnknownResponse",
            },
            "UnknownResponse": {"Type": "Fail", "Error": "UnknownResponse", "Cause": "Neither retrain nor rollback"},
            "Retrain": _retrain(tasks, project, retrain_bus_arn),
            **_rollback(tasks, project, account, table, topic_arn),
            **_release(tasks, pipeline),
        },
    }


def _retrain(tasks: Tasks, project: str, bus_arn: str | None) -> Json:
    if bus_arn is None:
        return {"Type": "Fail", "Error": "NotBuilt", "Cause": "Nobody builds this model any more"}
    entry = {
        "EventBusName": bus_arn,
        "Source": RETRAIN_SOURCE,
        "DetailType": RETRAIN_DETAIL_TYPE,
        "Detail": {"project": project, "kind.$": "$.detail.kind", "drift.$": "$.id"},
    }
    return tasks.call("events:putEvents", {"Entries": [entry]}, None)


_BEFORE = "$.live.Item.previous.S"


def _rollback(tasks: Tasks, project: str, account: str, table: str, topic_arn: str) -> Json:
    live, before = "$.live.Item.model_package_arn.S", _BEFORE
    return {
        "Live": tasks.call(
            "dynamodb:getItem",
            {
                "TableName": table,
                "Key": {"project": {"S": project}, "account": {"S": account}},
                "ConsistentRead": True,
            },
            "IsLive",
            ResultPath="$.live",
        ),
        "IsLive": {
            "Type": "Choice",
            "Choices": [
                {
                    "Or": [
                        {"Variable": live, "IsPresent": False},
                        {"Not": {"Variable": live, "StringEqualsPath": "$.detail.model_package_arn"}},
                    ],
                    "Next": "Replaced",
                },
                {
                    "Or": [
                        {"Variable": before, "IsPresent": False},
                        {"Variable": before, "StringEquals": NO_VERSION},
                    ],
                    "Next": "NothingBefore",
                },
            ],
            "Default": "Ask",
        },
        "Replaced": {"Type": "Succeed", "Comment": "Another version is live by now"},
        "NothingBefore": {"Type": "Fail", "Error": "NothingBefore", "Cause": "No version was live before this one"},
        "Ask": tasks.tell(
            topic_arn,
            f"{project}: go back to the version before?",
            f"The version {{}} of {project} drifts. Reject it in the central registry to go back to {{}}",
            ("$.detail.model_package_arn", before),
            "Drifted",
        ),
        "Drifted": _describe(tasks, "$.detail.model_package_arn", "$.drifted", "IsRejected"),
        "IsRejected": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.drifted.status", "StringEquals": "Rejected", "Next": "Before"}],
            "Default": "Pause",
        },
        "Pause": {"Type": "Wait", "Seconds": _PAUSE, "Next": "Drifted"},
    }


def _release(tasks: Tasks, pipeline: str) -> Json:
    return {
        "Before": _describe(tasks, _BEFORE, "$.before", "IsApproved"),
        "IsApproved": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.before.status", "StringEquals": "Approved", "Next": "Release"}],
            "Default": "NotApproved",
        },
        "NotApproved": {
            "Type": "Fail",
            "Error": "NotApproved",
            "Cause": "The version that was live before is approved no more",
        },
        "Release": tasks.call(
            "aws-sdk:codepipeline:startPipelineExecution",
            {
                "Name": pipeline,
                "ClientRequestToken.$": "$.id",
                "Variables": [{"Name": "MODEL_PACKAGE_ARN", "Value.$": _BEFORE}],
            },
            None,
        ),
    }


def _describe(tasks: Tasks, version: str, into: str, then: str) -> Json:
    return tasks.call(
        "aws-sdk:sagemaker:describeModelPackage",
        {"ModelPackageName.$": version},
        then,
        ResultSelector={"status.$": "$.ModelApprovalStatus"},
        ResultPath=into,
    )
