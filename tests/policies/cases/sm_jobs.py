"""Cases of the SageMaker controls on jobs: each is a pipeline whose definition starts them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.policies.cases import Case
from tests.policies.cases.sm import KEY, KEY_OF_AWS, ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.support import ACCOUNT

Json = dict[str, object]
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/acme-train"
PINNED = f"{IMAGE}@sha256:{'0a' * 32}"
VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
MOUNT = {"FileSystemId": "fs-1", "FileSystemType": "EFS", "DirectoryPath": "/data"}
TRAINING: Json = {
    "AlgorithmSpecification": {"TrainingImage": PINNED, "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://acme-dev-models/x", "KmsKeyId": KEY},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY},
    "RoleArn": ROLE,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "VpcConfig": VPC,
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
}
PROCESSING: Json = {
    "AppSpecification": {"ImageUri": PINNED},
    "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": KEY}},
    "ProcessingOutputConfig": {"Outputs": [], "KmsKeyId": KEY},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "NetworkConfig": {
        "VpcConfig": VPC,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
    },
}
AUTOML: Json = {
    "OutputDataConfig": {"S3OutputPath": "s3://acme-dev-models/x", "KmsKeyId": KEY},
    "AutoMLJobConfig": {
        "SecurityConfig": {"VolumeKmsKeyId": KEY, "EnableInterContainerTrafficEncryption": True, "VpcConfig": VPC}
    },
}
TRANSFORM: Json = {
    "TransformOutput": {"S3OutputPath": "s3://acme-dev-models/x", "KmsKeyId": KEY},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeKmsKeyId": KEY},
}
LAMBDA: Json = {"Name": "notify", "Type": "Lambda", "FunctionArn": "f", "Arguments": {}}


def step(kind: str, arguments: Mapping[str, object], name: str = "train") -> Json:
    """A step of a pipeline."""
    return {"Name": name, "Type": kind, "Arguments": arguments}


def pipeline(*steps: Json, definition: str | None = None) -> Json:
    """A pipeline of these steps, or of this text."""
    text = json.dumps({"Version": "2020-12-01", "Steps": steps}) if definition is None else definition
    return {
        "pipeline_name": "churn",
        "pipeline_display_name": "churn",
        "role_arn": ROLE,
        "pipeline_definition": text,
    }


def training(**changed: object) -> Json:
    """A pipeline of one training job with these changes; None takes an argument away."""
    return pipeline(
        step("Training", {key: value for key, value in {**TRAINING, **changed}.items() if value is not None})
    )


def processing(**changed: object) -> Json:
    """A pipeline of one processing job with these changes; None takes an argument away."""
    arguments = {key: value for key, value in {**PROCESSING, **changed}.items() if value is not None}
    return pipeline(step("Processing", arguments, "prepare"))


def network(**changed: object) -> Json:
    """A pipeline of one processing job whose network is protected less, by these changes."""
    return processing(NetworkConfig={**dict(PROCESSING["NetworkConfig"]), **changed})  # type: ignore[call-overload]


SOUND = pipeline(
    step("Training", TRAINING),
    step("QualityCheck", PROCESSING, "check"),
    step("Tuning", {"TrainingJobDefinition": TRAINING}, "tune"),
    step("AutoML", AUTOML, "search"),
    step("Condition", {"Conditions": [], "IfSteps": [step("Transform", TRANSFORM, "score")], "ElseSteps": []}, "good"),
)
# No definition that could be read: every policy on jobs fails it.
UNREADABLE = {
    "in_s3": {
        **{key: value for key, value in SOUND.items() if key != "pipeline_definition"},
        "pipeline_definition_s3_location": {"bucket": "acme-dev-pipelines", "object_key": "churn.json"},
    },
    "new_step": pipeline(step("Quantum", {})),
}
WITHOUT_JOB = {"jobless": pipeline(LAMBDA)}


def _case(policy: str, *, fails: Mapping[str, tuple[Json, str]], **more: Json) -> Case:
    return Case(
        policy, "aws_sagemaker_pipeline", passes={"sound": SOUND, **more}, fails=fails, ignores=dict(WITHOUT_JOB)
    )


CASES = [
    Case(
        "CKV_MLGOV_122",
        "aws_sagemaker_pipeline",
        passes={
            "sound": SOUND,
            "half_on_disks": pipeline(
                step("Training", TRAINING),
                step("Transform", {**TRANSFORM, "TransformResources": {"InstanceType": "ml.g5.xlarge"}}, "score"),
            ),
        },
        fails={
            "absent": (
                training(ResourceConfig={"InstanceType": "ml.m5.large"}),
                "step train: ResourceConfig.VolumeKmsKeyId is not set",
            ),
            "of_aws": (
                processing(ProcessingResources={"ClusterConfig": {"VolumeKmsKeyId": KEY_OF_AWS}}),
                "step prepare: ProcessingResources.ClusterConfig.VolumeKmsKeyId is",
            ),
            "group": (
                training(
                    ResourceConfig={"InstanceGroups": [{"InstanceType": "ml.g5.xlarge"}, {"InstanceType": "ml.m5.x"}]}
                ),
                "ResourceConfig.VolumeKmsKeyId is not set",
            ),
            "tuning": (
                pipeline(step("Tuning", {"TrainingJobDefinitions": [TRAINING, {**TRAINING, "ResourceConfig": {}}]})),
                "ResourceConfig.VolumeKmsKeyId is not set",
            ),
            "parameter": (
                training(ResourceConfig={"VolumeKmsKeyId": {"Get": "Parameters.Key"}}),
                "not provable at synthesis: ResourceConfig.VolumeKmsKeyId",
            ),
            "in_a_condition": (
                pipeline(step("Condition", {"ElseSteps": [step("AutoML", {"AutoMLJobConfig": {}}, "search")]}, "if")),
                "step search: AutoMLJobConfig.SecurityConfig.VolumeKmsKeyId is not set",
            ),
            "expression": (pipeline(definition=UNKNOWN), "not provable at synthesis: pipeline_definition"),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis: pipeline_definition"),
            "new_step": (UNREADABLE["new_step"], "of type Quantum"),
        },
        ignores={
            "jobless": WITHOUT_JOB["jobless"],
            "on_disks": training(ResourceConfig={"InstanceType": "ml.p4d.24xlarge"}),
        },
        beside=UNKNOWN_OF,
    ),
    _case(
        "CKV_MLGOV_123",
        no_output=processing(ProcessingOutputConfig=None),
        fails={
            "absent": (
                training(OutputDataConfig={"S3OutputPath": "s3://acme-x"}),
                "step train: OutputDataConfig.KmsKeyId is not set",
            ),
            "processing": (
                processing(ProcessingOutputConfig={"Outputs": []}),
                "step prepare: ProcessingOutputConfig.KmsKeyId is not set",
            ),
            "transform": (
                pipeline(step("Transform", {**TRANSFORM, "TransformOutput": {"KmsKeyId": KEY_OF_AWS}})),
                "a key of AWS",
            ),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis"),
        },
    ),
    _case(
        "CKV_MLGOV_124",
        fails={
            "absent": (
                training(EnableInterContainerTrafficEncryption=None),
                "EnableInterContainerTrafficEncryption is not set, and AWS takes false",
            ),
            "off": (network(EnableInterContainerTrafficEncryption=False), "is false, not true"),
            "automl": (
                pipeline(step("AutoML", {"SecurityConfig": {"VpcConfig": VPC}}, "search")),
                "step search: SecurityConfig.EnableInterContainerTrafficEncryption is not set",
            ),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis"),
        },
    ),
    _case(
        "CKV_MLGOV_125",
        fails={
            "absent": (training(EnableNetworkIsolation=None), "EnableNetworkIsolation is not set, and AWS takes false"),
            "parameter": (training(EnableNetworkIsolation={"Get": "Parameters.Isolated"}), "not true"),
            "processing": (processing(NetworkConfig=None), "NetworkConfig.EnableNetworkIsolation is not set"),
            "new_step": (UNREADABLE["new_step"], "not provable at synthesis"),
        },
    ),
    _case(
        "CKV_MLGOV_126",
        fails={
            "absent": (training(VpcConfig=None), "step train: VpcConfig.Subnets is not set"),
            "groupless": (
                network(VpcConfig={"Subnets": ["subnet-1"]}),
                "step prepare: NetworkConfig.VpcConfig.SecurityGroupIds is not set",
            ),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis"),
        },
    ),
    Case(
        "CKV_MLGOV_127",
        "aws_sagemaker_pipeline",
        passes={"sound": training()},
        fails={
            "absent": (training(StoppingCondition=None), "StoppingCondition.MaxRuntimeInSeconds is not set"),
            "long": (
                processing(StoppingCondition={"MaxRuntimeInSeconds": 172800}),
                "MaxRuntimeInSeconds is 172800: it must be at least 1 and at most 86400",
            ),
            "parameter": (
                training(StoppingCondition={"MaxRuntimeInSeconds": {"Get": "Parameters.Time"}}),
                "not provable at synthesis",
            ),
        },
        ignores=dict(WITHOUT_JOB),
    ),
    _case(
        "CKV_MLGOV_128",
        off=training(RemoteDebugConfig={"EnableRemoteDebug": False}),
        fails={
            "on": (training(RemoteDebugConfig={"EnableRemoteDebug": True}), "EnableRemoteDebug is true"),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis"),
        },
    ),
    Case(
        "CKV_MLGOV_129",
        "aws_sagemaker_pipeline",
        passes={
            "read_only": training(
                InputDataConfig=[
                    {"DataSource": {"FileSystemDataSource": {**MOUNT, "FileSystemAccessMode": "ro"}}},
                    {"DataSource": {"S3DataSource": {"S3Uri": "s3://acme-dev-data/x"}}},
                ]
            )
        },
        fails={
            "writable": (
                training(
                    InputDataConfig=[{"DataSource": {"FileSystemDataSource": {**MOUNT, "FileSystemAccessMode": "rw"}}}]
                ),
                "FileSystemAccessMode is rw, not ro",
            ),
            "absent": (
                training(InputDataConfig=[{"DataSource": {"FileSystemDataSource": MOUNT}}]),
                "FileSystemAccessMode is not set",
            ),
            "in_s3": (UNREADABLE["in_s3"], "not provable at synthesis"),
        },
        ignores={"mountless": training()},
    ),
    _case(
        "CKV_MLGOV_168",
        fails={
            "tagged": (
                training(AlgorithmSpecification={"TrainingImage": f"{IMAGE}:latest"}),
                "TrainingImage is 111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-train:latest, not pinned by digest",
            ),
            "public": (
                processing(AppSpecification={"ImageUri": f"docker.io/acme/x@sha256:{'0a' * 32}"}),
                "not in a private ECR registry",
            ),
            "algorithm": (
                training(AlgorithmSpecification={"AlgorithmName": "arn:aws:sagemaker:::algorithm/x"}),
                "AlgorithmSpecification.TrainingImage is not set",
            ),
            "parameter": (processing(AppSpecification={"ImageUri": {"Get": "Parameters.Image"}}), "not provable"),
        },
    ),
]
