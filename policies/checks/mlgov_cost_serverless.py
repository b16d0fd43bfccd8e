"""Serverless endpoints have a ceiling."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import within
from policies.limits import limits
from policies.sagemaker import VARIANTS


class CostServerless(PlatformCheck):
    """Concurrency and memory of each serverless variant are within limits.yaml; both are billed while requests run."""

    policy = "CKV_MLGOV_271"
    title = "Serverless endpoint is capped in concurrency and memory"
    control = "COST-02"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        found = [serverless for name in VARIANTS for serverless in conf.at(f"{name}.serverless_config")]
        if not found:
            return NOT_APPLICABLE
        return holds(
            *(
                problem
                for serverless in found
                for problem in (
                    within(serverless, "max_concurrency", high=limits().serverless_concurrency),
                    within(serverless, "memory_size_in_mb", high=limits().serverless_memory_mb),
                )
            )
        )


check = CostServerless()
