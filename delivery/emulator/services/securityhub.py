"""Security Hub: the hub, its administrators, aggregation and central configuration. Nothing is checked."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from moto.securityhub.models import SecurityHubBackend, securityhub_backends

from delivery.emulator.administrators import Administrators, refuse_with
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("securityhub")
_administrators = Administrators(refuse_with("InvalidAccessException"))
_TARGETS = {"AccountId": "ACCOUNT", "OrganizationalUnitId": "ORGANIZATIONAL_UNIT", "RootId": "ROOT"}
_LINKED = ("SPECIFIED_REGIONS", "ALL_REGIONS_EXCEPT_SPECIFIED")


@SERVICE.mend
def a_hub_is_enabled_once() -> None:
    """Who is subscribed already is told so; moto says yes."""
    enable = SecurityHubBackend.enable_security_hub

    def enable_security_hub(self: Any, *arguments: Any, **named: Any) -> Any:
        if self.enabled:
            raise AwsError("ResourceConflictException", "Account is already subscribed to Security Hub")
        return enable(self, *arguments, **named)

    SecurityHubBackend.enable_security_hub = enable_security_hub


@SERVICE.mend
def a_hub_keeps_its_settings() -> None:
    """New controls and the form of findings can be set; moto always tells the same."""
    describe = SecurityHubBackend.describe_hub

    def describe_hub(self: Any, hub_arn: str | None = None) -> Any:
        return describe(self, hub_arn) | getattr(self, "hub_settings", {})

    SecurityHubBackend.describe_hub = describe_hub


def hub(call: Call) -> Any:
    """The caller's hub in moto; refused when Security Hub is off."""
    found = securityhub_backends[call.account][call.region]
    if not found.enabled:
        raise AwsError("InvalidAccessException", f"Account {call.account} is not subscribed to AWS Security Hub")
    return found


@SERVICE.operation("UpdateSecurityHubConfiguration")
def update_hub(call: Call) -> Answer:
    found = hub(call)
    found.hub_settings = getattr(found, "hub_settings", {}) | call.params
    return {}


@SERVICE.operation("EnableOrganizationAdminAccount")
def enable_administrator(call: Call) -> Answer:
    """AWS switches Security Hub on in the administrator's account where it is off."""
    account = call.params["AdminAccountId"]
    _administrators.enable(call, account)
    found = securityhub_backends[account][call.region]
    if not found.enabled:
        found.enable_security_hub(enable_default_standards=False)
    return {}


@SERVICE.operation("DisableOrganizationAdminAccount")
def disable_administrator(call: Call) -> Answer:
    _administrators.disable(call, call.params["AdminAccountId"])
    return {}


@SERVICE.operation("ListOrganizationAdminAccounts")
def list_administrators(call: Call) -> Answer:
    return {"AdminAccounts": [{"AccountId": one, "Status": "ENABLED"} for one in _administrators.listed(call)]}


@SERVICE.operation("CreateFindingAggregator", "UpdateFindingAggregator")
def put_aggregator(call: Call) -> Answer:
    hub(call)
    if (call.params["RegionLinkingMode"] in _LINKED) != bool(call.params.get("Regions")):
        raise AwsError("InvalidInputException", f"Regions go with {' and '.join(_LINKED)} and with nothing else")
    aggregators = call.table("aggregator")
    if call.operation == "UpdateFindingAggregator":
        arn = _aggregator(call)["FindingAggregatorArn"]
    elif aggregators:
        raise AwsError("LimitExceededException", "the account has a finding aggregator already")
    else:
        arn = f"arn:aws:securityhub:{call.region}:{call.account}:finding-aggregator/{uuid.uuid4()}"
    aggregators[arn] = {**call.params, "FindingAggregatorArn": arn, "FindingAggregationRegion": call.region}
    return aggregators[arn]


def _aggregator(call: Call) -> Record:
    arn = call.params["FindingAggregatorArn"]
    if arn not in call.table("aggregator"):
        raise AwsError("ResourceNotFoundException", f"there is no finding aggregator {arn}")
    return call.table("aggregator")[arn]


@SERVICE.operation("GetFindingAggregator")
def get_aggregator(call: Call) -> Answer:
    return _aggregator(call)


@SERVICE.operation("ListFindingAggregators")
def list_aggregators(call: Call) -> Answer:
    return {"FindingAggregators": [{"FindingAggregatorArn": arn} for arn in call.table("aggregator")]}


@SERVICE.operation("DeleteFindingAggregator")
def delete_aggregator(call: Call) -> Answer:
    if _central(call):
        raise AwsError("InvalidAccessException", "central configuration needs the finding aggregator")
    del call.table("aggregator")[_aggregator(call)["FindingAggregatorArn"]]
    return {}


def _organization(call: Call) -> Record:
    return call.table("organization").setdefault(
        "settings",
        {
            "AutoEnable": False,
            "AutoEnableStandards": "DEFAULT",
            "OrganizationConfiguration": {"ConfigurationType": "LOCAL", "Status": "ENABLED"},
        },
    )


def _central(call: Call) -> bool:
    return bool(_organization(call)["OrganizationConfiguration"]["ConfigurationType"] == "CENTRAL")


@SERVICE.operation("DescribeOrganizationConfiguration")
def describe_organization(call: Call) -> Answer:
    _administrators.require(call)
    return {**_organization(call), "MemberAccountLimitReached": False}


@SERVICE.operation("UpdateOrganizationConfiguration")
def update_organization(call: Call) -> Answer:
    """Central configuration needs an aggregator here and leaves nothing to switches; the way back, no policy."""
    _administrators.require(call)
    wanted = call.params.get("OrganizationConfiguration", {}).get("ConfigurationType")
    if wanted == "CENTRAL":
        if not call.table("aggregator"):
            raise AwsError("InvalidAccessException", "central configuration needs a finding aggregator in this region")
        if call.params["AutoEnable"] or call.params.get("AutoEnableStandards") != "NONE":
            raise AwsError("InvalidInputException", "with central configuration AutoEnable is false and standards NONE")
    if wanted == "LOCAL" and call.table("policy"):
        raise AwsError("ResourceConflictException", "configuration policies must be deleted first")
    kept = _organization(call)
    kept["AutoEnable"] = call.params["AutoEnable"]
    kept["AutoEnableStandards"] = call.params.get("AutoEnableStandards", kept["AutoEnableStandards"])
    if wanted is not None:
        kept["OrganizationConfiguration"] = {"ConfigurationType": wanted, "Status": "ENABLED"}
    return {}


def _require_central(call: Call) -> None:
    _administrators.require(call)
    if not _central(call):
        raise AwsError("InvalidAccessException", "the organisation has no central configuration in this region")


def _judged(policy: Record) -> Record:
    settings = policy.get("SecurityHub", {})
    controls = settings.get("SecurityControlsConfiguration", {})
    lists = {"EnabledSecurityControlIdentifiers", "DisabledSecurityControlIdentifiers"} & set(controls)
    if settings.get("ServiceEnabled") and ("EnabledStandardIdentifiers" not in settings or len(lists) != 1):
        raise AwsError(
            "InvalidInputException", "an enabled policy names standards, and enabled controls or disabled ones"
        )
    return policy


@SERVICE.operation("CreateConfigurationPolicy")
def create_policy(call: Call) -> Answer:
    _require_central(call)
    if any(policy["Name"] == call.params["Name"] for policy in call.table("policy").values()):
        raise AwsError("ResourceConflictException", f"a policy {call.params['Name']} exists already")
    made, now = str(uuid.uuid4()), datetime.now(UTC)
    call.table("policy")[made] = {
        "Id": made,
        "Arn": f"arn:aws:securityhub:{call.region}:{call.account}:configuration-policy/{made}",
        "Name": call.params["Name"],
        **({"Description": call.params["Description"]} if "Description" in call.params else {}),
        "ConfigurationPolicy": _judged(call.params["ConfigurationPolicy"]),
        "CreatedAt": now,
        "UpdatedAt": now,
    }
    return call.table("policy")[made]


def _policy(call: Call, name: str = "Identifier") -> Record:
    wanted = str(call.params[name]).rpartition("/")[2]
    if wanted not in call.table("policy"):
        raise AwsError("ResourceNotFoundException", f"there is no configuration policy {wanted}")
    return call.table("policy")[wanted]


@SERVICE.operation("GetConfigurationPolicy")
def get_policy(call: Call) -> Answer:
    _require_central(call)
    return _policy(call)


@SERVICE.operation("UpdateConfigurationPolicy")
def update_policy(call: Call) -> Answer:
    policy = _policy(call)
    if "ConfigurationPolicy" in call.params:
        _judged(call.params["ConfigurationPolicy"])
    for name in ("Name", "Description", "ConfigurationPolicy"):
        if name in call.params:
            policy[name] = call.params[name]
    policy["UpdatedAt"] = datetime.now(UTC)
    return policy


@SERVICE.operation("DeleteConfigurationPolicy")
def delete_policy(call: Call) -> Answer:
    policy = _policy(call)
    if any(one["ConfigurationPolicyId"] == policy["Id"] for one in call.table("association").values()):
        raise AwsError("ResourceConflictException", "the policy is associated")
    del call.table("policy")[policy["Id"]]
    return {}


def _target(call: Call) -> tuple[str, str]:
    given = call.params["Target"]
    if len(given) != 1:
        raise AwsError("InvalidInputException", "a target is an account, a unit or the root")
    ((name, target),) = given.items()
    return target, _TARGETS[name]


@SERVICE.operation("StartConfigurationPolicyAssociation")
def associate(call: Call) -> Answer:
    _require_central(call)
    target, kind = _target(call)
    call.table("association")[target] = {
        "ConfigurationPolicyId": _policy(call, "ConfigurationPolicyIdentifier")["Id"],
        "TargetId": target,
        "TargetType": kind,
        "AssociationType": "APPLIED",
        "AssociationStatus": "SUCCESS",
        "UpdatedAt": datetime.now(UTC),
    }
    return call.table("association")[target]


@SERVICE.operation("GetConfigurationPolicyAssociation", "StartConfigurationPolicyDisassociation")
def association(call: Call) -> Answer:
    target, _ = _target(call)
    if target not in call.table("association"):
        raise AwsError("ResourceNotFoundException", f"{target} has no policy of its own")
    if call.operation == "StartConfigurationPolicyDisassociation":
        del call.table("association")[target]
        return {}
    return call.table("association")[target]
