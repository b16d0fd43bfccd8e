"""Macie: administrators, members, identifiers, jobs and where results go. Nothing is read."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.macie2.models import MacieBackend, macie2_backends
from moto.s3.models import s3_backends

from delivery.emulator.administrators import Administrators, manages, refuse_with
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("macie2")
_administrators = Administrators(refuse_with("AccessDeniedException"))


@SERVICE.mend
def macie_is_off_at_first() -> None:
    """An account begins without Macie, and cannot switch it on twice; in moto it is always on."""
    create, enable = MacieBackend.__init__, MacieBackend.enable_macie

    def __init__(self: Any, region_name: str, account_id: str) -> None:
        create(self, region_name, account_id)
        self.macie_session = None

    def enable_macie(self: Any, *arguments: Any) -> None:
        if self.macie_session is not None:
            raise AwsError("ConflictException", "Macie has already been enabled")
        enable(self, *arguments)

    MacieBackend.__init__, MacieBackend.enable_macie = __init__, enable_macie


def _session(call: Call, account: str) -> Record:
    session: Record | None = macie2_backends[account][call.region].macie_session
    if session is None:
        raise AwsError("AccessDeniedException", "Macie is not enabled.")
    return session


def _missing(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"there is no {what}")


@SERVICE.operation("UpdateMacieSession")
def update_session(call: Call) -> Answer:
    session = _session(call, call.account)
    session.update(
        {name: call.params[name] for name in ("findingPublishingFrequency", "status") if name in call.params}
    )
    session["updatedAt"] = datetime.now(UTC)
    return {}


@SERVICE.operation("EnableOrganizationAdminAccount")
def enable_administrator(call: Call) -> Answer:
    """AWS switches Macie on in the administrator's account where it is off."""
    account = call.params["adminAccountId"]
    _administrators.enable(call, account)
    backend = macie2_backends[account][call.region]
    if backend.macie_session is None:
        backend.enable_macie()
    return {}


@SERVICE.operation("DisableOrganizationAdminAccount")
def disable_administrator(call: Call) -> Answer:
    _administrators.disable(call, call.params["adminAccountId"])
    return {}


@SERVICE.operation("ListOrganizationAdminAccounts")
def list_administrators(call: Call) -> Answer:
    return {"adminAccounts": [{"accountId": account, "status": "ENABLED"} for account in _administrators.listed(call)]}


@SERVICE.operation("UpdateOrganizationConfiguration")
def update_organization(call: Call) -> Answer:
    _administrators.require(call)
    call.table("organization")["autoEnable"] = call.params
    return {}


@SERVICE.operation("DescribeOrganizationConfiguration")
def describe_organization(call: Call) -> Answer:
    _administrators.require(call)
    kept = call.table("organization").get("autoEnable", {"autoEnable": False})
    return {**kept, "maxAccountLimitReached": False}


@SERVICE.operation("CreateMember")
def create_member(call: Call) -> Answer:
    """An account of the organisation is a member at once, with Macie on; the management account needs it before."""
    account = call.params["account"]["accountId"]
    _administrators.member(call, account)
    if account in call.table("member"):
        raise AwsError("ConflictException", f"{account} is a member already")
    backend = macie2_backends[account][call.region]
    if backend.macie_session is None:
        if manages(account):
            raise AwsError("ValidationException", "the management account has to enable Macie itself first")
        backend.enable_macie()
    now = datetime.now(UTC)
    arn = f"arn:aws:macie2:{call.region}:{call.account}:member/{account}"
    call.table("member")[account] = {
        **call.params["account"],
        "arn": arn,
        "administratorAccountId": call.account,
        "masterAccountId": call.account,
        "relationshipStatus": "Enabled",
        "tags": call.params.get("tags", {}),
        "invitedAt": now,
        "updatedAt": now,
    }
    return {"arn": arn}


def _member(call: Call) -> Record:
    try:
        return call.table("member")[call.params["id"]]
    except KeyError:
        raise _missing(f"member {call.params['id']}") from None


@SERVICE.operation("GetMember")
def get_member(call: Call) -> Answer:
    return _member(call)


@SERVICE.operation("ListMembers")
def list_members(call: Call) -> Answer:
    return {"members": list(call.table("member").values())}


@SERVICE.operation("UpdateMemberSession")
def update_member(call: Call) -> Answer:
    _member(call)["relationshipStatus"] = {"ENABLED": "Enabled", "PAUSED": "Paused"}[call.params["status"]]
    return {}


@SERVICE.operation("DisassociateMember")
def disassociate_member(call: Call) -> Answer:
    _member(call)["relationshipStatus"] = "Removed"
    return {}


@SERVICE.operation("DeleteMember")
def delete_member(call: Call) -> Answer:
    _member(call)
    del call.table("member")[call.params["id"]]
    return {}


@SERVICE.operation("PutClassificationExportConfiguration")
def put_export(call: Call) -> Answer:
    """AWS writes a test object before it says yes, so the bucket must be there."""
    configuration = call.params["configuration"]
    bucket = configuration.get("s3Destination", {}).get("bucketName")
    if bucket not in (None, *s3_backends[call.account]["aws"].buckets):
        raise AwsError("ValidationException", f"Macie cannot write to the bucket {bucket}")
    call.table("export")["configuration"] = configuration
    return {"configuration": configuration}


@SERVICE.operation("GetClassificationExportConfiguration")
def get_export(call: Call) -> Answer:
    return {"configuration": call.table("export").get("configuration", {})}


@SERVICE.operation("CreateCustomDataIdentifier")
def create_identifier(call: Call) -> Answer:
    _session(call, call.account)
    try:
        re.compile(call.params["regex"])
    except re.error as error:
        raise AwsError("ValidationException", f"regex: {error}") from error
    if re.search(r"\(\?<?[=!]|\((?!\?)|\\[1-9]", call.params["regex"]):
        raise AwsError("ValidationException", "regex: Macie has no capturing groups, look-around or back-references")
    made = str(uuid.uuid4())
    call.table("identifier")[made] = {
        "maximumMatchDistance": 50,
        **{name: value for name, value in call.params.items() if name != "clientToken"},
        "id": made,
        "arn": f"arn:aws:macie2:{call.region}:{call.account}:custom-data-identifier/{made}",
        "createdAt": datetime.now(UTC),
        "deleted": False,
    }
    return {"customDataIdentifierId": made}


@SERVICE.operation("GetCustomDataIdentifier", "DeleteCustomDataIdentifier")
def identifier(call: Call) -> Answer:
    found = call.table("identifier").get(call.params["id"])
    if found is None:
        raise _missing(f"custom data identifier {call.params['id']}")
    if call.operation == "DeleteCustomDataIdentifier":
        found["deleted"] = True
        return {}
    return found


@SERVICE.operation("CreateClassificationJob")
def create_job(call: Call) -> Answer:
    _session(call, call.account)
    for needed in call.params.get("customDataIdentifierIds", []):
        if call.table("identifier").get(needed, {"deleted": True})["deleted"]:
            raise _missing(f"custom data identifier {needed}")
    if (call.params["jobType"] == "SCHEDULED") != ("scheduleFrequency" in call.params):
        raise AwsError("ValidationException", "a scheduled job, and no other, has a schedule")
    made = uuid.uuid4().hex
    arn = f"arn:aws:macie2:{call.region}:{call.account}:classification-job/{made}"
    call.table("job")[made] = {
        "samplingPercentage": 100,
        **call.params,
        "jobId": made,
        "jobArn": arn,
        "jobStatus": "RUNNING",
        "createdAt": datetime.now(UTC),
    }
    return {"jobId": made, "jobArn": arn}


def _job(call: Call) -> Record:
    try:
        return call.table("job")[call.params["jobId"]]
    except KeyError:
        raise _missing(f"job {call.params['jobId']}") from None


@SERVICE.operation("DescribeClassificationJob")
def describe_job(call: Call) -> Answer:
    return _job(call)


@SERVICE.operation("UpdateClassificationJob")
def update_job(call: Call) -> Answer:
    """A cancelled job stays so, on AWS for good."""
    if _job(call)["jobStatus"] == "CANCELLED":
        raise AwsError("ConflictException", "the job is cancelled")
    _job(call)["jobStatus"] = call.params["jobStatus"]
    return {}
