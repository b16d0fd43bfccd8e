"""Data for review is shown to people of the organisation, or of a vendor, alone."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among
from policies.sagemaker import refers


class SmReviewWorkforce(PlatformCheck):
    """The work team is one of this stack, or not public; it has no price, as only the public is paid by task."""

    policy = "CKV_MLGOV_130"
    title = "SageMaker flow definition asks no public workforce"
    control = "SM-30"
    resources = ("aws_sagemaker_flow_definition",)

    def judge(self, conf: Conf) -> Judgement:
        path = "human_loop_config.workteam_arn"
        teams = [loop.value("workteam_arn") for loop in conf.blocks("human_loop_config")]
        known = teams and all(refers(team, "aws_sagemaker_workteam") for team in teams)
        return holds(
            None if known else among(conf, path, ("*:workteam/private-crowd/*", "*:workteam/vendor-crowd/*")),
            "public_workforce_task_price is set" if conf.at("human_loop_config.public_workforce_task_price") else None,
        )


check = SmReviewWorkforce()
