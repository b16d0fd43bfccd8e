"""Cases of the SageMaker controls on endpoints and their configurations."""

from __future__ import annotations

from tests.policies.cases import Case
from tests.policies.cases.sm import KEY, KEY_OF_AWS
from tests.policies.cases.sm_jobs import PINNED
from tests.policies.cases.sm_models import MODEL

Json = dict[str, object]
VARIANT: Json = {"model_name": "acme-prod-churn", "instance_type": "ml.m5.large", "initial_instance_count": 2}
SERVERLESS: Json = {"model_name": "x", "serverless_config": {"max_concurrency": 5, "memory_size_in_mb": 2048}}
CAPTURE: Json = {
    "enable_capture": True,
    "destination_s3_uri": "s3://acme-prod-capture/churn",
    "initial_sampling_percentage": 20,
    "kms_key_id": KEY,
    "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
}
DUMP = {"destination_s3_uri": "s3://acme-prod-dumps/churn", "kms_key_id": KEY}
DEPLOYMENT: Json = {
    "blue_green_update_policy": {
        "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
    },
    "auto_rollback_configuration": {"alarms": [{"alarm_name": "churn-errors"}]},
}


def served(*variants: Json, **more: object) -> Json:
    """A configuration of an endpoint with these variants."""
    return {"production_variants": list(variants or (VARIANT,)), **more}


def captured(**more: object) -> Json:
    """A configuration of an endpoint that captures, with these changes."""
    return served(data_capture_config={key: value for key, value in {**CAPTURE, **more}.items() if value is not None})


def endpoint(**deployment: object) -> Json:
    """An endpoint that is updated so."""
    body: Json = {"name": "churn", "endpoint_config_name": "churn"}
    return {**body, "deployment_config": deployment} if deployment else body


CASES = [
    Case(
        "CKV_MLGOV_135",
        "aws_sagemaker_endpoint_configuration",
        passes={"key": served(kms_key_arn=KEY)},
        fails={
            "absent": (served(), "kms_key_arn is not set"),
            "of_aws": (served(kms_key_arn=KEY_OF_AWS), "a key of AWS"),
            "mixed": (served(VARIANT, {**VARIANT, "instance_type": "ml.g5.xlarge"}), "kms_key_arn is not set"),
        },
        ignores={"on_disks": served({**VARIANT, "instance_type": "ml.g5.xlarge"})},
    ),
    Case(
        "CKV_MLGOV_136",
        "aws_sagemaker_endpoint_configuration",
        passes={"both": captured(), "one_mode": captured(capture_options=[{"capture_mode": "InputAndOutput"}])},
        fails={
            "absent": (served(), "data_capture_config.enable_capture is not set, and AWS takes false"),
            "off": (captured(enable_capture=False), "enable_capture is false, not true"),
            "half": (captured(capture_options=[{"capture_mode": "Input"}]), "does not name both Input and Output"),
            "nothing": (captured(initial_sampling_percentage=0), "it must be at least 1"),
        },
        environment="prod",
    ),
    Case("CKV_MLGOV_136", "aws_sagemaker_endpoint_configuration", {}, {}, ignores={"in_dev": served()}),
    Case(
        "CKV_MLGOV_169",
        "aws_sagemaker_endpoint_configuration",
        passes={"key": captured()},
        fails={
            "absent": (captured(kms_key_id=None), "data_capture_config.kms_key_id is not set"),
            "of_aws": (captured(kms_key_id=KEY_OF_AWS), "a key of AWS"),
        },
        ignores={"captureless": served()},
    ),
    Case(
        "CKV_MLGOV_137",
        "aws_sagemaker_endpoint_configuration",
        passes={"two": served(), "one_serverless": served(VARIANT, {**SERVERLESS, "variant_name": "b"})},
        fails={
            "absent": (
                served({"model_name": "x", "instance_type": "ml.m5.large"}),
                "production_variants.initial_instance_count is not set: it must be at least 2",
            ),
            "single": (served({**VARIANT, "initial_instance_count": 1}), "initial_instance_count is 1"),
            "scaled": (
                served(
                    {**VARIANT, "managed_instance_scaling": {"status": "ENABLED", "min_instance_count": 1}},
                ),
                "managed_instance_scaling.min_instance_count is 1",
            ),
        },
        ignores={"serverless": served(SERVERLESS)},
        environment="prod",
    ),
    Case(
        "CKV_MLGOV_138",
        "aws_sagemaker_endpoint_configuration",
        passes={
            "reference": served({**VARIANT, "model_name": "${aws_sagemaker_model.@own.name}"}),
            "name": served({**VARIANT, "model_name": "acme-dev-own"}),
        },
        fails={
            "foreign": (served(), "production_variants.model_name is acme-prod-churn, no model of this stack"),
            "shadow": (
                served(
                    {**VARIANT, "model_name": "acme-dev-own", "variant_name": "a"},
                    shadow_production_variants=[{**VARIANT, "model_name": "other", "variant_name": "b"}],
                ),
                "shadow_production_variants.model_name is other",
            ),
        },
        beside={"aws_sagemaker_model.own": {**MODEL, "name": "acme-dev-own", "primary_container": {"image": PINNED}}},
    ),
    Case(
        "CKV_MLGOV_178",
        "aws_sagemaker_endpoint",
        passes={"of_stack": {"endpoint_config_name": "${aws_sagemaker_endpoint_configuration.@own.name}"}},
        fails={"foreign": ({"endpoint_config_name": "churn"}, "endpoint_config_name is churn, no configuration")},
        beside={"aws_sagemaker_endpoint_configuration.own": served()},
    ),
    Case(
        "CKV_MLGOV_139",
        "aws_sagemaker_endpoint_configuration",
        passes={"absent": served(), "off": served({**VARIANT, "enable_ssm_access": False})},
        fails={
            "on": (served({**VARIANT, "enable_ssm_access": True}), "production_variants.enable_ssm_access is true"),
            "shadow": (
                served(
                    {**VARIANT, "variant_name": "a"},
                    shadow_production_variants=[{**VARIANT, "variant_name": "b", "enable_ssm_access": True}],
                ),
                "shadow_production_variants.enable_ssm_access is true",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_140",
        "aws_sagemaker_endpoint_configuration",
        passes={
            "key": served(
                async_inference_config={"output_config": {"s3_output_path": "s3://acme-x/y", "kms_key_id": KEY}}
            )
        },
        fails={
            "absent": (
                served(async_inference_config={"output_config": {"s3_output_path": "s3://acme-x/y"}}),
                "async_inference_config.output_config.kms_key_id is not set",
            )
        },
        ignores={"synchronous": served()},
    ),
    Case(
        "CKV_MLGOV_170",
        "aws_sagemaker_endpoint_configuration",
        passes={"key": served({**VARIANT, "core_dump_config": DUMP})},
        fails={
            "absent": (
                served({**VARIANT, "core_dump_config": {"destination_s3_uri": "s3://acme-x/y"}}),
                "production_variants.core_dump_config.kms_key_id is not set",
            ),
            "of_aws": (
                served({**VARIANT, "core_dump_config": {**DUMP, "kms_key_id": KEY_OF_AWS}}),
                "a key of AWS",
            ),
        },
        ignores={"dumpless": served()},
    ),
    Case(
        "CKV_MLGOV_141",
        "aws_sagemaker_endpoint",
        passes={"guarded": endpoint(**DEPLOYMENT)},
        fails={
            "absent": (endpoint(), "auto_rollback_configuration.alarms.alarm_name is not set"),
            "alarmless": (
                endpoint(blue_green_update_policy=DEPLOYMENT["blue_green_update_policy"]),
                "alarms.alarm_name is not set",
            ),
        },
        environment="prod",
    ),
    Case("CKV_MLGOV_141", "aws_sagemaker_endpoint", {}, {}, ignores={"in_dev": endpoint()}),
]
