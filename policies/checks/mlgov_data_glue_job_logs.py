"""Glue jobs log while they run."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

SWITCH = "--enable-continuous-cloudwatch-log"


class DataGlueJobLogs(PlatformCheck):
    """Continuous logging is on, as AWS Config's GLUE_JOB_LOGGING_ENABLED asks; left out, it is off."""

    policy = "CKV_MLGOV_235"
    title = "Glue job logs continuously to CloudWatch"
    control = "DATA-14"
    resources = ("aws_glue_job",)

    def judge(self, conf: Conf) -> Judgement:
        arguments = (*conf.blocks("default_arguments"), *conf.blocks("non_overridable_arguments"))
        said = {str(block.literal(SWITCH)).lower() for block in arguments if block.given(SWITCH)}
        return holds(None if said == {"true"} else f"{SWITCH} is not true in the job's arguments")


check = DataGlueJobLogs()
