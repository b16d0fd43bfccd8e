"""A rule of EventBridge that invokes a function."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.core.naming import Naming


class Invocation(Construct):
    """The rule `<organisation>-<environment>-<what>` on events of `pattern`, or by `schedule`, for one function.

    `function` is its name, as a reference. Events are those of this account, on its default bus.

    Guarantees: of EventBridge this very rule may invoke the function, and nothing else.
    Controls: PLAT-06 (NIST 800-53 AC-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        function: str,
        function_arn: str,
        pattern: Mapping[str, object] | None = None,
        schedule: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=naming.name(what),
            description=description,
            event_pattern=json.dumps(pattern, sort_keys=True) if pattern else None,
            schedule_expression=schedule,
        )
        permission = LambdaPermission(
            self,
            "permission",
            statement_id=naming.name(what),
            action="lambda:InvokeFunction",
            function_name=function,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
        )
        CloudwatchEventTarget(
            self, "target", rule=rule.name, arn=function_arn, target_id="function", depends_on=[permission]
        )
