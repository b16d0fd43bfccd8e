"""Cases of the Bedrock controls."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import KEY, KEY_OF_AWS, ROLE, UNKNOWN, UNKNOWN_OF

AGENT = {"agent_name": "help", "agent_resource_role_arn": ROLE, "foundation_model": "anthropic.claude-3-haiku-v1:0"}
GUARDRAIL = {
    "name": "acme",
    "blocked_input_messaging": "no",
    "blocked_outputs_messaging": "no",
    "kms_key_arn": KEY,
    "content_policy_config": [
        {"filters_config": [{"type": "HATE", "input_strength": "HIGH", "output_strength": "HIGH"}]}
    ],
    "sensitive_information_policy_config": [{"pii_entities_config": [{"type": "EMAIL", "action": "ANONYMIZE"}]}],
}
MODELS = "arn:aws:bedrock:eu-west-1:"


def profile(source: str) -> dict[str, object]:
    """An inference profile of the account, made from this model or profile of AWS."""
    return {"name": "claude", "model_source": [{"copy_from": source}]}


def guarded(version: str) -> dict[str, object]:
    """An agent with a guardrail of this version."""
    return changed(
        AGENT, guardrail_configuration=[{"guardrail_identifier": "abcdefghij", "guardrail_version": version}]
    )


def logged(**config: object) -> dict[str, object]:
    """A log of invocations with this configuration."""
    return {"logging_config": config}


CASES = [
    Case(
        "CKV_MLGOV_200",
        "aws_bedrockagent_agent",
        passes={
            "approved": AGENT,
            "by_region": changed(AGENT, foundation_model="eu.anthropic.claude-3-haiku-v1:0"),
        },
        fails={
            "other": (changed(AGENT, foundation_model="meta.llama3-8b-v1:0"), "not among amazon.*, anthropic.*"),
            "unknown": (changed(AGENT, foundation_model=UNKNOWN), "not provable at synthesis: foundation_model"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_200",
        "aws_bedrock_inference_profile",
        passes={"profile_approved": profile(f"{MODELS}:foundation-model/amazon.nova-lite-v1:0")},
        fails={
            "profile_other": (profile(f"{MODELS}:foundation-model/meta.llama3-8b-v1:0"), "model_source.copy_from is")
        },
    ),
    Case(
        "CKV_MLGOV_200",
        "aws_bedrock_provisioned_model_throughput",
        passes={
            "throughput_own": {
                "provisioned_model_name": "own",
                "model_units": 1,
                "model_arn": f"{MODELS}111111111111:custom-model/amazon.titan-text-express-v1:0:8k/abcdefghijkl",
            }
        },
        fails={},
    ),
    Case(
        "CKV_MLGOV_202",
        "aws_iam_service_specific_credential",
        passes={"git": {"service_name": "codecommit.amazonaws.com", "user_name": "ci"}},
        fails={
            "bedrock": ({"service_name": "bedrock.amazonaws.com", "user_name": "ci"}, "is bedrock.amazonaws.com"),
            "unknown": ({"service_name": UNKNOWN, "user_name": "ci"}, "not provable at synthesis: service_name"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_203",
        "aws_bedrock_model_invocation_logging_configuration",
        passes={
            "ours": logged(s3_config={"bucket_name": "acme-dev-invocations"}),
            "of_stack": logged(s3_config={"bucket_name": "${aws_s3_bucket.@log.id}"}, text_data_delivery_enabled=True),
        },
        fails={
            "group_alone": (
                logged(cloudwatch_config={"log_group_name": "/bedrock", "role_arn": ROLE}),
                "logging_config.s3_config.bucket_name is not set",
            ),
            "half": (
                logged(s3_config={"bucket_name": "acme-dev-invocations"}, image_data_delivery_enabled=False),
                "image_data_delivery_enabled is false",
            ),
            "foreign": (logged(s3_config={"bucket_name": "elsewhere"}), "is elsewhere, not among acme-*"),
        },
        beside={"aws_s3_bucket.log": {}},
    ),
    Case(
        "CKV_MLGOV_205",
        "aws_bedrockagent_agent",
        passes={"released": guarded("3")},
        fails={
            "absent": (AGENT, "guardrail_configuration is not set"),
            "draft": (guarded("DRAFT"), "guardrail_version is not a released version"),
        },
    ),
    Case(
        "CKV_MLGOV_206",
        "aws_bedrock_guardrail",
        passes={"both": GUARDRAIL},
        fails={
            "contentless": (
                changed(GUARDRAIL, content_policy_config=None),
                "content_policy_config has no filters_config",
            ),
            "impersonal": (
                changed(GUARDRAIL, sensitive_information_policy_config=None),
                "sensitive_information_policy_config names no personal data",
            ),
            "keyless": (changed(GUARDRAIL, kms_key_arn=None), "kms_key_arn is not set"),
            "of_aws": (changed(GUARDRAIL, kms_key_arn=KEY_OF_AWS), "a key of AWS"),
        },
    ),
]
