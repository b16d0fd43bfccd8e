"""Inspector: administrators, members, and what is scanned for whom. Nothing is scanned."""

from __future__ import annotations

from moto.core.utils import get_service_model
from moto.inspector2.models import inspector2_backends

from delivery.emulator.administrators import Administrators, refuse_with
from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service

SERVICE = Service("inspector2")
_administrators = Administrators(refuse_with("AccessDeniedException"))
_KINDS = {"ec2": "EC2", "ecr": "ECR", "lambda": "LAMBDA", "lambdaCode": "LAMBDA_CODE"}


@SERVICE.mend
def all_kinds_of_scans_at_once() -> None:
    """AWS switches on four kinds in one call (aws-samples/inspector2-enablement-with-cli does); botocore says three."""
    for shape in ("EnableResourceTypeList", "DisableResourceTypeList"):
        get_service_model("inspector2").shape_for(shape)._shape_model["max"] = len(_KINDS)


@SERVICE.operation("EnableDelegatedAdminAccount")
def enable_administrator(call: Call) -> Answer:
    account = call.params["delegatedAdminAccountId"]
    _administrators.enable(call, account)
    return {"delegatedAdminAccountId": account}


@SERVICE.operation("DisableDelegatedAdminAccount")
def disable_administrator(call: Call) -> Answer:
    account = call.params["delegatedAdminAccountId"]
    _administrators.disable(call, account)
    return {"delegatedAdminAccountId": account}


@SERVICE.operation("ListDelegatedAdminAccounts")
def list_administrators(call: Call) -> Answer:
    found = _administrators.listed(call)
    return {"delegatedAdminAccounts": [{"accountId": account, "status": "ENABLED"} for account in found]}


@SERVICE.operation("UpdateOrganizationConfiguration", "DescribeOrganizationConfiguration")
def organization(call: Call) -> Answer:
    """moto answers, to the administrator alone."""
    _administrators.require(call)
    raise PassToMoto


@SERVICE.operation("AssociateMember")
def associate(call: Call) -> Answer:
    """moto answers, for accounts of the organisation alone."""
    _administrators.member(call, call.params["accountId"])
    raise PassToMoto


@SERVICE.operation("GetMember")
def get_member(call: Call) -> Answer:
    if call.params["accountId"] not in inspector2_backends[call.account][call.region].members:
        raise AwsError("ResourceNotFoundException", f"{call.params['accountId']} is no member")
    raise PassToMoto


@SERVICE.operation("DisassociateMember")
def disassociate(call: Call) -> Answer:
    """Who was let go is no member any more; moto keeps it as disabled."""
    members = inspector2_backends[call.account][call.region].members
    if call.params["accountId"] not in members:
        raise AwsError("ValidationException", f"{call.params['accountId']} is no member")
    del members[call.params["accountId"]]
    return {"accountId": call.params["accountId"]}


@SERVICE.operation("Enable", "Disable")
def toggle(call: Call) -> Answer:
    """An account scans itself; its administrator may have its members scanned."""
    members = inspector2_backends[call.account][call.region].members
    for account in call.params.get("accountIds", []):
        if account != call.account and account not in members:
            raise AwsError("AccessDeniedException", f"{account} is neither this account nor a member of it")
    raise PassToMoto


@SERVICE.operation("BatchGetAccountStatus")
def account_status(call: Call) -> Answer:
    """Every account that is asked for has a status; one that nobody switched on is off."""
    known = inspector2_backends[call.account][call.region].account_status
    accounts = []
    for account in call.params.get("accountIds", [call.account]):
        status = known[account].to_batch_json() if account in known else None
        kinds = {kind: status["resourceState"][kind]["status"] if status else "DISABLED" for kind in _KINDS}
        accounts.append(
            {
                "accountId": account,
                "resourceState": {kind: _state(value) for kind, value in kinds.items()},
                "state": _state("ENABLED" if "ENABLED" in kinds.values() else "DISABLED"),
            }
        )
    return {"accounts": accounts, "failedAccounts": []}


def _state(status: str) -> Answer:
    return {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": "-"}
