"""SageMaker Studio: domains with their file systems, user profiles and spaces. Echo only, nobody signs in."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from typing import Any

from moto.core.utils import get_service_model
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_images import APP_IMAGE_CONFIG, IMAGE, LIFECYCLE_CONFIG
from delivery.emulator.services.sagemaker_resources import Kind, offer
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")


@SERVICE.mend
def tell_the_id_of_a_domain() -> None:
    """CreateDomain answers with the id, too, by which Terraform goes on; botocore's model is older than that."""
    shapes = get_service_model("sagemaker")._service_description["shapes"]
    shapes["CreateDomainResponse"]["members"]["DomainId"] = {"shape": "DomainId"}


def _new_domain(call: Call) -> Record:
    """The domain's home directories lie in a file system of the account's, which SageMaker makes."""
    given = call.params
    domain_id = "d-" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    key = given.get("KmsKeyId") or given.get("HomeEfsFileSystemKmsKeyId")
    application = f"application/ssoins-0000000000000000/apl-{domain_id[2:]}"
    directory = {
        "SingleSignOnApplicationArn": f"arn:aws:sso::{call.account}:{application}",
        "SingleSignOnManagedApplicationInstanceId": f"ins-{domain_id[2:]}",
    }
    return {
        "AppNetworkAccessType": given.get("AppNetworkAccessType", "PublicInternetOnly"),
        "TagPropagation": given.get("TagPropagation", "DISABLED"),
        "DomainId": domain_id,
        "KmsKeyId": key,
        "HomeEfsFileSystemKmsKeyId": key,
        "Status": "InService",
        "Url": f"https://{domain_id}.studio.{call.region}.sagemaker.aws",
        **(directory if given["AuthMode"] == "SSO" else {}),
    }


def _domain_change(call: Call) -> Record:
    change = {name: value for name, value in call.params.items() if name != "DomainSettingsForUpdate"}
    if "DomainSettingsForUpdate" in call.params:
        change["DomainSettings"] = call.params["DomainSettingsForUpdate"]
    return change


def _make_home(call: Call, record: Record) -> None:
    home = efs_backends[call.account][call.region].create_file_system(
        creation_token=record["DomainId"],
        performance_mode="generalPurpose",
        encrypted=True,
        kms_key_id=record["KmsKeyId"],
        throughput_mode="bursting",
        provisioned_throughput_in_mibps=0,
        availability_zone_name="",
        backup=False,
        tags=[{"Key": "ManagedByAmazonSageMakerResource", "Value": record["DomainArn"]}],
    )
    record["HomeEfsFileSystemId"] = home.file_system_id


def _check_domain(call: Call, record: Record) -> None:
    ec2 = ec2_backends[call.account][call.region]
    if record["VpcId"] not in ec2.vpcs:
        raise refuse(f"there is no VPC {record['VpcId']}")
    subnets = {subnet.id: subnet.vpc_id for zone in ec2.subnets.values() for subnet in zone.values()}
    for subnet in record["SubnetIds"]:
        if subnets.get(subnet) != record["VpcId"]:
            raise refuse(f"{subnet} is no subnet of {record['VpcId']}")
    for settings in ("DefaultUserSettings", "DefaultSpaceSettings", "DomainSettings"):
        _check_settings(call, record.get(settings, {}))


def _leave_domain(call: Call, record: Record) -> None:
    """AWS deletes no domain that has users or spaces; the home directories stay unless told otherwise."""
    for kind in (USER_PROFILE, SPACE):
        if any(each["DomainId"] == record["DomainId"] for each in kind.kept(call).values()):
            raise AwsError("ResourceInUse", f"domain {record['DomainId']} still has a {kind.noun}")
    if call.params.get("RetentionPolicy", {}).get("HomeEfsFileSystem", "Retain") == "Delete":
        efs_backends[call.account][call.region].delete_file_system(record["HomeEfsFileSystemId"])


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every member of nested settings with its name."""
    if isinstance(value, list):
        for each in value:
            yield from _walk(each)
    if isinstance(value, dict):
        for name, each in value.items():
            yield name, each
            yield from _walk(each)


def _check_settings(call: Call, settings: Record) -> None:
    """Roles, groups, images and lifecycle configurations that settings name are there."""
    groups = ec2_backends[call.account][call.region].groups
    known = {group for by_vpc in groups.values() for group in by_vpc}
    for name, value in _walk(settings):
        if name in ("ExecutionRole", "ExecutionRoleArn"):
            require_role(value, of=call.account)
        elif name in ("SecurityGroups", "SecurityGroupIds"):
            if wrong := sorted(set(value) - known):
                raise refuse(f"there is no security group {', '.join(wrong)}")
        elif name == "ImageName":
            IMAGE.find(call, {"ImageName": value})
        elif name == "AppImageConfigName":
            APP_IMAGE_CONFIG.find(call, {"AppImageConfigName": value})
        elif name in ("LifecycleConfigArn", "LifecycleConfigArns"):
            for arn in value if isinstance(value, list) else [value]:
                LIFECYCLE_CONFIG.find(call, {"StudioLifecycleConfigName": arn.rpartition("/")[2]})


def _check_profile(call: Call, record: Record) -> None:
    domain = DOMAIN.find(call, record)
    named = "SingleSignOnUserValue" in record and record.get("SingleSignOnUserIdentifier") == "UserName"
    if (domain["AuthMode"] == "SSO") != named:
        raise refuse("a user profile names a user of Identity Center if, and only if, its domain works with it")
    _check_settings(call, record.get("UserSettings", {}))


def _summary(call: Call) -> Record:
    """What a list says of a space's settings, as far as they are given."""
    given = call.params.get("SpaceSettings", {})
    shown = {name: given[name] for name in ("AppType", "SpaceStorageSettings") if name in given}
    return {"SpaceSettingsSummary": shown} if shown else {}


def _leave_profile(call: Call, record: Record) -> None:
    for space in SPACE.kept(call).values():
        owner = space.get("OwnershipSettings", {}).get("OwnerUserProfileName")
        if (space["DomainId"], owner) == (record["DomainId"], record["UserProfileName"]):
            raise AwsError("ResourceInUse", f"{owner} owns the space {space['SpaceName']}")


def _check_space(call: Call, record: Record) -> None:
    DOMAIN.find(call, record)
    if ("OwnershipSettings" in record) != ("SpaceSharingSettings" in record):
        raise refuse("a space has both an owner and a sharing type, or neither")
    if "OwnershipSettings" in record:
        owner = record["OwnershipSettings"]["OwnerUserProfileName"]
        USER_PROFILE.find(call, {"DomainId": record["DomainId"], "UserProfileName": owner})
    _check_settings(call, record.get("SpaceSettings", {}))


DOMAIN = offer(
    SERVICE,
    Kind(
        "Domain",
        "domain",
        ("DomainId",),
        assigned=_new_domain,
        change=_domain_change,
        check=_check_domain,
        enter=_make_home,
        leave=_leave_domain,
    ),
)
USER_PROFILE = offer(
    SERVICE,
    Kind(
        "UserProfile",
        "user-profile",
        ("DomainId", "UserProfileName"),
        assigned=lambda call: {"Status": "InService", "HomeEfsFileSystemUid": "200001"},
        check=_check_profile,
        leave=_leave_profile,
    ),
)
SPACE = offer(
    SERVICE,
    Kind(
        "Space",
        "space",
        ("DomainId", "SpaceName"),
        change=lambda call: {**call.params, **_summary(call)},
        assigned=lambda call: {
            **_summary(call),
            "OwnershipSettingsSummary": call.params.get("OwnershipSettings"),
            "SpaceSharingSettingsSummary": call.params.get("SpaceSharingSettings"),
            "Status": "InService",
            "HomeEfsFileSystemUid": "200001",
            "Url": f"https://{call.params['DomainId']}.studio.{call.region}.sagemaker.aws",
        },
        check=_check_space,
    ),
)


@SERVICE.operation("ListApps")
def list_apps(call: Call) -> Answer:
    """None: no app starts here."""
    return {"Apps": []}
