"""The type `AWS::CloudFormation::GuardHook` of Cloud Control: kept as given, and its rules must be there. Echo only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from delivery.emulator.resource_types import Properties, ResourceType
from delivery.emulator.service import Call

_ALIAS = re.compile(r"(?!AWS::)[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}")
_OPERATIONS = {"RESOURCE", "STACK", "CHANGE_SET", "CLOUD_CONTROL"}


def _faults(call: Call, properties: Properties) -> Iterator[str]:
    if not _ALIAS.fullmatch(properties["Alias"]):
        yield f"{properties['Alias']} is no alias of the form Name1::Name2::Name3"
    if wrong := set(properties["TargetOperations"]) - _OPERATIONS:
        yield f"there is no operation {', '.join(sorted(wrong))}"
    if not any(role.arn == properties["ExecutionRole"] for role in iam_backends[call.account]["aws"].roles.values()):
        yield f"there is no role {properties['ExecutionRole']}"
    location = properties["RuleLocation"]
    bucket, _, key = location.get("Uri", "").removeprefix("s3://").partition("/")
    buckets = s3_backends[call.account]["aws"].buckets
    for name in (bucket, *([properties["LogBucket"]] if "LogBucket" in properties else [])):
        if name not in buckets:
            yield f"there is no bucket {name}"
            return
    versions = buckets[bucket].keys.getlist(key)
    if not any(location.get("VersionId") in (None, version.version_id) for version in versions):
        yield f"there is no {location}"


GUARD_HOOK = ResourceType(
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-guardhook.html
    schema={
        "typeName": "AWS::CloudFormation::GuardHook",
        "description": "Activates the hook that judges by Guard rules",
        "additionalProperties": False,
        "properties": {
            "Alias": {"type": "string"},
            "ExecutionRole": {"type": "string"},
            "FailureMode": {"type": "string", "enum": ["FAIL", "WARN"]},
            "HookArn": {"type": "string"},
            "HookStatus": {"type": "string", "enum": ["ENABLED", "DISABLED"]},
            "LogBucket": {"type": "string"},
            "Options": {"type": "object"},
            "RuleLocation": {"type": "object"},
            "StackFilters": {"type": "object"},
            "TargetFilters": {"type": "object"},
            "TargetOperations": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["RuleLocation", "HookStatus", "TargetOperations", "FailureMode", "Alias", "ExecutionRole"],
        "readOnlyProperties": ["/properties/HookArn"],
        "createOnlyProperties": ["/properties/Alias"],
        "primaryIdentifier": ["/properties/HookArn"],
    },
    check=_faults,
    read_only=lambda call, properties: {
        "HookArn": f"arn:aws:cloudformation:{call.region}:{call.account}:type/hook/"
        + properties["Alias"].replace("::", "-")
    },
)
