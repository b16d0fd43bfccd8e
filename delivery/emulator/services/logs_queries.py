"""CloudWatch Logs: saved queries, of which moto knows nothing. None is run."""

from __future__ import annotations

from time import time
from uuid import uuid4

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("logs")
_TABLE = "query definitions"


def _missing(identifier: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"there is no query definition {identifier}")


@SERVICE.operation("PutQueryDefinition")
def put_query_definition(call: Call) -> Answer:
    """Makes one, or replaces the one whose id is given. A name is one query's alone."""
    given, kept = call.params, call.table(_TABLE)
    identifier = given.get("queryDefinitionId") or str(uuid4())
    if "queryDefinitionId" in given and identifier not in kept:
        raise _missing(identifier)
    if any(other["name"] == given["name"] and key != identifier for key, other in kept.items()):
        raise AwsError("InvalidParameterException", f"there is a query called {given['name']} already")
    named = {key: value for key, value in given.items() if key != "clientToken"}
    kept[identifier] = {
        "queryLanguage": "CWLI",
        **named,
        "queryDefinitionId": identifier,
        "lastModified": int(time() * 1000),
    }
    return {"queryDefinitionId": identifier}


@SERVICE.operation("DescribeQueryDefinitions")
def describe_query_definitions(call: Call) -> Answer:
    """Those whose names begin as asked, by name, all at once."""
    prefix = call.params.get("queryDefinitionNamePrefix", "")
    found = [each for each in call.table(_TABLE).values() if each["name"].startswith(prefix)]
    return {"queryDefinitions": sorted(found, key=lambda each: str(each["name"]))}


@SERVICE.operation("DeleteQueryDefinition")
def delete_query_definition(call: Call) -> Answer:
    if call.table(_TABLE).pop(call.params["queryDefinitionId"], None) is None:
        raise _missing(call.params["queryDefinitionId"])
    return {"success": True}
