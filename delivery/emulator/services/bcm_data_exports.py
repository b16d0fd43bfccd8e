"""AWS Data Exports: exports with their tags. Nothing is delivered."""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("bcm-data-exports")


def _export(call: Call, key: str = "ExportArn") -> Record:
    try:
        return call.global_table("export")[call.params[key]]
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"there is no export {call.params[key]}") from None


def _checked(call: Call) -> Record:
    """The export as it is wanted; what names a table configures that table, and no other."""
    export: Record = deepcopy(call.params["Export"])
    query = export["DataQuery"]
    table = query["QueryStatement"].rpartition(" FROM ")[2].strip()
    if not table or not set(query.get("TableConfigurations", {})) <= {table}:
        raise AwsError("ValidationException", f"the query reads {table!r}, and other tables are configured")
    return export


@SERVICE.operation("CreateExport")
def create_export(call: Call) -> Answer:
    export = _checked(call)
    exports = call.global_table("export")
    if any(each["Export"]["Name"] == export["Name"] for each in exports.values()):
        raise AwsError("ValidationException", f"there is an export {export['Name']} already")
    arn = f"arn:aws:bcm-data-exports:us-east-1:{call.account}:export/{export['Name']}-{uuid.uuid4()}"
    now = datetime.now(UTC)
    exports[arn] = {
        "Export": export | {"ExportArn": arn},
        "ExportStatus": {"StatusCode": "HEALTHY", "CreatedAt": now, "LastUpdatedAt": now},
        "tags": {tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])},
    }
    return {"ExportArn": arn}


@SERVICE.operation("GetExport")
def get_export(call: Call) -> Answer:
    found = _export(call)
    return {"Export": found["Export"], "ExportStatus": found["ExportStatus"]}


@SERVICE.operation("UpdateExport")
def update_export(call: Call) -> Answer:
    found, wanted = _export(call), _checked(call)
    if wanted["Name"] != found["Export"]["Name"]:
        raise AwsError("ValidationException", "an export keeps its name")
    found["Export"] = wanted | {"ExportArn": call.params["ExportArn"]}
    found["ExportStatus"]["LastUpdatedAt"] = datetime.now(UTC)
    return {"ExportArn": call.params["ExportArn"]}


@SERVICE.operation("DeleteExport")
def delete_export(call: Call) -> Answer:
    _export(call)
    del call.global_table("export")[call.params["ExportArn"]]
    return {"ExportArn": call.params["ExportArn"]}


@SERVICE.operation("ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Answer:
    kept = _export(call, "ResourceArn")["tags"]
    kept.update({tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])})
    for key in call.params.get("ResourceTagKeys", ()):
        kept.pop(key, None)
    if call.operation != "ListTagsForResource":
        return {}
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in kept.items()]}
