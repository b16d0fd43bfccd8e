"""Tags of SageMaker's resources. Those of what moto keeps stay with moto."""

from __future__ import annotations

from delivery.emulator.service import Answer, Call, PassToMoto, Service
from delivery.emulator.services.sagemaker_feature_groups import feature_group
from delivery.emulator.services.sagemaker_resources import by_arn

SERVICE = Service("sagemaker")


def _tagged(call: Call) -> dict[str, str]:
    arn = call.params["ResourceArn"]
    found = feature_group(call, arn) if ":feature-group/" in arn else by_arn(call, arn)
    if found is None:
        raise PassToMoto
    tags: dict[str, str] = found["Tags"]
    return tags


@SERVICE.operation("AddTags")
def add_tags(call: Call) -> Answer:
    _tagged(call).update({each["Key"]: each["Value"] for each in call.params["Tags"]})
    return list_tags(call)


@SERVICE.operation("ListTags")
def list_tags(call: Call) -> Answer:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(call).items()]}


@SERVICE.operation("DeleteTags")
def delete_tags(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tagged(call).pop(key, None)
    return {}
