"""The types of Cloud Control for job definitions of the model monitor: the same ones as SageMaker's operations know."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import get_service_model

from delivery.emulator.resource_types import Properties, ResourceType
from delivery.emulator.service import AwsError, Call
from delivery.emulator.services.sagemaker_monitoring import DEFINITIONS, check_definition
from delivery.emulator.validation import faults

# The members of a definition beside those that are called by its type.
_PLAIN = ("EndpointName", "JobDefinitionName", "JobResources", "NetworkConfig", "RoleArn", "StoppingCondition", "Tags")
_OWN = ("AppSpecification", "BaselineConfig", "JobInput")
_READ_ONLY = ("CreationTime", "JobDefinitionArn")


class Definitions(MutableMapping[str, Properties]):
    """The caller's job definitions of one type, by ARN."""

    def __init__(self, call: Call, noun: str) -> None:
        self._kept = DEFINITIONS[noun].kept(call)

    def __getitem__(self, arn: str) -> Properties:
        record = self._kept[arn]
        tags = [{"Key": key, "Value": value} for key, value in record["Tags"].items()]
        shown = {name: value for name, value in record.items() if name not in ("Tags", "LastModifiedTime")}
        return {**shown, "CreationTime": record["CreationTime"].isoformat(), **({"Tags": tags} if tags else {})}

    def __setitem__(self, arn: str, properties: Properties) -> None:
        created = datetime.fromisoformat(properties["CreationTime"])
        tags = {each["Key"]: each["Value"] for each in properties.get("Tags", [])}
        self._kept[arn] = {**properties, "CreationTime": created, "LastModifiedTime": created, "Tags": tags}

    def __delitem__(self, arn: str) -> None:
        del self._kept[arn]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _type(noun: str) -> ResourceType:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SageMaker.html
    output = f"{noun}JobOutputConfig"
    members = (*_PLAIN, *_READ_ONLY, output, *(f"{noun}{each}" for each in _OWN))
    kinds: dict[str, dict[str, Any]] = {"Tags": {"type": "array", "items": {"type": "object"}}}
    text = ("CreationTime", "EndpointName", "JobDefinitionArn", "JobDefinitionName", "RoleArn")
    # CloudFormation makes up a name that is not given; no stack of ours leaves it out.
    needed = ("JobDefinitionName", "JobResources", "RoleArn", output, f"{noun}AppSpecification", f"{noun}JobInput")
    request = get_service_model("sagemaker").operation_model(f"Create{noun}JobDefinition").input_shape

    def check(call: Call, properties: Properties) -> Iterator[str]:
        given = {name: value for name, value in properties.items() if name != "EndpointName"}
        if wrong := [*faults(request, given)]:
            yield from wrong
            return
        try:
            check_definition(call, properties)
        except AwsError as error:
            yield error.message

    def read_only(call: Call, properties: Properties) -> Properties:
        return {
            "CreationTime": datetime.now(UTC).isoformat(),
            "JobDefinitionArn": DEFINITIONS[noun].arn(call, properties),
        }

    return ResourceType(
        schema={
            "typeName": f"AWS::SageMaker::{noun}JobDefinition",
            "description": "What jobs of the model monitor do",
            "additionalProperties": False,
            "properties": {
                name: kinds.get(name, {"type": "string" if name in text else "object"}) for name in sorted(members)
            },
            "required": sorted(needed),
            "readOnlyProperties": [f"/properties/{name}" for name in _READ_ONLY],
            "createOnlyProperties": [
                f"/properties/{name}" for name in sorted(members) if name not in (*_READ_ONLY, "Tags")
            ],
            "writeOnlyProperties": ["/properties/EndpointName"],
            "primaryIdentifier": ["/properties/JobDefinitionArn"],
        },
        check=check,
        read_only=read_only,
        kept=lambda call, name: Definitions(call, noun),
    )


JOB_DEFINITIONS = tuple(_type(noun) for noun in DEFINITIONS)
