"""Cost Optimization Hub: whether an account is enrolled, and those of its organisation with it. Nothing is advised."""

from __future__ import annotations

from datetime import UTC, datetime

from delivery.emulator.service import Answer, Call, Service

SERVICE = Service("cost-optimization-hub")
_ENROLMENT = "enrolment"


@SERVICE.operation("UpdateEnrollmentStatus")
def update_enrollment_status(call: Call) -> Answer:
    enrolments, now = call.global_table(_ENROLMENT), datetime.now(UTC)
    before = enrolments.get(call.account, {"createdTimestamp": now, "members": False})
    enrolments[call.account] = {
        **before,
        "status": call.params["status"],
        "lastUpdatedTimestamp": now,
        "members": call.params.get("includeMemberAccounts", before["members"]),
    }
    return {"status": "Successful"}


@SERVICE.operation("ListEnrollmentStatuses")
def list_enrollment_statuses(call: Call) -> Answer:
    found = call.global_table(_ENROLMENT).get(call.account)
    if found is None:
        return {"items": [], "includeMemberAccounts": False}
    shown = {key: value for key, value in found.items() if key != "members"}
    return {"items": [{"accountId": call.account, **shown}], "includeMemberAccounts": found["members"]}
