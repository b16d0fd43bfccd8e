"""The firewall drops what no rule lets pass."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal

DROP = ("aws:drop_strict", "aws:drop_established", "aws:drop_established_app_layer")
INSPECT = "aws:forward_to_sfe"


class NetFirewallPolicy(PlatformCheck):
    """Every packet is inspected, rules hold in their order, and what none of them passes is dropped.

    Without the strict order AWS passes by default.
    """

    policy = "CKV_MLGOV_394"
    title = "Network Firewall drops by default"
    control = "NET-10"
    resources = ("aws_networkfirewall_firewall_policy",)

    def judge(self, conf: Conf) -> Judgement:
        inner = conf.at("firewall_policy")
        drops = [action for block in inner for action in block.values("stateful_default_actions") if action in DROP]
        stateless = [
            action
            for block in inner
            for name in ("stateless_default_actions", "stateless_fragment_default_actions")
            for action in block.values(name)
        ]
        return holds(
            equal(conf, "firewall_policy.stateful_engine_options.rule_order", "STRICT_ORDER", absent="pass first"),
            None if drops else f"stateful_default_actions has none of {', '.join(DROP)}",
            *(f"a stateless default action is {action}, not {INSPECT}" for action in stateless if action != INSPECT),
        )


check = NetFirewallPolicy()
