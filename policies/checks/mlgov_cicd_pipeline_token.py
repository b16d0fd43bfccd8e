"""Pipelines read code through connections, not by tokens."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf


class CicdPipelineToken(PlatformCheck):
    """No source action holds an OAuthToken, which stands in the state; a connection needs none."""

    policy = "CKV_MLGOV_254"
    title = "CodePipeline source action holds no token"
    control = "CICD-03"
    resources = ("aws_codepipeline",)

    def judge(self, conf: Conf) -> Judgement:
        sources = [action for action in conf.at("stage.action") if action.literal("category") == "Source"]
        if not sources:
            return NOT_APPLICABLE
        return holds(
            *(
                f"action {action.value('name')} holds an OAuthToken: use CodeStarSourceConnection"
                for action in sources
                for settings in action.blocks("configuration")
                if settings.given("OAuthToken")
            )
        )


check = CicdPipelineToken()
