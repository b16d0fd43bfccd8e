"""A guardrail of Bedrock filters content and personal data, under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class BrGuardrailContent(PlatformCheck):
    """Both filters have an entry, and the guardrail has a key; left out, it lets everything pass."""

    policy = "CKV_MLGOV_206"
    title = "Bedrock guardrail filters content and personal data"
    control = "BR-04"
    resources = ("aws_bedrock_guardrail",)

    def judge(self, conf: Conf) -> Judgement:
        personal = [
            *conf.at("sensitive_information_policy_config.pii_entities_config"),
            *conf.at("sensitive_information_policy_config.regexes_config"),
        ]
        return holds(
            None if conf.at("content_policy_config.filters_config") else "content_policy_config has no filters_config",
            None if personal else "sensitive_information_policy_config names no personal data",
            customer_key(conf, "kms_key_arn"),
        )


check = BrGuardrailContent()
