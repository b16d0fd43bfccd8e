"""GuardDuty: administrators, settings of the organisation, where findings are exported. Nothing is detected."""

from __future__ import annotations

import uuid
from typing import Any

from moto.guardduty.models import Detector, GuardDutyBackend, guardduty_backends
from moto.s3.models import s3_backends

from delivery.emulator.administrators import Administrators, refuse_with
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("guardduty")
refuse = refuse_with("BadRequestException")
_administrators = Administrators(refuse)


@SERVICE.mend
def one_detector_in_a_region() -> None:
    """A second detector of an account in a region is refused; moto makes it."""
    create = GuardDutyBackend.create_detector

    def create_detector(self: Any, *arguments: Any, **named: Any) -> Any:
        if self.detectors:
            raise AwsError("BadRequestException", "a detector already exists for the current account")
        return create(self, *arguments, **named)

    GuardDutyBackend.create_detector = create_detector


@SERVICE.mend
def features_are_set_one_by_one() -> None:
    """An update names some features and leaves the others as they are; moto forgets the others."""
    update = Detector.update

    def keep_others(
        self: Any, enable: Any, finding_publishing_frequency: Any, data_sources: Any, features: Any
    ) -> None:
        if features is not None:
            changed = {feature["name"]: feature for feature in features}
            features = [feature for feature in self.features if feature["name"] not in changed] + [*changed.values()]
        update(self, enable, finding_publishing_frequency, data_sources, features)

    Detector.update = keep_others


def kept(call: Call) -> Record:
    """What is kept beside the detector that the call names; it must be the caller's."""
    detector = guardduty_backends[call.account][call.region].detectors.get(call.params["DetectorId"])
    if detector is None:
        raise refuse("the request is rejected because the input detectorId is not owned by the current account")
    return call.store.beside(detector)


@SERVICE.operation("EnableOrganizationAdminAccount")
def enable_administrator(call: Call) -> Answer:
    """AWS switches GuardDuty on in the administrator's account where it is off."""
    account = call.params["AdminAccountId"]
    _administrators.enable(call, account)
    backend = guardduty_backends[account][call.region]
    if not backend.detectors:
        backend.create_detector(True, "SIX_HOURS", {}, {}, [])
    return {}


@SERVICE.operation("DisableOrganizationAdminAccount")
def disable_administrator(call: Call) -> Answer:
    _administrators.disable(call, call.params["AdminAccountId"])
    return {}


@SERVICE.operation("ListOrganizationAdminAccounts")
def list_administrators(call: Call) -> Answer:
    found = _administrators.listed(call)
    return {"AdminAccounts": [{"AdminAccountId": account, "AdminStatus": "ENABLED"} for account in found]}


@SERVICE.operation("UpdateOrganizationConfiguration")
def update_organization(call: Call) -> Answer:
    """Features are set one by one."""
    _administrators.require(call)
    settings = kept(call).setdefault("organization", {"Features": {}})
    if {"AutoEnable", "AutoEnableOrganizationMembers"} <= set(call.params):
        raise refuse("give either autoEnable or autoEnableOrganizationMembers")
    if "AutoEnable" in call.params:
        settings["AutoEnableOrganizationMembers"] = "NEW" if call.params["AutoEnable"] else "NONE"
    if "AutoEnableOrganizationMembers" in call.params:
        settings["AutoEnableOrganizationMembers"] = call.params["AutoEnableOrganizationMembers"]
    settings["Features"] |= {feature["Name"]: feature for feature in call.params.get("Features", [])}
    return {}


@SERVICE.operation("DescribeOrganizationConfiguration")
def describe_organization(call: Call) -> Answer:
    _administrators.require(call)
    settings = kept(call).get("organization", {"Features": {}})
    members = settings.get("AutoEnableOrganizationMembers", "NONE")
    return {
        "AutoEnable": members != "NONE",
        "AutoEnableOrganizationMembers": members,
        "MemberAccountLimitReached": False,
        "Features": list(settings["Features"].values()),
    }


@SERVICE.operation("CreatePublishingDestination")
def create_destination(call: Call) -> Answer:
    """AWS writes a test object before it says yes, so the bucket must be there."""
    destinations = kept(call).setdefault("destinations", {})
    if destinations:
        raise refuse("the detector has a publishing destination already")
    properties = call.params["DestinationProperties"]
    bucket = str(properties.get("DestinationArn", "")).rpartition(":::")[2].partition("/")[0]
    if bucket not in s3_backends[call.account]["aws"].buckets or "KmsKeyArn" not in properties:
        raise refuse("GuardDuty needs a bucket that it can write to, and a key")
    made = uuid.uuid4().hex
    destinations[made] = {"DestinationType": call.params["DestinationType"], "DestinationProperties": properties}
    return {"DestinationId": made}


def _destination(call: Call) -> Record:
    destinations: Record = kept(call).get("destinations", {})
    if call.params["DestinationId"] not in destinations:
        raise refuse(f"there is no publishing destination {call.params['DestinationId']}")
    found: Record = destinations[call.params["DestinationId"]]
    return found


@SERVICE.operation("DescribePublishingDestination")
def describe_destination(call: Call) -> Answer:
    return {
        "DestinationId": call.params["DestinationId"],
        "Status": "PUBLISHING",
        "PublishingFailureStartTimestamp": 0,
        **_destination(call),
    }


@SERVICE.operation("UpdatePublishingDestination")
def update_destination(call: Call) -> Answer:
    _destination(call)["DestinationProperties"] |= call.params.get("DestinationProperties", {})
    return {}


@SERVICE.operation("DeletePublishingDestination")
def delete_destination(call: Call) -> Answer:
    _destination(call)
    del kept(call)["destinations"][call.params["DestinationId"]]
    return {}
