"""Flow logs tell what an investigation asks."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal
from policies.limits import limits

SECONDS = 60


class NetFlowLog(PlatformCheck):
    """All traffic, each minute, to a place that is named, with the fields of `limits.flow_log_fields`.

    AWS's default format lacks most of them: the network, the direction, and who spoke behind a NAT gateway. The log of
    a transit gateway always has all traffic and fields of its own.
    """

    policy = "CKV_MLGOV_384"
    title = "Flow log records all traffic each minute, with network and direction"
    control = "NET-03"
    resources = ("aws_flow_log",)

    def judge(self, conf: Conf) -> Judgement:
        transit = conf.given("transit_gateway_id") or conf.given("transit_gateway_attachment_id")
        written = str(conf.value("log_format") or "")
        lacking = [name for name in limits().flow_log_fields if f"{{{name}}}" not in written]
        return holds(
            None if transit else equal(conf, "traffic_type", "ALL"),
            None if transit or not lacking else f"log_format lacks {', '.join(lacking)}",
            None if conf.given("log_destination") else "log_destination is not set",
            equal(conf, "max_aggregation_interval", SECONDS, absent="600 seconds"),
        )


check = NetFlowLog()
