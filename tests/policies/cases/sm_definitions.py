"""Cases of the SageMaker control on monitors through Cloud Control."""

from __future__ import annotations

import json

from tests.policies.cases import Body, Case, changed
from tests.policies.cases.sm import KEY, KEY_OF_AWS
from tests.policies.cases.sm_cards import OTHER_TYPE

QUALITY, EXPLAINS = (f"AWS::SageMaker::Model{what}JobDefinition" for what in ("Quality", "Explainability"))
NETWORK: Body = {
    "EnableInterContainerTrafficEncryption": True,
    "EnableNetworkIsolation": True,
    "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
}
CLUSTER: Body = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeKmsKeyId": KEY, "VolumeSizeInGB": 20}


def _job(kind: str = QUALITY, *, network: Body = NETWORK, cluster: Body = CLUSTER, output: str = KEY) -> Body:
    word = kind.removeprefix("AWS::SageMaker::").removesuffix("JobDefinition")
    return {
        "type_name": kind,
        "desired_state": json.dumps(
            {
                "JobDefinitionName": "churn",
                "NetworkConfig": network,
                "JobResources": {"ClusterConfig": cluster},
                f"{word}JobOutputConfig": {"KmsKeyId": output},
            }
        ),
        "schema": json.dumps({"typeName": kind, "description": "A definition", "properties": {}}),
    }


CASES = [
    Case(
        "CKV_MLGOV_450",
        "aws_cloudcontrolapi_resource",
        passes={"isolated": _job()},
        fails={
            "open": (_job(network=changed(NETWORK, EnableNetworkIsolation=False)), "is false, not true"),
            "absent": (
                _job(network=changed(NETWORK, EnableNetworkIsolation=None)),
                "EnableNetworkIsolation is not set, and AWS takes false",
            ),
        },
        ignores={"explains": _job(EXPLAINS), "other": OTHER_TYPE},
    ),
    Case(
        "CKV_MLGOV_451",
        "aws_cloudcontrolapi_resource",
        passes={"vpc": _job(), "explains": _job(EXPLAINS)},
        fails={
            "outside": (_job(EXPLAINS, network=changed(NETWORK, VpcConfig=None)), "VpcConfig.Subnets is not set"),
        },
        ignores={"other": OTHER_TYPE},
    ),
    Case(
        "CKV_MLGOV_452",
        "aws_cloudcontrolapi_resource",
        passes={"encrypted": _job(), "explains": _job(EXPLAINS)},
        fails={
            "plain": (
                _job(network=changed(NETWORK, EnableInterContainerTrafficEncryption=False)),
                "is false, not true",
            ),
            "disk": (_job(cluster=changed(CLUSTER, VolumeKmsKeyId=None)), "VolumeKmsKeyId is not set"),
            "results": (_job(output=KEY_OF_AWS), "KmsKeyId"),
        },
        ignores={"other": OTHER_TYPE},
    ),
]
