"""What an event starts: a state machine, or a pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from constructs import Construct

from modules.core.dead_letters import dead_letters
from modules.core.event_delivery import TRIED_FOR_A_DAY, trusts_rule
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role

Starts = Literal["states:StartExecution", "codepipeline:StartPipelineExecution"]


class EventTrigger(Construct):
    """The rule `<organisation>-<environment>-<what>` by which an event of `pattern` does `starts` to `target_arn`.

    `bus` is the bus in this account on which it listens, named as the rule is, None for the account's own; `after` is
    what makes it, where it stands in the same stack. `dead_letters` is the name of the queue of what could not start.
    `key_arn` must be open to EventBridge.

    Guarantees:
    - EventBridge starts this target, for this very rule, and nothing else;
    - what could not start within a day waits in a queue for 14 days.

    Controls: PLAT-03, PLAT-06, IAM-01 (NIST 800-53 AC-6, AU-5).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        pattern: Mapping[str, object],
        bus: str | None,
        target_arn: str,
        starts: Starts,
        key_arn: str,
        boundary_arn: str,
        after: ITerraformDependable | None = None,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what)
        rule_arn = naming.arn("events", f"rule/{naming.name(bus)}/{name}" if bus else f"rule/{name}")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"{description}, as this role",
            trust=[trusts_rule(naming, rule_arn)],
            boundary_arn=boundary_arn,
            statements=[Statement("Start", actions=(starts,), resources=(target_arn,))],
        )
        letters = dead_letters(self, naming=naming, what=what, key_arn=key_arn, rules=(rule_arn,))
        self.dead_letters = letters.name
        bus_name = naming.name(bus) if bus else None
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description=description,
            event_bus_name=bus_name,
            event_pattern=json.dumps(pattern, sort_keys=True),
            depends_on=None if after is None else [after],
        )
        CloudwatchEventTarget(
            self,
            "target",
            rule=rule.name,
            event_bus_name=bus_name,
            arn=target_arn,
            role_arn=role.arn,
            target_id="start",
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=letters.arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=[letters.policy, role.whole],
        )
