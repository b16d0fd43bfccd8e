"""The job definition that watches the quality of data, which the provider has of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import ITerraformDependable, TerraformCount, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws import sagemaker_data_quality_job_definition as aws
from constructs import Construct


class DataQualityDefinition(Construct):
    """The definition `name` by `plan`, of `monitor_plan.definition`; `count` is 1 or 0.

    Guarantees: it says the same as the plan; it is there before who depends on `made`, and until nothing names it.

    Controls: SM-33, SM-49 (NIST 800-53 SC-7, SC-8).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        plan: Mapping[str, Any],
        subnet_ids: list[str],
        tags: Mapping[str, str],
        count: TerraformCount,
        after: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        container, baseline = plan["DataQualityAppSpecification"], plan["DataQualityBaselineConfig"]
        cluster, network = plan["JobResources"]["ClusterConfig"], plan["NetworkConfig"]
        output = plan["DataQualityJobOutputConfig"]
        target = output["MonitoringOutputs"][0]["S3Output"]
        self.made = aws.SagemakerDataQualityJobDefinition(
            self,
            "definition",
            name=name,
            role_arn=plan["RoleArn"],
            data_quality_app_specification=aws.SagemakerDataQualityJobDefinitionDataQualityAppSpecification(
                image_uri=container["ImageUri"],
                environment=container["Environment"],
                record_preprocessor_source_uri=container["RecordPreprocessorSourceUri"],
            ),
            data_quality_baseline_config=aws.SagemakerDataQualityJobDefinitionDataQualityBaselineConfig(
                constraints_resource=aws.SagemakerDataQualityJobDefinitionDataQualityBaselineConfigConstraintsResource(
                    s3_uri=baseline["ConstraintsResource"]["S3Uri"]
                ),
                statistics_resource=aws.SagemakerDataQualityJobDefinitionDataQualityBaselineConfigStatisticsResource(
                    s3_uri=baseline["StatisticsResource"]["S3Uri"]
                ),
            ),
            data_quality_job_input=_input(plan["DataQualityJobInput"]),
            data_quality_job_output_config=aws.SagemakerDataQualityJobDefinitionDataQualityJobOutputConfig(
                kms_key_id=output["KmsKeyId"],
                monitoring_outputs=aws.SagemakerDataQualityJobDefinitionDataQualityJobOutputConfigMonitoringOutputs(
                    s3_output=aws.SagemakerDataQualityJobDefinitionDataQualityJobOutputConfigMonitoringOutputsS3Output(
                        s3_uri=target["S3Uri"], local_path=target["LocalPath"], s3_upload_mode=target["S3UploadMode"]
                    )
                ),
            ),
            job_resources=aws.SagemakerDataQualityJobDefinitionJobResources(
                cluster_config=aws.SagemakerDataQualityJobDefinitionJobResourcesClusterConfig(
                    instance_count=cluster["InstanceCount"],
                    instance_type=cluster["InstanceType"],
                    volume_size_in_gb=cluster["VolumeSizeInGB"],
                    volume_kms_key_id=cluster["VolumeKmsKeyId"],
                )
            ),
            network_config=aws.SagemakerDataQualityJobDefinitionNetworkConfig(
                enable_inter_container_traffic_encryption=network["EnableInterContainerTrafficEncryption"],
                enable_network_isolation=network["EnableNetworkIsolation"],
                vpc_config=aws.SagemakerDataQualityJobDefinitionNetworkConfigVpcConfig(
                    security_group_ids=network["VpcConfig"]["SecurityGroupIds"], subnets=subnet_ids
                ),
            ),
            stopping_condition=aws.SagemakerDataQualityJobDefinitionStoppingCondition(
                max_runtime_in_seconds=plan["StoppingCondition"]["MaxRuntimeInSeconds"]
            ),
            tags=dict(tags),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            count=count,
            depends_on=list(after) or None,
        )


def _input(wanted: Mapping[str, Any]) -> aws.SagemakerDataQualityJobDefinitionDataQualityJobInput:
    if batch := wanted.get("BatchTransformInput"):
        return aws.SagemakerDataQualityJobDefinitionDataQualityJobInput(
            batch_transform_input=aws.SagemakerDataQualityJobDefinitionDataQualityJobInputBatchTransformInput(
                data_captured_destination_s3_uri=batch["DataCapturedDestinationS3Uri"],
                local_path=batch["LocalPath"],
                dataset_format=aws.SagemakerDataQualityJobDefinitionDataQualityJobInputBatchTransformInputDatasetFormat(
                    json=aws.SagemakerDataQualityJobDefinitionDataQualityJobInputBatchTransformInputDatasetFormatJson(
                        line=batch["DatasetFormat"]["Json"]["Line"]
                    )
                ),
            )
        )
    endpoint = wanted["EndpointInput"]
    return aws.SagemakerDataQualityJobDefinitionDataQualityJobInput(
        endpoint_input=aws.SagemakerDataQualityJobDefinitionDataQualityJobInputEndpointInput(
            endpoint_name=endpoint["EndpointName"], local_path=endpoint["LocalPath"]
        )
    )
