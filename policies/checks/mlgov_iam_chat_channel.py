"""Whoever is in a chat channel cannot administer the account."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.limits import limits


class IamChatChannel(PlatformCheck):
    """A channel of AWS Chatbot has guardrail policies, and none of them allows nearly everything.

    Without any its guardrail is AdministratorAccess: then its role alone bounds what people can do from there.
    """

    policy = "CKV_MLGOV_468"
    title = "A chat channel has a guardrail, and no policy that allows nearly everything"
    control = "IAM-05"
    resources = ("aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration")

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("guardrail_policy_arns"):
            return failed("guardrail_policy_arns is not set, so AdministratorAccess is the guardrail")
        names = [arn.rpartition("/")[2] for arn in conf.literals("guardrail_policy_arns")]
        return holds(*(f"{name} is the guardrail" for name in names if name in limits().refused_managed_policies))


check = IamChatChannel()
