"""What a batch is, as SageMaker Pipelines reads it. No cdktf here.

https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.serving_settings import ServedAs

STEP, INPUT, OUTPUT = "Answer", "Input", "Output"
# What AWS is at fault for is tried again; a model that fails is not.
_RETRY = {
    "ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"],
    "IntervalSeconds": 60,
    "BackoffRate": 2.0,
    "MaxAttempts": 5,
}


def batch_definition(
    naming: Naming, project: str, settings: ServedAs, *, model_name: str, key_arn: str, tags: Mapping[str, str]
) -> str:
    """One transform job: all below the parameter `Input`, answered below `Output` and the id of the run.

    What it reads and answers is kept for monitors, too. `tags` are those by which the team's roles know its jobs.
    """
    batch = settings.batch
    run = {"Get": "Execution.PipelineExecutionId"}
    strategy, split = ("MultiRecord", "Line") if batch.by_line else ("SingleRecord", "None")
    request = {
        "ModelName": model_name,
        "MaxPayloadInMB": batch.max_payload_mb,
        "BatchStrategy": strategy,
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": {"Get": f"Parameters.{INPUT}"}}},
            "ContentType": batch.content_type,
            "SplitType": split,
        },
        "TransformOutput": {
            "S3OutputPath": {"Std:Join": {"On": "/", "Values": [{"Get": f"Parameters.{OUTPUT}"}, run]}},
            "Accept": batch.content_type,
            "AssembleWith": split,
            "KmsKeyId": key_arn,
        },
        "TransformResources": {
            "InstanceType": settings.instance_type,
            "InstanceCount": settings.at_most,
            **({"VolumeKmsKeyId": key_arn} if settings.takes_key else {}),
        },
        "DataCaptureConfig": {
            "DestinationS3Uri": names.uri(naming, project, names.CAPTURE),
            "KmsKeyId": key_arn,
            "GenerateInferenceId": True,
        },
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
    }
    parameters = {INPUT: names.INPUT, OUTPUT: names.OUTPUT}
    definition = {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": name, "Type": "String", "DefaultValue": names.uri(naming, project, prefix)}
            for name, prefix in parameters.items()
        ],
        "Steps": [{"Name": STEP, "Type": "Transform", "Arguments": request, "RetryPolicies": [_RETRY]}],
    }
    return json.dumps(definition, separators=(",", ":"))
