"""Compute Optimizer: whether an account is enrolled, and those of its organisation with it. Nothing is recommended."""

from __future__ import annotations

from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("compute-optimizer")
_ENROLMENT = "enrolment"


@SERVICE.operation("UpdateEnrollmentStatus")
def update_enrollment_status(call: Call) -> Answer:
    status = call.params["status"]
    if status not in ("Active", "Inactive"):
        raise AwsError("InvalidParameterValueException", f"an account is Active or Inactive, not {status}")
    call.global_table(_ENROLMENT)[call.account] = {
        "status": status,
        "memberAccountsEnrolled": call.params.get("includeMemberAccounts", False),
        "lastUpdatedTimestamp": datetime.now(UTC),
    }
    return {"status": status}


@SERVICE.operation("GetEnrollmentStatus")
def get_enrollment_status(call: Call) -> Answer:
    return call.global_table(_ENROLMENT).get(call.account, {"status": "Inactive", "memberAccountsEnrolled": False})
