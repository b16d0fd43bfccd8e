"""AWS Config: organisation rules and conformance packs, and how a recorder records. Nothing is recorded or judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.config.models import ConfigBackend, config_backends
from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("config")
_MULTI_ACCOUNT = "config-multiaccountsetup.amazonaws.com"
_KINDS = ("OrganizationManagedRuleMetadata", "OrganizationCustomRuleMetadata", "OrganizationCustomPolicyRuleMetadata")
_IN_PACKS = ("AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration")
_SHOWN = {
    "ConfigRule": (*_KINDS, "ExcludedAccounts"),
    "ConformancePack": (
        "DeliveryS3Bucket",
        "DeliveryS3KeyPrefix",
        "ConformancePackInputParameters",
        "ExcludedAccounts",
    ),
}


@SERVICE.mend
def recorders_keep_their_mode() -> None:
    """How often a recorder records is given back as it was set; moto forgets it."""
    put, describe = ConfigBackend.put_configuration_recorder, ConfigBackend.describe_configuration_recorders

    def put_configuration_recorder(self: Any, config_recorder: Record) -> None:
        put(self, config_recorder)
        mode = config_recorder.get("recordingMode", {"recordingFrequency": "CONTINUOUS"})
        self.recorders[config_recorder["name"]].recording_mode = mode

    def describe_configuration_recorders(self: Any, recorder_names: list[str] | None) -> list[Record]:
        found: list[Record] = describe(self, recorder_names)
        return [recorder | {"recordingMode": self.recorders[recorder["name"]].recording_mode} for recorder in found]

    ConfigBackend.put_configuration_recorder = put_configuration_recorder
    ConfigBackend.describe_configuration_recorders = describe_configuration_recorders


def _members(call: Call) -> list[str]:
    """The active accounts of the caller's organisation, which the caller administers for AWS Config."""
    master, _ = organizations_backends.master_accounts.get(call.account, (call.account, "aws"))
    backend = organizations_backends[master]["aws"]
    if backend.org is None:
        raise AwsError("NoAvailableOrganizationException", f"account {call.account} is in no organisation")
    delegated = {admin.account.id for admin in backend.admins if _MULTI_ACCOUNT in admin.services}
    if call.account not in {master, *delegated}:
        raise AwsError(
            "OrganizationAccessDeniedException", f"account {call.account} does not administer {_MULTI_ACCOUNT}"
        )
    return sorted(account.id for account in backend.accounts if account.status == "ACTIVE")


def _deployed_to(call: Call, excluded: list[str]) -> list[str]:
    """The accounts that get the rule or pack. As with AWS, each of them must have a recorder in the region."""
    accounts = [account for account in _members(call) if account not in excluded]
    silent = [account for account in accounts if not config_backends[account][call.region].recorders]
    if silent:
        raise AwsError(
            "ValidationException", f"no configuration recorder in {call.region}, account {', '.join(silent)}"
        )
    return accounts


def _kept(call: Call, noun: str, name: str) -> Record:
    try:
        return call.table(noun)[name]
    except KeyError:
        raise AwsError(f"NoSuchOrganization{noun}Exception", f"there is no {noun} {name}") from None


def _keep(call: Call, noun: str, name: str, body: Mapping[str, Any]) -> Answer:
    """Create or replace; the ARN stays."""
    before = call.table(noun).get(name)
    kind = {"ConfigRule": "organization-config-rule", "ConformancePack": "organization-conformance-pack"}[noun]
    arn = f"arn:aws:config:{call.region}:{call.account}:{kind}/{name}-{uuid4().hex[:8]}"
    arn_key, name_key = f"Organization{noun}Arn", f"Organization{noun}Name"
    call.table(noun)[name] = {
        **body,
        name_key: name,
        arn_key: before[arn_key] if before else arn,
        "LastUpdateTime": datetime.now(UTC),
        "status": "UPDATE_SUCCESSFUL" if before else "CREATE_SUCCESSFUL",
        "accounts": _deployed_to(call, body.get("ExcludedAccounts", [])),
    }
    return {arn_key: call.table(noun)[name][arn_key]}


@SERVICE.operation("PutOrganizationConfigRule")
def put_rule(call: Call) -> Answer:
    kinds = [kind for kind in _KINDS if kind in call.params]
    if len(kinds) != 1:
        raise AwsError("InvalidParameterValueException", f"a rule has exactly one of {', '.join(_KINDS)}")
    metadata = call.params[kinds[0]]
    for key, limit in (("Description", 256), ("InputParameters", 2048), ("PolicyText", 10_000)):
        if len(metadata.get(key, "")) > limit:
            raise AwsError("ValidationException", f"{key} has more than {limit} characters")
    if "InputParameters" in metadata and not isinstance(_parsed(metadata["InputParameters"]), dict):
        raise AwsError("InvalidParameterValueException", "InputParameters is not an object in JSON")
    body = {kinds[0]: metadata, "ExcludedAccounts": call.params.get("ExcludedAccounts", [])}
    return _keep(call, "ConfigRule", call.params["OrganizationConfigRuleName"], body)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


@SERVICE.operation("PutOrganizationConformancePack")
def put_pack(call: Call) -> Answer:
    name = call.params["OrganizationConformancePackName"]
    if "TemplateBody" not in call.params:
        raise AwsError("ValidationException", "the emulator takes a template as TemplateBody only")
    _judge(call.params["TemplateBody"], call.params.get("ConformancePackInputParameters", []))
    body = {key: value for key, value in call.params.items() if key != "OrganizationConformancePackName"}
    return _keep(call, "ConformancePack", name, body)


def _judge(body: str, inputs: list[Record]) -> None:
    """What AWS says of a template before it deploys it."""

    def refuse(message: str) -> AwsError:
        return AwsError("OrganizationConformancePackTemplateValidationException", message)

    template = _parsed(body)
    if not isinstance(template, dict) or not template.get("Resources"):
        raise refuse("the template is not an object in JSON with Resources (the emulator reads no YAML)")
    names: set[str] = set()
    for logical, resource in template["Resources"].items():
        if resource.get("Type") not in _IN_PACKS:
            raise refuse(f"{logical}: a conformance pack holds no {resource.get('Type')}")
        properties = resource.get("Properties", {})
        if resource["Type"] == _IN_PACKS[0]:
            names.add(properties["ConfigRuleName"])
        elif properties.get("ConfigRuleName") not in names:
            raise refuse(f"{logical}: remediates a rule that stands nowhere before it")
    declared, given = set(template.get("Parameters", {})), {one["ParameterName"] for one in inputs}
    needed = {name for name, parameter in template.get("Parameters", {}).items() if "Default" not in parameter}
    if not needed <= given <= declared:
        raise refuse(f"parameters {sorted(needed - given)} have no value, {sorted(given - declared)} no declaration")


@SERVICE.operation("DescribeOrganizationConfigRules", "DescribeOrganizationConformancePacks")
def describe(call: Call) -> Answer:
    noun = "ConfigRule" if "ConfigRule" in call.operation else "ConformancePack"
    always = (f"Organization{noun}Name", f"Organization{noun}Arn", "LastUpdateTime")
    return {
        f"Organization{noun}s": [
            {
                key: {name: value for name, value in one[key].items() if name != "PolicyText"}
                if key == _KINDS[2]
                else one[key]
                for key in (*always, *_SHOWN[noun])
                if key in one
            }
            for one in _asked(call, noun)
        ]
    }


def _asked(call: Call, noun: str) -> list[Record]:
    _members(call)
    names = call.params.get(f"Organization{noun}Names")
    return [_kept(call, noun, name) for name in names] if names else list(call.table(noun).values())


@SERVICE.operation("GetOrganizationCustomRulePolicy")
def rule_policy(call: Call) -> Answer:
    rule = _kept(call, "ConfigRule", call.params["OrganizationConfigRuleName"])
    return {"PolicyText": rule[_KINDS[2]]["PolicyText"]} if _KINDS[2] in rule else {}


@SERVICE.operation("DescribeOrganizationConfigRuleStatuses", "DescribeOrganizationConformancePackStatuses")
def statuses(call: Call) -> Answer:
    noun = "ConfigRule" if "ConfigRule" in call.operation else "ConformancePack"
    status = "OrganizationRuleStatus" if noun == "ConfigRule" else "Status"
    name = f"Organization{noun}Name"
    return {
        f"Organization{noun}Statuses": [
            {name: one[name], status: one["status"], "LastUpdateTime": one["LastUpdateTime"]}
            for one in _asked(call, noun)
        ]
    }


@SERVICE.operation("GetOrganizationConfigRuleDetailedStatus")
def rule_in_accounts(call: Call) -> Answer:
    rule = _kept(call, "ConfigRule", call.params["OrganizationConfigRuleName"])
    suffix = rule["OrganizationConfigRuleArn"].rpartition("/")[2]
    return {
        "OrganizationConfigRuleDetailedStatus": [
            {
                "AccountId": account,
                "ConfigRuleName": f"OrgConfigRule-{suffix}"[:64],
                "MemberAccountRuleStatus": rule["status"],
                "LastUpdateTime": rule["LastUpdateTime"],
            }
            for account in rule["accounts"]
        ]
    }


@SERVICE.operation("GetOrganizationConformancePackDetailedStatus")
def pack_in_accounts(call: Call) -> Answer:
    pack = _kept(call, "ConformancePack", call.params["OrganizationConformancePackName"])
    suffix = pack["OrganizationConformancePackArn"].rpartition("/")[2]
    return {
        "OrganizationConformancePackDetailedStatuses": [
            {
                "AccountId": account,
                "ConformancePackName": f"OrgConformsPack-{suffix}",
                "Status": pack["status"],
                "LastUpdateTime": pack["LastUpdateTime"],
            }
            for account in pack["accounts"]
        ]
    }


@SERVICE.operation("DeleteOrganizationConfigRule", "DeleteOrganizationConformancePack")
def delete(call: Call) -> Answer:
    _members(call)
    noun = call.operation.removeprefix("DeleteOrganization")
    name = call.params[f"Organization{noun}Name"]
    _kept(call, noun, name)
    del call.table(noun)[name]
    return {}
