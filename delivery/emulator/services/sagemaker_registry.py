"""SageMaker's model registry: groups with their policies, versions with their approval, and what events say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from moto.events.models import events_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.ram import is_shared_with, shared_with
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_resources import Kind, offer, selected, shown, summaries
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")
_READS = ("Describe*", "List*")


def _user(call: Call) -> Record:
    """Who made or changed something; one of Studio's users is known here as the role of the profile alone."""
    principal, arn = call.caller
    return {"IamIdentity": {"Arn": arn, "PrincipalId": principal}}


def _leave_group(call: Call, record: Record) -> None:
    if _versions(call, record):
        raise AwsError("ConflictException", f"{record['ModelPackageGroupArn']} still has versions")


GROUP = offer(
    SERVICE,
    Kind(
        "ModelPackageGroup",
        "model-package-group",
        ("ModelPackageGroupName",),
        missing="ValidationException",
        assigned=lambda call: {
            "CreatedBy": _user(call),
            "ModelPackageGroupStatus": "Completed",
            "LastVersion": 0,
        },
        leave=_leave_group,
    ),
    verbs=("Create", "Delete"),
)


def _table(call: Call, noun: str, arn: str) -> dict[str, Record]:
    """The records of the account and region that the ARN is of."""
    _, _, _, region, account, _ = arn.split(":", 5)
    return call.store.table(account, region, SERVICE.name, noun)


def _versions(call: Call, group: Record) -> list[Record]:
    kept = _table(call, "ModelPackage", group["ModelPackageGroupArn"]).values()
    return [each for each in kept if each.get("ModelPackageGroupName") == group["ModelPackageGroupName"]]


def _admits(policy: str, account: str, action: str) -> bool:
    """Whether a statement allows somebody of the account the action. Conditions are not judged."""
    for statement in json.loads(policy)["Statement"]:
        actions, principal = statement["Action"], statement["Principal"]
        named = principal["AWS"] if isinstance(principal, dict) else principal
        by_name = any(each in ("*", account) or f"::{account}:" in each for each in _as_list(named))
        if statement["Effect"] == "Allow" and by_name and any(fnmatchcase(action, each) for each in _as_list(actions)):
            return True
    return False


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _reach(call: Call, group: Record) -> Record:
    """The group, if it is the caller's or its policy admits the caller; what is shared can be read."""
    arn = group["ModelPackageGroupArn"]
    if f":{call.account}:" in arn:
        return group
    reads = any(fnmatchcase(call.operation, each) for each in _READS)
    if reads and is_shared_with(call.account, arn):
        return group
    if "ResourcePolicy" in group and _admits(group["ResourcePolicy"], call.account, f"sagemaker:{call.operation}"):
        return group
    raise AwsError("AccessDeniedException", f"{arn} lets {call.account} do no sagemaker:{call.operation}")


def _group(call: Call) -> Record:
    """The group of a request, by name or ARN."""
    wanted = call.params["ModelPackageGroupName"]
    if not wanted.startswith("arn:"):
        return GROUP.find(call, call.params)
    found = _table(call, GROUP.noun, wanted).get(wanted)
    if found is None:
        raise refuse(f"ModelPackageGroup {wanted} does not exist.")
    return _reach(call, found)


def package(call: Call, wanted: str) -> Record:
    """A version by its ARN, or an unversioned package of the caller's by name or ARN."""
    found = kept_package(call, wanted)
    arn = found["ModelPackageArn"]
    if "ModelPackageGroupName" in found:
        group = arn.replace(":model-package/", ":model-package-group/").rpartition("/")[0]
        _reach(call, _table(call, GROUP.noun, group)[group])
    elif f":{call.account}:" not in arn:
        raise AwsError("AccessDeniedException", f"{arn} is not of {call.account}")
    return found


def kept_package(call: Call, wanted: str) -> Record:
    """A version as SageMaker itself sees it, whoever asks."""
    arn = wanted if wanted.startswith("arn:") else _package_arn(call, wanted)
    found = _table(call, "ModelPackage", arn).get(arn)
    if found is None:
        raise refuse(f"ModelPackage {arn} does not exist.")
    return found


def _package_arn(call: Call, name: str) -> str:
    return f"arn:aws:sagemaker:{call.region}:{call.account}:model-package/{name}"


@SERVICE.operation("DescribeModelPackageGroup")
def describe_group(call: Call) -> Answer:
    return shown(call, _group(call))


@SERVICE.operation("ListModelPackageGroups")
def list_groups(call: Call) -> Answer:
    """The caller's own, or with CrossAccount those that others share with the caller."""
    if call.params.get("CrossAccountFilterOption", "SameAccount") == "SameAccount":
        found = list(GROUP.kept(call).values())
    else:
        shared = [arn for arn in shared_with(call.account, call.region) if f":{GROUP.path}/" in arn]
        found = [_table(call, GROUP.noun, arn)[arn] for arn in shared if arn in _table(call, GROUP.noun, arn)]
    return summaries(call, selected(call, found, "ModelPackageGroupName", within=("CrossAccountFilterOption",)))


@SERVICE.operation("PutModelPackageGroupPolicy")
def put_policy(call: Call) -> Answer:
    group = GROUP.find(call, call.params)
    try:
        statements = json.loads(call.params["ResourcePolicy"])["Statement"]
    except (ValueError, KeyError, TypeError):
        raise refuse("a resource policy is JSON with statements") from None
    if any({"Effect", "Principal", "Action"} - set(each) for each in statements):
        raise refuse("each statement has an effect, principals and actions")
    group["ResourcePolicy"] = call.params["ResourcePolicy"]
    return {"ModelPackageGroupArn": group["ModelPackageGroupArn"]}


@SERVICE.operation("GetModelPackageGroupPolicy", "DeleteModelPackageGroupPolicy")
def get_or_delete_policy(call: Call) -> Answer:
    group = GROUP.find(call, call.params)
    if "ResourcePolicy" not in group:
        raise refuse(f"Cannot find resource policy for {group['ModelPackageGroupArn']}")
    if call.operation.startswith("Get"):
        return {"ResourcePolicy": group["ResourcePolicy"]}
    del group["ResourcePolicy"]
    return {}


@SERVICE.operation("CreateModelPackage")
def create_package(call: Call) -> Answer:
    """A version of a group, which may be another account's, or a package of its own. Numbers are given once."""
    given = {name: value for name, value in call.params.items() if name not in ("ClientToken", "Tags")}
    if ("ModelPackageGroupName" in given) == ("ModelPackageName" in given):
        raise refuse("a model package has a name, or is a version of a group")
    now = datetime.now(UTC)
    if "ModelPackageGroupName" in given:
        group = _group(call)
        group["LastVersion"] += 1
        name, number = group["ModelPackageGroupName"], group["LastVersion"]
        arn = group["ModelPackageGroupArn"].replace(":model-package-group/", ":model-package/") + f"/{number}"
        given.update(ModelPackageGroupName=name, ModelPackageName=name, ModelPackageVersion=number)
        given.setdefault("ModelApprovalStatus", "PendingManualApproval")
    else:
        arn = _package_arn(call, given["ModelPackageName"])
        if arn in call.table("ModelPackage"):
            raise AwsError("ConflictException", f"{arn} already exists")
    package = {
        **given,
        "ModelPackageArn": arn,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CreationTime": now,
        "LastModifiedTime": now,
        "CreatedBy": _user(call),
        "Tags": {each["Key"]: each["Value"] for each in call.params.get("Tags", [])},
    }
    _table(call, "ModelPackage", arn)[arn] = package
    _tell(package, [])
    return {"ModelPackageArn": arn}


@SERVICE.operation("DescribeModelPackage")
def describe_package(call: Call) -> Answer:
    return shown(call, package(call, call.params["ModelPackageName"]))


@SERVICE.operation("UpdateModelPackage")
def update_package(call: Call) -> Answer:
    """What is given replaces what was; metadata are added, replaced and removed by key."""
    found, given = package(call, call.params["ModelPackageArn"]), call.params
    if "ModelApprovalStatus" in given and "ModelPackageGroupName" not in found:
        raise refuse("only a version of a group is approved")
    metadata = {**(found.get("CustomerMetadataProperties") or {}), **given.get("CustomerMetadataProperties", {})}
    gone = given.get("CustomerMetadataPropertiesToRemove", [])
    more = given.get("AdditionalInferenceSpecificationsToAdd", [])
    plain = ("ModelApprovalStatus", "ApprovalDescription", "InferenceSpecification", "SourceUri", "ModelCard")
    changed = {name: given[name] for name in (*plain, "ModelLifeCycle") if name in given}
    found.update(
        changed,
        CustomerMetadataProperties={name: value for name, value in metadata.items() if name not in gone} or None,
        AdditionalInferenceSpecifications=[*(found.get("AdditionalInferenceSpecifications") or []), *more] or None,
        LastModifiedTime=datetime.now(UTC),
        LastModifiedBy=_user(call),
    )
    _tell(found, sorted(changed))
    return {"ModelPackageArn": found["ModelPackageArn"]}


@SERVICE.operation("DeleteModelPackage")
def delete_package(call: Call) -> Answer:
    arn = package(call, call.params["ModelPackageName"])["ModelPackageArn"]
    del _table(call, "ModelPackage", arn)[arn]
    return {}


@SERVICE.operation("ListModelPackages")
def list_packages(call: Call) -> Answer:
    """Versions of one group, or packages of the caller's: unversioned ones unless asked for others."""
    within = ("ModelApprovalStatus", "ModelPackageGroupName", "ModelPackageType")
    if "ModelPackageGroupName" in call.params:
        found = _versions(call, _group(call))
    else:
        found = list(_of_type(call, call.params.get("ModelPackageType", "Unversioned")))
    status = call.params.get("ModelApprovalStatus")
    found = [each for each in found if status in (None, each.get("ModelApprovalStatus"))]
    return summaries(call, selected(call, found, "ModelPackageName", within=within))


def _of_type(call: Call, wanted: str) -> Iterator[Record]:
    for each in call.table("ModelPackage").values():
        if wanted in ("Both", "Versioned" if "ModelPackageVersion" in each else "Unversioned"):
            yield each


def _tell(package: Record, changed: list[str]) -> None:
    """The event on the default bus of the registry's account, for a version that is new or changed."""
    if "ModelPackageVersion" not in package:
        return
    _, _, _, region, account, _ = package["ModelPackageArn"].split(":", 5)
    said = ("ModelPackageArn", "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageStatus")
    detail = {name: package[name] for name in (*said, "ModelApprovalStatus")}
    event = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Model Package State Change",
        "Resources": [package["ModelPackageArn"]],
        "Detail": json.dumps({**detail, "UpdatedModelPackageFields": changed}),
    }
    events_backends[account][region].put_events([event])
