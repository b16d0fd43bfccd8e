"""CloudFormation: the schemas of the types that Cloud Control knows here, which Terraform asks for before it plans."""

from __future__ import annotations

import json

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.cloudcontrol import TYPES

SERVICE = Service("cloudformation")


@SERVICE.operation("DescribeType")
def describe_type(call: Call) -> Answer:
    name = call.params.get("TypeName", "")
    if name not in TYPES or call.params.get("Type", "RESOURCE") != "RESOURCE":
        raise AwsError("TypeNotFoundException", f"the emulator knows no type {name}")
    arn = f"arn:aws:cloudformation:{call.region}::type/resource/{name.replace('::', '-')}"
    return {
        "Arn": arn,
        "Type": "RESOURCE",
        "TypeName": name,
        "Schema": json.dumps(TYPES[name].schema),
        "Visibility": "PUBLIC",
        "ProvisioningType": "FULLY_MUTABLE",
        "DeprecatedStatus": "LIVE",
    }
