"""A state machine of Step Functions with its role and its log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from cdktf_cdktf_provider_aws.sfn_state_machine import (
    SfnStateMachine,
    SfnStateMachineLoggingConfiguration,
    SfnStateMachineTracingConfiguration,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.core.role import Role

_FIVE_MINUTES = 300
# CloudWatch Logs takes deliveries of services to groups below this without a policy of its own.
_LOGS = "/aws/vendedlogs/states/"
# None of these has resources in IAM: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_DELIVER = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)


class StateMachine(Construct):
    """The state machine `<organisation>-<environment>-<what>` of `definition`, which may do what `statements` say.

    `alarm` names an alarm that tells `topic_arn` of executions that failed; `key_arn` is one that CloudWatch Logs may
    use. What an execution carries stands in its log and its history: nothing that is secret.

    Guarantees:
    - its role is assumed for this machine alone, and has a permissions boundary;
    - every step is logged under `key_arn`, and traced;
    - an execution that fails, or takes too long, is told.

    Controls: IAM-01, LOG-03, PLAT-03 (FSBP StepFunctions.1; NIST 800-53 AC-6, AU-12, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        definition: Mapping[str, object],
        statements: Sequence[Statement],
        key_arn: str,
        boundary_arn: str,
        retention_days: int,
        alarm: str,
        topic_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what)
        self.arn = naming.arn("states", f"stateMachine:{name}")
        group = LogGroup(self, "logs", name=f"{_LOGS}{name}", key_arn=key_arn, retention_days=retention_days)
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=description,
            trust=[
                Statement(
                    "ThisMachine",
                    actions=("sts:AssumeRole",),
                    principals=service("states.amazonaws.com"),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnEquals": {"aws:SourceArn": self.arn},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("DeliverLogs", actions=_DELIVER, resources=("*",)),
                # X-Ray has no resource-level permissions for these.
                Statement("Trace", actions=("xray:PutTraceSegments", "xray:PutTelemetryRecords"), resources=("*",)),
                *statements,
            ],
        )
        self.role_arn = role.arn
        self.resource = SfnStateMachine(
            self,
            "machine",
            name=name,
            role_arn=role.arn,
            definition=json.dumps(definition, separators=(",", ":"), sort_keys=True),
            logging_configuration=SfnStateMachineLoggingConfiguration(
                level="ALL",
                include_execution_data=True,
                log_destination=f"{naming.arn('logs', f'log-group:{group.name}')}:*",
            ),
            tracing_configuration=SfnStateMachineTracingConfiguration(enabled=True),
            depends_on=[role.whole],
        )
        CloudwatchMetricAlarm(
            self,
            "failed",
            alarm_name=alarm,
            alarm_description=f"{name}: an execution failed or took too long; its log says where",
            metric_query=_failures(self.arn),
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )


def _failures(arn: str) -> list[CloudwatchMetricAlarmMetricQuery]:
    metrics = {"failed": "ExecutionsFailed", "late": "ExecutionsTimedOut"}
    return [
        CloudwatchMetricAlarmMetricQuery(id="all", expression="SUM(METRICS())", label="Failed", return_data=True),
        *(
            CloudwatchMetricAlarmMetricQuery(
                id=id_,
                metric=CloudwatchMetricAlarmMetricQueryMetric(
                    namespace="AWS/States",
                    metric_name=metric,
                    dimensions={"StateMachineArn": arn},
                    period=_FIVE_MINUTES,
                    stat="Sum",
                ),
            )
            for id_, metric in metrics.items()
        ),
    ]
