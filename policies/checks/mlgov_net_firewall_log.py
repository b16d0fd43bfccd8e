"""The firewall tells what it dropped."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

ALERTS = "ALERT"


class NetFirewallLog(StackCheck):
    """The stack gives the firewall a logging configuration, and alerts are part of it."""

    policy = "CKV_MLGOV_395"
    title = "Network Firewall logs its alerts"
    control = "NET-10"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_networkfirewall_firewall")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        logged = list(naming(stack, subject, "arn", "firewall_arn", "aws_networkfirewall_logging_configuration"))
        if not logged:
            return failed("no aws_networkfirewall_logging_configuration of this stack refers to the firewall")
        places = logged[0].at("logging_configuration.log_destination_config")
        types = [place.literal("log_type") for place in places]
        return holds(None if ALERTS in types else f"{logged[0].address} has no destination for {ALERTS}")


check = NetFirewallLog()
