"""Lake Formation's opt-ins: who is under its permissions in a location of hybrid access."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.lakeformation_resources import resolve

SERVICE = Service("lakeformation")


def _key(call: Call) -> str:
    target = resolve(call, call.params["Resource"])
    return json.dumps([call.params["Principal"], target.resource], sort_keys=True)


@SERVICE.operation("CreateLakeFormationOptIn")
def opt_in(call: Call) -> Answer:
    key = _key(call)
    if key in call.table("opt-in"):
        raise AwsError("InvalidInputException", "the principal has opted in already")
    call.table("opt-in")[key] = {
        "Principal": call.params["Principal"],
        "Resource": resolve(call, call.params["Resource"]).resource,
        "LastModified": datetime.now(UTC),
        "LastUpdatedBy": f"arn:aws:iam::{call.account}:root",
    }
    return {}


@SERVICE.operation("DeleteLakeFormationOptIn")
def opt_out(call: Call) -> Answer:
    if call.table("opt-in").pop(_key(call), None) is None:
        raise catalogue.missing("Opt-in")
    return {}


@SERVICE.operation("ListLakeFormationOptIns")
def list_opt_ins(call: Call) -> Answer:
    found = list(call.table("opt-in").values())
    if principal := call.params.get("Principal"):
        found = [each for each in found if each["Principal"] == principal]
    if resource := call.params.get("Resource"):
        wanted = resolve(call, resource).resource
        found = [each for each in found if each["Resource"] == wanted]
    return {"LakeFormationOptInsInfoList": found}
