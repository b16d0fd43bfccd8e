"""Events of an account's default bus on their way to a bus elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from constructs import Construct

from modules.core.dead_letters import dead_letters
from modules.core.event_delivery import TRIED_FOR_A_DAY, trusts_rule
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder


class EventForwarding(Construct):
    """The rule `<organisation>-<environment>-<what>` that forwards events of `pattern` to the bus `bus_arn`.

    `target` is what the rule calls the bus; `dead_letters` is the name of the queue of what the bus did not take.
    `key_arn` must be open to EventBridge. `edge` is the way there, with the side `rule`; None within one account.

    Guarantees:
    - events reach the bus unchanged, and nothing that the pattern does not match does;
    - the rule's role puts events on that bus alone, and EventBridge assumes it for this very rule;
    - what cannot be delivered within a day waits in a queue for 14 days.

    Controls: PLAT-03, PLAT-06, IAM-01 (NIST 800-53 AC-4, AC-6, AU-5).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
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
        bus_arn: str,
        target: str,
        key_arn: str,
        boundary_arn: str,
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        name, rule_arn = naming.name(what), naming.arn("events", f"rule/{naming.name(what)}")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"{description}, as this role",
            trust=[trusts_rule(naming, rule_arn)],
            boundary_arn=boundary_arn,
            statements=[Statement("Forward", actions=("events:PutEvents",), resources=(bus_arn,))],
        )
        letters = dead_letters(self, naming=naming, what=what, key_arn=key_arn, rules=(rule_arn,))
        self.dead_letters = letters.name
        rule = CloudwatchEventRule(
            self, "rule", name=name, description=description, event_pattern=json.dumps(pattern, sort_keys=True)
        )
        CloudwatchEventTarget(
            self,
            "bus",
            rule=rule.name,
            arn=bus_arn,
            role_arn=role.arn,
            target_id=target,
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=letters.arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=[letters.policy, role.whole],
        )
        if edge is not None:
            edge.render(holder(self), "rule")
