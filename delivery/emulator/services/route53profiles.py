"""Route 53 Profiles: kept with their resources and VPCs. No query is answered by them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from moto.ec2.models import ec2_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.ram import is_shared_with
from delivery.emulator.store import Record

SERVICE = Service("route53profiles")
PROFILE, RESOURCE, VPC = "profile", "profile-resource-association", "profile-association"
_TYPES = {"vpc-endpoint": "VPC_ENDPOINT", "hostedzone": "PRIVATE_HOSTED_ZONE", "resolver-rule": "RESOLVER_RULE"}


def _new(call: Call, prefix: str, **values: Any) -> Record:
    now = datetime.now(UTC)
    return {
        "Id": f"{prefix}-{uuid.uuid4().hex[:17]}",
        "OwnerId": call.account,
        "Status": "COMPLETE",
        "CreationTime": now,
        "ModificationTime": now,
        **values,
    }


def _all(call: Call, noun: str) -> dict[str, Record]:
    """Records of every account in the region, as a Profile is used by accounts that do not own it."""
    return call.store.table("*", call.region, call.service, noun)


def _missing(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"there is no {what}")


def _profile(call: Call, *, owned: bool = False) -> Record:
    """The Profile that the call names, if it is the caller's or shared with the caller."""
    id_ = call.params["ProfileId"]
    found = _all(call, PROFILE).get(id_)
    if found is None:
        raise _missing(f"Profile {id_}")
    if found["OwnerId"] != call.account and (owned or not is_shared_with(call.account, found["Arn"])):
        raise AwsError("AccessDeniedException", f"Profile {id_} is not shared with {call.account}")
    return found


def _seen(call: Call, profile: Record) -> Answer:
    mine = profile["OwnerId"] == call.account
    status = "NOT_SHARED" if mine else "SHARED_WITH_ME"
    return {**{name: value for name, value in profile.items() if name != "Tags"}, "ShareStatus": status}


@SERVICE.operation("CreateProfile")
def create_profile(call: Call) -> Answer:
    profile = _new(
        call, "rp", Name=call.params["Name"], ClientToken=call.params["ClientToken"], Tags=_given(call.params)
    )
    profile["Arn"] = f"arn:aws:route53profiles:{call.region}:{call.account}:profile/{profile['Id']}"
    _all(call, PROFILE)[profile["Id"]] = profile
    return {"Profile": _seen(call, profile)}


@SERVICE.operation("GetProfile")
def get_profile(call: Call) -> Answer:
    return {"Profile": _seen(call, _profile(call))}


@SERVICE.operation("DeleteProfile")
def delete_profile(call: Call) -> Answer:
    profile = _profile(call, owned=True)
    for noun in (VPC, RESOURCE):
        if any(each["ProfileId"] == profile["Id"] for each in _all(call, noun).values()):
            raise AwsError("ConflictException", f"Profile {profile['Id']} is in use")
    del _all(call, PROFILE)[profile["Id"]]
    return {"Profile": {**_seen(call, profile), "Status": "DELETED"}}


@SERVICE.operation("AssociateProfile")
def associate_profile(call: Call) -> Answer:
    profile, vpc = _profile(call), call.params["ResourceId"]
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise AwsError("InvalidParameterException", f"there is no VPC {vpc} in {call.account}")
    if any(each["ResourceId"] == vpc for each in _all(call, VPC).values()):
        raise AwsError("ConflictException", f"VPC {vpc} has a Profile already")
    association = _new(call, "rpassoc", Name=call.params["Name"], ProfileId=profile["Id"], ResourceId=vpc)
    arn = f"arn:aws:route53profiles:{call.region}:{call.account}:profile-association/{association['Id']}"
    call.table("tags")[arn] = _given(call.params)
    _all(call, VPC)[association["Id"]] = association
    return {"ProfileAssociation": association}


@SERVICE.operation("AssociateResourceToProfile")
def associate_resource(call: Call) -> Answer:
    profile, arn = _profile(call, owned=True), call.params["ResourceArn"]
    kind = arn.split(":")[5].split("/")[0]
    held = [each for each in _all(call, RESOURCE).values() if each["ProfileId"] == profile["Id"]]
    if any(each["ResourceArn"] == arn for each in held):
        raise AwsError("ConflictException", f"{arn} is in Profile {profile['Id']} already")
    if kind == "vpc-endpoint":
        _endpoint_fits(call, arn)
    if kind == "firewall-rule-group" and "priority" not in call.params.get("ResourceProperties", ""):
        raise AwsError("InvalidParameterException", f"{arn} needs a priority in ResourceProperties")
    association = _new(
        call,
        "rpr",
        Name=call.params["Name"],
        ProfileId=profile["Id"],
        ResourceArn=arn,
        ResourceType=_TYPES.get(kind, kind.upper().replace("-", "_")),
    )
    if "ResourceProperties" in call.params:
        association["ResourceProperties"] = call.params["ResourceProperties"]
    _all(call, RESOURCE)[association["Id"]] = association
    return {"ProfileResourceAssociation": association}


def _endpoint_fits(call: Call, arn: str) -> None:
    """AWS takes interface endpoints with private DNS alone: else there is no name to answer."""
    endpoint = ec2_backends[call.account][call.region].vpc_end_points.get(arn.rsplit("/", 1)[1])
    if endpoint is None:
        raise _missing(f"endpoint {arn}")
    if endpoint.vpc_endpoint_type != "Interface" or not endpoint.private_dns_enabled:
        raise AwsError("InvalidParameterException", f"{arn} is no interface endpoint with private DNS")


@SERVICE.operation("GetProfileAssociation")
def get_profile_association(call: Call) -> Answer:
    return {"ProfileAssociation": _one(call, VPC, "ProfileAssociationId")}


@SERVICE.operation("GetProfileResourceAssociation")
def get_resource_association(call: Call) -> Answer:
    return {"ProfileResourceAssociation": _one(call, RESOURCE, "ProfileResourceAssociationId")}


def _one(call: Call, noun: str, key: str) -> Record:
    try:
        return _all(call, noun)[call.params[key]]
    except KeyError:
        raise _missing(f"association {call.params[key]}") from None


@SERVICE.operation("UpdateProfileResourceAssociation")
def update_resource_association(call: Call) -> Answer:
    association = _one(call, RESOURCE, "ProfileResourceAssociationId")
    association.update({key: call.params[key] for key in ("Name", "ResourceProperties") if key in call.params})
    return {"ProfileResourceAssociation": association}


@SERVICE.operation("DisassociateProfile")
def disassociate_profile(call: Call) -> Answer:
    return {"ProfileAssociation": _taken_out(call, VPC, "ResourceId")}


@SERVICE.operation("DisassociateResourceFromProfile")
def disassociate_resource(call: Call) -> Answer:
    return {"ProfileResourceAssociation": _taken_out(call, RESOURCE, "ResourceArn")}


def _taken_out(call: Call, noun: str, key: str) -> Answer:
    for id_, association in list(_all(call, noun).items()):
        if association["ProfileId"] == call.params["ProfileId"] and association[key] == call.params[key]:
            del _all(call, noun)[id_]
            return {**association, "Status": "DELETING"}
    raise _missing(f"association of {call.params[key]} with {call.params['ProfileId']}")


def _given(params: Record) -> dict[str, str]:
    """Tags of a create operation, which this service takes as a list and gives back as a map."""
    return {tag["Key"]: tag["Value"] for tag in params.get("Tags", [])}


def _tags(call: Call) -> dict[str, str]:
    arn = call.params["ResourceArn"]
    for profile in _all(call, PROFILE).values():
        if profile["Arn"] == arn:
            tags: dict[str, str] = profile["Tags"]
            return tags
    if arn in call.table("tags"):
        return call.table("tags")[arn]
    raise _missing(arn)


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tags(call).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"Tags": _tags(call)}
