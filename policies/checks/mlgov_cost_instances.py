"""Costly instance types are taken by exemption."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never
from policies.limits import limits

# Where the types that cost while nobody uses them say their instance type; Studio has an allow-list of its own (SM-06).
PATHS = (
    "instance_type",
    "job_resources.cluster_config.instance_type",
    "production_variants.instance_type",
    "shadow_production_variants.instance_type",
)


class CostInstances(PlatformCheck):
    """No instance type is one of those that limits.yaml calls costly; a serverless variant has none."""

    policy = "CKV_MLGOV_270"
    title = "SageMaker resource takes no costly instance type"
    control = "COST-01"
    resources = (
        "aws_sagemaker_data_quality_job_definition",
        "aws_sagemaker_endpoint_configuration",
        "aws_sagemaker_notebook_instance",
    )

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(never(conf, path, *limits().costly_instance_types) for path in PATHS))


check = CostInstances()
