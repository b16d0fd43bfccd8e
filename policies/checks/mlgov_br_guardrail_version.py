"""The guardrail of an agent is one that was released."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class BrGuardrailVersion(PlatformCheck):
    """Each guardrail is named with its version; DRAFT, or none, is whatever somebody is just trying."""

    policy = "CKV_MLGOV_205"
    title = "Bedrock agent uses a released version of its guardrail"
    control = "BR-04"
    resources = ("aws_bedrockagent_agent",)

    def judge(self, conf: Conf) -> Judgement:
        path = "guardrail_configuration"
        versions = [guardrail.value("guardrail_version") for guardrail in conf.blocks(path)]
        released = all(version and str(version) != "DRAFT" for version in versions)
        return holds(
            None if versions else f"{path} is not set",
            None if released else f"{path}.guardrail_version is not a released version",
        )


check = BrGuardrailVersion()
