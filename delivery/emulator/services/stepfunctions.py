"""Step Functions: whether a definition is one, which Terraform asks before it plans; versions. No execution runs."""

from __future__ import annotations

import json
from typing import Any

from moto.stepfunctions.models import stepfunctions_backends

from delivery.emulator.service import Answer, Call, Service

SERVICE = Service("stepfunctions")


@SERVICE.operation("ValidateStateMachineDefinition")
def validate(call: Call) -> Answer:
    """What moto's interpreter of the Amazon States Language cannot read is refused, and a state that is not there."""
    # The grammar costs a second to load: those pay who need it.
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException

    definition = call.params["definition"]
    try:
        AmazonStateLanguageParser.parse(definition)
    except (ASLParserException, ValueError) as error:
        return _failed("SCHEMA_VALIDATION_FAILED", str(error))
    machine = json.loads(definition)
    named = {each[name] for each in machine["States"].values() for name in ("Next", "Default") if name in each}
    if unknown := sorted({machine["StartAt"], *named} - set(machine["States"])):
        return _failed("MISSING_TRANSITION_TARGET", f"there is no state {', '.join(unknown)}")
    return {"result": "OK", "diagnostics": []}


def _failed(code: str, message: str) -> Answer:
    return {"result": "FAIL", "diagnostics": [{"severity": "ERROR", "code": code, "message": message}]}


@SERVICE.operation("ListStateMachineVersions")
def list_versions(call: Call) -> Answer:
    """The newest first, as moto keeps them."""
    found = stepfunctions_backends[call.account][call.region].describe_state_machine(call.params["stateMachineArn"])
    versions = [{"stateMachineVersionArn": each.arn, "creationDate": each.creation_date} for each in _versions(found)]
    return {"stateMachineVersions": versions}


def _versions(machine: Any) -> list[Any]:
    return [machine.versions[number] for number in sorted(machine.versions, reverse=True)]
