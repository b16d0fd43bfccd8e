"""Features can be found, and read by who finds them."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given, never


class SmFeatureCatalogue(PlatformCheck):
    """The group has a description, and AWS enters its offline store in the Glue catalogue, which left out it does."""

    policy = "CKV_MLGOV_152"
    title = "SageMaker feature group is described and in the catalogue"
    control = "SM-52"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            given(conf, "description"),
            never(conf, "offline_store_config.disable_glue_table_creation", True),
        )


check = SmFeatureCatalogue()
