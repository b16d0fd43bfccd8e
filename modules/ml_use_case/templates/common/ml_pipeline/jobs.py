"""Requests of jobs as SageMaker's API takes them. Every job of the pipeline is made here, so none lacks a protection.

Each runs in the project's subnets, cut off from every network (its data is brought and fetched by SageMaker),
encrypted on its volumes, in its outputs and between its containers, with the project's tags and an end in time
(NIST SP 800-53 SC-7, SC-8, SC-28). The one that asks Athena reaches the project's VPC, and what its security group and
endpoints let through: nobody else's code runs in it, and no data but the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ml_pipeline.settings import Instances, Settings

Request = dict[str, Any]

# These have local disks, which the hardware encrypts; AWS refuses a key for them.
LOCAL_DISKS = ("ml.*d.*", "ml.*dn.*", "ml.p4de.*", "ml.g5.*", "ml.g6*.*", "ml.p5*.*", "ml.trn*.*")
CODE = "/opt/ml/processing/code"


def processing_job(
    settings: Settings,
    *,
    instance_type: Any,
    image: str,
    inputs: Sequence[Request],
    outputs: Mapping[str, tuple[str, Any]],
    command: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    instance_count: int | None = None,
    isolated: bool = True,
) -> Request:
    """A request of CreateProcessingJob. `outputs`: by name, the folder in the container and where it goes.

    `isolated` is off for a job that asks AWS, from within the VPC.
    """
    application: Request = {"ImageUri": image}
    if command:
        application |= {"ContainerEntrypoint": list(command[:2]), "ContainerArguments": list(command[2:])}
    return {
        "ProcessingResources": {
            "ClusterConfig": _cluster(settings, settings.processing, instance_type, instance_count)
        },
        "AppSpecification": application,
        "RoleArn": settings.role_arn,
        "Environment": dict(environment or {}),
        "ProcessingInputs": list(inputs),
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": name,
                    "S3Output": {"S3Uri": uri, "LocalPath": folder, "S3UploadMode": "EndOfJob"},
                }
                for name, (folder, uri) in outputs.items()
            ],
            "KmsKeyId": settings.output_key,
        },
        "NetworkConfig": {
            "EnableInterContainerTrafficEncryption": True,
            "EnableNetworkIsolation": isolated,
            "VpcConfig": _network(settings),
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": settings.processing.max_runtime_seconds},
        "Tags": tags(settings),
    }


def training_job(
    settings: Settings,
    *,
    instance_type: Any,
    image: str,
    command: Sequence[str],
    channels: Mapping[str, Any],
    hyperparameters: Mapping[str, str],
    metrics: Mapping[str, str],
    output: Any,
) -> Request:
    """A request of CreateTrainingJob. `channels`: by name, where files lie; `metrics`: by name, how logs say it."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": list(command),
            "MetricDefinitions": [{"Name": name, "Regex": regex} for name, regex in metrics.items()],
        },
        "RoleArn": settings.role_arn,
        "HyperParameters": dict(hyperparameters),
        "InputDataConfig": [
            {
                "ChannelName": name,
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": uri,
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
                "CompressionType": "None",
                "RecordWrapperType": "None",
            }
            for name, uri in channels.items()
        ],
        "OutputDataConfig": {"S3OutputPath": output, "KmsKeyId": settings.output_key},
        "ResourceConfig": _cluster(settings, settings.training, instance_type),
        "StoppingCondition": {"MaxRuntimeInSeconds": settings.training.max_runtime_seconds},
        "VpcConfig": _network(settings),
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "Tags": tags(settings),
    }


def files(name: str, uri: Any, folder: str) -> Request:
    """An input of a processing job: the files below a prefix."""
    source = {"S3DataType": "S3Prefix", "S3InputMode": "File", "S3DataDistributionType": "FullyReplicated"}
    return {"InputName": name, "S3Input": {"S3Uri": uri, "LocalPath": folder, **source}}


def tags(settings: Settings) -> list[dict[str, str]]:
    """The project's tags, as the API takes them."""
    return [{"Key": key, "Value": value} for key, value in sorted(settings.tags.items())]


def has_local_disks(instance_type: str) -> bool:
    """Whether the hardware encrypts its disks instead of a key."""
    return any(fnmatchcase(instance_type, pattern) for pattern in LOCAL_DISKS)


def _cluster(settings: Settings, instances: Instances, instance_type: Any, count: int | None = None) -> Request:
    cluster = {
        "InstanceType": instance_type,
        "InstanceCount": instances.count if count is None else count,
        "VolumeSizeInGB": instances.volume_gb,
    }
    if not has_local_disks(instances.type):
        cluster["VolumeKmsKeyId"] = settings.volume_key
    return cluster


def _network(settings: Settings) -> Request:
    return {"SecurityGroupIds": list(settings.security_group_ids), "Subnets": list(settings.subnet_ids)}
