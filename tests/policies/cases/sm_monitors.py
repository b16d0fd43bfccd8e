"""Cases of the SageMaker controls on what watches endpoints."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.cases.sm_jobs import PINNED

Json = dict[str, object]
VPC = {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
JOB: Json = {
    "role_arn": ROLE,
    "data_quality_app_specification": {"image_uri": PINNED},
    "data_quality_job_input": {"endpoint_input": {"endpoint_name": "churn"}},
    "data_quality_job_output_config": {"monitoring_outputs": {"s3_output": {"s3_uri": "s3://acme-prod-monitor/churn"}}},
    "job_resources": {"cluster_config": {"instance_count": 1, "instance_type": "ml.m5.large", "volume_size_in_gb": 20}},
}
ENDPOINT: Json = {"endpoint_config_name": "churn"}
NAMED = {"monitoring_job_definition_name": "churn", "monitoring_type": "DataQuality"}


def schedule(expression: str | None) -> Json:
    """A schedule of monitoring by this expression."""
    more = {"schedule_config": {"schedule_expression": expression}} if expression else {}
    return {"monitoring_schedule_config": {**NAMED, **more}}


CASES = [
    Case(
        "CKV_MLGOV_148",
        "aws_sagemaker_endpoint",
        passes={
            "watched": {"endpoint_config_name": "churn"},
            "by_name": {"name": "acme-prod-named", "endpoint_config_name": "churn"},
        },
        fails={
            "absent": (ENDPOINT, "no aws_sagemaker_data_quality_job_definition of this stack reads the endpoint"),
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
    Case("CKV_MLGOV_148", "aws_sagemaker_endpoint", {}, {}, ignores={"in_dev": ENDPOINT}),
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
