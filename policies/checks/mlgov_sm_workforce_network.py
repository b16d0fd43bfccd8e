"""Who labels and reviews does so from a known network."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression
from policies.expectation import given

WIDE = tuple(f"/{length}" for length in range(8))  # halves of the internet are as open as the whole


class SmWorkforceNetwork(PlatformCheck):
    """The workforce names its networks, or its VPC; left out, the portal with our data opens from anywhere."""

    policy = "CKV_MLGOV_166"
    title = "SageMaker workforce works from named networks"
    control = "SM-30"
    resources = ("aws_sagemaker_workforce",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.at("workforce_vpc_config"):
            return holds(given(conf, "workforce_vpc_config.vpc_id"))
        networks = [network for block in conf.blocks("source_ip_config") for network in block.values("cidrs")]
        if unknown := [network for network in networks if is_expression(network)]:
            raise Unprovable("source_ip_config.cidrs", unknown[0])
        wide = [str(network) for network in networks if str(network).endswith(WIDE)]
        return holds(
            None if networks else "neither source_ip_config nor workforce_vpc_config is set",
            f"source_ip_config.cidrs holds {', '.join(wide)}" if wide else None,
        )


check = SmWorkforceNetwork()
