"""EventBridge Schemas: registries, schemas with their versions, and tags. No event is held to a schema."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("schemas")
REGISTRY, SCHEMA, TAGS = "registry", "schema", "tags"


def _missing(what: str) -> AwsError:
    return AwsError("NotFoundException", f"there is no {what}")


def _registry(call: Call) -> Record:
    name = call.params["RegistryName"]
    if name not in call.table(REGISTRY):
        raise _missing(f"registry {name}")
    return call.table(REGISTRY)[name]


def _schemas(call: Call) -> dict[str, Record]:
    """Those of the registry, by name."""
    return call.table(f"{SCHEMA} of {_registry(call)['RegistryName']}")


def _schema(call: Call) -> Record:
    name = call.params["SchemaName"]
    if name not in _schemas(call):
        raise _missing(f"schema {name} in the registry {call.params['RegistryName']}")
    return _schemas(call)[name]


def _tagged(call: Call, arn: str) -> Record:
    return call.table(TAGS).setdefault(arn, {})


@SERVICE.operation("CreateRegistry")
def create_registry(call: Call) -> Answer:
    name = call.params["RegistryName"]
    if name in call.table(REGISTRY):
        raise AwsError("ConflictException", f"there is a registry {name} already")
    arn = f"arn:aws:schemas:{call.region}:{call.account}:registry/{name}"
    _tagged(call, arn).update(call.params.get("Tags", {}))
    call.table(REGISTRY)[name] = {
        "RegistryName": name,
        "RegistryArn": arn,
        "Description": call.params.get("Description", ""),
    }
    return describe_registry(call)


@SERVICE.operation("DescribeRegistry")
def describe_registry(call: Call) -> Answer:
    registry = _registry(call)
    return {**registry, "Tags": _tagged(call, registry["RegistryArn"])}


@SERVICE.operation("UpdateRegistry")
def update_registry(call: Call) -> Answer:
    _registry(call)["Description"] = call.params.get("Description", "")
    return describe_registry(call)


@SERVICE.operation("DeleteRegistry")
def delete_registry(call: Call) -> Answer:
    registry = _registry(call)
    if _schemas(call):
        raise AwsError("BadRequestException", f"the registry {registry['RegistryName']} holds schemas")
    del call.table(REGISTRY)[registry["RegistryName"]]
    call.table(TAGS).pop(registry["RegistryArn"], None)
    return {}


@SERVICE.operation("CreateSchema")
def create_schema(call: Call) -> Answer:
    name = call.params["SchemaName"]
    if name in _schemas(call):
        raise AwsError("ConflictException", f"there is a schema {name} already")
    _parsed(call.params["Content"])
    arn = f"arn:aws:schemas:{call.region}:{call.account}:schema/{call.params['RegistryName']}/{name}"
    _tagged(call, arn).update(call.params.get("Tags", {}))
    _schemas(call)[name] = {"SchemaName": name, "SchemaArn": arn, "SchemaVersion": "0"}
    return _written(call)


@SERVICE.operation("UpdateSchema")
def update_schema(call: Call) -> Answer:
    return _written(call)


@SERVICE.operation("DescribeSchema")
def describe_schema(call: Call) -> Answer:
    """The latest version; earlier ones are not kept."""
    schema, version = _schema(call), call.params.get("SchemaVersion")
    if version not in (None, schema["SchemaVersion"]):
        raise _missing(f"version {version} of the schema {schema['SchemaName']}")
    return {**schema, "Tags": _tagged(call, schema["SchemaArn"])}


@SERVICE.operation("DeleteSchema")
def delete_schema(call: Call) -> Answer:
    schema = _schema(call)
    del _schemas(call)[schema["SchemaName"]]
    call.table(TAGS).pop(schema["SchemaArn"], None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": _tagged(call, call.params["ResourceArn"])}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tagged(call, call.params["ResourceArn"]).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tagged(call, call.params["ResourceArn"]).pop(key, None)
    return {}


def _written(call: Call) -> Answer:
    """The schema with what the call says of it, as its next version."""
    schema, now = _schema(call), datetime.now(UTC)
    schema.update(
        Content=_parsed(call.params["Content"] if "Content" in call.params else schema["Content"]),
        Type=call.params.get("Type", schema.get("Type")),
        Description=call.params.get("Description", schema.get("Description", "")),
        SchemaVersion=str(int(schema["SchemaVersion"]) + 1),
        LastModified=now,
        VersionCreatedDate=now,
    )
    answer = {key: value for key, value in schema.items() if key != "Content"}
    return {**answer, "Tags": _tagged(call, schema["SchemaArn"])}


def _parsed(content: str) -> str:
    try:
        json.loads(content)
    except ValueError as error:
        raise AwsError("BadRequestException", f"the content is no JSON: {error}") from None
    return content
