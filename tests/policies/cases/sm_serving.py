"""Cases of the SageMaker controls on models, endpoints and their monitors."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import KEY, KEY_OF_AWS, ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.cases.sm_jobs import PINNED

Json = dict[str, object]
VPC = {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
MODEL: Json = {"name": "acme-dev-churn", "execution_role_arn": ROLE}
PACKAGE = "arn:aws:sagemaker:eu-west-1:222222222222:model-package/churn/3"
REPOSITORY = "${aws_ecr_repository.@own.repository_url}"
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
JOB: Json = {
    "role_arn": ROLE,
    "data_quality_app_specification": {"image_uri": PINNED},
    "data_quality_job_input": {"endpoint_input": {"endpoint_name": "churn"}},
    "data_quality_job_output_config": {"monitoring_outputs": {"s3_output": {"s3_uri": "s3://acme-prod-monitor/churn"}}},
    "job_resources": {"cluster_config": {"instance_count": 1, "instance_type": "ml.m5.large", "volume_size_in_gb": 20}},
}
NAMED = {"monitoring_job_definition_name": "churn", "monitoring_type": "DataQuality"}


def model(**container: object) -> Json:
    """A model of one container."""
    return changed(MODEL, primary_container=container)


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


def schedule(expression: str | None) -> Json:
    """A schedule of monitoring by this expression."""
    more = {"schedule_config": {"schedule_expression": expression}} if expression else {}
    return {"monitoring_schedule_config": {**NAMED, **more}}


CASES = [
    Case(
        "CKV_MLGOV_132",
        "aws_sagemaker_model",
        passes={"vpc": changed(model(image=PINNED), vpc_config=VPC)},
        fails={
            "absent": (model(image=PINNED), "vpc_config.subnets is not set; vpc_config.security_group_ids is not set")
        },
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_model",
        passes={
            "pinned": model(image=PINNED),
            "packaged": model(model_package_name=PACKAGE),
            "of_stack": model(image=f"{REPOSITORY}@sha256:{'0a' * 32}"),
        },
        fails={
            "tagged": (model(image=f"{REPOSITORY}:latest"), "primary_container.image is"),
            "public": (model(image="public.ecr.aws/acme/x@sha256:" + "0a" * 32), "not in a private ECR registry"),
            "unknown": (model(image=f"{REPOSITORY}@{UNKNOWN}"), "not provable at synthesis: primary_container.image"),
            "second": (
                changed(MODEL, container=[{"image": PINNED}, {"model_data_url": "s3://acme-x/y"}]),
                "container.image is not set",
            ),
            "bare": (MODEL, "no container says which image it runs"),
        },
        beside={**UNKNOWN_OF, "aws_ecr_repository.own": {"name": "acme-churn"}},
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_image_version",
        passes={"base_pinned": {"image_name": "r", "base_image": PINNED}},
        fails={"base_tagged": ({"image_name": "r", "base_image": PINNED.partition("@")[0]}, "base_image is")},
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_data_quality_job_definition",
        passes={"monitor_pinned": JOB},
        fails={
            "monitor_tagged": (
                changed(JOB, data_quality_app_specification={"image_uri": PINNED.partition("@")[0]}),
                "data_quality_app_specification.image_uri is",
            )
        },
    ),
    Case(
        "CKV_MLGOV_134",
        "aws_sagemaker_model",
        passes={
            "packaged": model(model_package_name=PACKAGE),
            "ours": model(image=PINNED, model_data_url="s3://acme-dev-models/churn/model.tar.gz"),
            "of_stack": model(image=PINNED, model_data_url="s3://${aws_s3_bucket.@models.id}/churn/model.tar.gz"),
        },
        fails={
            "absent": (model(image=PINNED), "names neither model_package_name, model_data_url nor model_data_source"),
            "foreign": (
                model(image=PINNED, model_data_url="s3://elsewhere/model.tar.gz"),
                "not in a bucket named acme-*",
            ),
            "unknown": (model(image=PINNED, model_data_url=f"s3://{UNKNOWN}/model.tar.gz"), "not provable"),
            "source": (
                model(
                    image=PINNED,
                    model_data_source={
                        "s3_data_source": [
                            {"s3_uri": "s3://elsewhere/x/", "s3_data_type": "S3Prefix", "compression_type": "None"}
                        ]
                    },
                ),
                "primary_container.model_data_source.s3_data_source.s3_uri is",
            ),
        },
        beside={**UNKNOWN_OF, "aws_s3_bucket.models": {}},
    ),
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
    Case(
        "CKV_MLGOV_154",
        "aws_sagemaker_model",
        passes={"packaged": model(model_package_name=PACKAGE)},
        fails={
            "public": (
                model(image=PINNED, model_data_url="s3://jumpstart-cache-prod-eu-west-1/x/model.tar.gz"),
                "primary_container reads s3://jumpstart-cache-prod-eu-west-1/x/model.tar.gz, of the public hub",
            ),
            "licensed": (
                model(
                    image=PINNED,
                    model_data_source={
                        "s3_data_source": [
                            {
                                "s3_uri": "s3://acme-dev-models/x/",
                                "s3_data_type": "S3Prefix",
                                "compression_type": "None",
                                "model_access_config": {"accept_eula": True},
                            }
                        ]
                    },
                ),
                "accept_eula is true",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_148",
        "aws_sagemaker_endpoint",
        passes={
            "watched": {"endpoint_config_name": "churn"},
            "by_name": {"name": "acme-prod-named", "endpoint_config_name": "churn"},
        },
        fails={
            "absent": (endpoint(), "no aws_sagemaker_data_quality_job_definition of this stack reads the endpoint"),
            "unscheduled": (
                {"name": "acme-prod-unscheduled", "endpoint_config_name": "churn"},
                "no aws_sagemaker_monitoring_schedule of this stack runs aws_sagemaker_data_quality_job_definition",
            ),
        },
        beside={
            "aws_sagemaker_data_quality_job_definition.first": changed(
                JOB,
                data_quality_job_input={"endpoint_input": {"endpoint_name": "${aws_sagemaker_endpoint.@watched.name}"}},
            ),
            "aws_sagemaker_data_quality_job_definition.second": changed(
                JOB, name="acme-second", data_quality_job_input={"endpoint_input": {"endpoint_name": "acme-prod-named"}}
            ),
            "aws_sagemaker_data_quality_job_definition.third": changed(
                JOB,
                name="acme-third",
                data_quality_job_input={"endpoint_input": {"endpoint_name": "acme-prod-unscheduled"}},
            ),
            "aws_sagemaker_monitoring_schedule.of_first": {
                "monitoring_schedule_config": {
                    **NAMED,
                    "monitoring_job_definition_name": "${aws_sagemaker_data_quality_job_definition.@first.name}",
                }
            },
            "aws_sagemaker_monitoring_schedule.of_second": {
                "monitoring_schedule_config": {**NAMED, "monitoring_job_definition_name": "acme-second"}
            },
        },
        environment="prod",
    ),
    Case("CKV_MLGOV_148", "aws_sagemaker_endpoint", {}, {}, ignores={"in_dev": endpoint()}),
    Case(
        "CKV_MLGOV_172",
        "aws_sagemaker_monitoring_schedule",
        passes={"hourly": schedule("cron(0 * ? * * *)")},
        fails={
            "absent": (schedule(None), "schedule_config.schedule_expression is not set"),
            "unknown": (schedule(UNKNOWN), "not provable at synthesis: schedule_expression"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_149",
        "aws_sagemaker_data_quality_job_definition",
        passes={"isolated": changed(JOB, network_config={"enable_network_isolation": True})},
        fails={
            "absent": (JOB, "network_config.enable_network_isolation is not set, and AWS takes false"),
            "off": (changed(JOB, network_config={"enable_network_isolation": False}), "is false, not true"),
        },
    ),
    Case(
        "CKV_MLGOV_173",
        "aws_sagemaker_data_quality_job_definition",
        passes={"vpc": changed(JOB, network_config={"vpc_config": VPC})},
        fails={"absent": (JOB, "network_config.vpc_config.subnets is not set")},
    ),
]
