"""IAM Identity Center: boundaries of permission sets, attributes for access control, tags. Nobody signs in."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.ssoadmin.models import PermissionSet, SSOAdminBackend, ssoadmin_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("sso-admin")


@SERVICE.mend
def arns_of_permission_sets() -> None:
    """AWS calls a permission set `permissionSet/<instance>/<id>`; moto puts its id behind the instance's ARN."""
    generate = PermissionSet.generate_id

    def generate_id(instance_arn: str) -> str:
        return str(generate(instance_arn)).replace(":instance/", ":permissionSet/")

    PermissionSet.generate_id = staticmethod(generate_id)


@SERVICE.mend
def policies_with_a_path() -> None:
    """AWS's own policies may have a path, such as `job-function/`; moto reads it under a name that its data lacks."""
    find = SSOAdminBackend._find_managed_policy

    def _find_managed_policy(self: Any, managed_policy_arn: str) -> Any:
        if self.aws_managed_policies is None:
            known = json.loads(aws_managed_policies_data)
            self.aws_managed_policies = {name: {"path": policy.get("Path", "/")} for name, policy in known.items()}
        return find(self, managed_policy_arn)

    SSOAdminBackend._find_managed_policy = _find_managed_policy


@SERVICE.mend
def an_assignment_is_made_once() -> None:
    """Who asks again, as a client does after a lost answer, gets the assignment that exists; moto makes a second."""
    create = SSOAdminBackend.create_account_assignment

    def create_account_assignment(self: Any, **wanted: str) -> Any:
        for assignment in self.account_assignments:
            if all(getattr(assignment, name) == value for name, value in wanted.items()):
                return assignment.to_json(include_creation_date=True, include_request_id=True)
        return create(self, **wanted)

    SSOAdminBackend.create_account_assignment = create_account_assignment


def _backend(call: Call) -> Any:
    return ssoadmin_backends[call.account][call.region]


def _boundary(call: Call) -> Answer:
    """What is kept beside the permission set that the call names; moto says so when there is none."""
    found = _backend(call)._find_permission_set(call.params["InstanceArn"], call.params["PermissionSetArn"])
    kept: Answer = call.store.beside(found)
    return kept


@SERVICE.operation("PutPermissionsBoundaryToPermissionSet")
def put_boundary(call: Call) -> Answer:
    boundary = call.params["PermissionsBoundary"]
    if len(boundary) != 1:
        raise AwsError("ValidationException", "a boundary is either an AWS managed or a customer managed policy")
    _boundary(call)["boundary"] = boundary
    return {}


@SERVICE.operation("GetPermissionsBoundaryForPermissionSet")
def get_boundary(call: Call) -> Answer:
    kept = _boundary(call)
    if "boundary" not in kept:
        raise AwsError("ResourceNotFoundException", "the permission set has no boundary")
    return {"PermissionsBoundary": kept["boundary"]}


@SERVICE.operation("DeletePermissionsBoundaryFromPermissionSet")
def delete_boundary(call: Call) -> Answer:
    if _boundary(call).pop("boundary", None) is None:
        raise AwsError("ResourceNotFoundException", "the permission set has no boundary")
    return {}


def _instance(call: Call) -> str:
    arn = str(call.params["InstanceArn"])
    if all(instance.instance_arn != arn for instance in _backend(call).instances):
        raise AwsError("ResourceNotFoundException", f"there is no instance {arn}")
    return arn


@SERVICE.operation("CreateInstanceAccessControlAttributeConfiguration")
def create_attributes(call: Call) -> Answer:
    arn = _instance(call)
    if arn in call.table("attributes"):
        raise AwsError("ConflictException", f"{arn} has attributes for access control already")
    call.table("attributes")[arn] = call.params["InstanceAccessControlAttributeConfiguration"]
    return {}


@SERVICE.operation("UpdateInstanceAccessControlAttributeConfiguration")
def update_attributes(call: Call) -> Answer:
    _attributes(call)
    configuration = call.params["InstanceAccessControlAttributeConfiguration"]
    call.table("attributes")[call.params["InstanceArn"]] = configuration
    return {}


@SERVICE.operation("DescribeInstanceAccessControlAttributeConfiguration")
def describe_attributes(call: Call) -> Answer:
    return {"Status": "ENABLED", "InstanceAccessControlAttributeConfiguration": _attributes(call)}


@SERVICE.operation("DeleteInstanceAccessControlAttributeConfiguration")
def delete_attributes(call: Call) -> Answer:
    _attributes(call)
    del call.table("attributes")[call.params["InstanceArn"]]
    return {}


def _attributes(call: Call) -> Answer:
    arn = _instance(call)
    if arn not in call.table("attributes"):
        raise AwsError("ResourceNotFoundException", f"{arn} has no attributes for access control")
    return call.table("attributes")[arn]


def _tagged(call: Call) -> Any:
    for permission_set in _backend(call).permission_sets:
        if permission_set.permission_set_arn == call.params["ResourceArn"]:
            return permission_set
    raise AwsError("ResourceNotFoundException", f"there is no permission set {call.params['ResourceArn']}")


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    permission_set = _tagged(call)
    given = {tag["Key"]: tag for tag in call.params["Tags"]}
    permission_set.tags = [tag for tag in permission_set.tags or [] if tag["Key"] not in given] + [*given.values()]
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    permission_set = _tagged(call)
    permission_set.tags = [tag for tag in permission_set.tags or [] if tag["Key"] not in call.params["TagKeys"]]
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"Tags": list(_tagged(call).tags or [])}


@SERVICE.operation("DescribePermissionSetProvisioningStatus")
def describe_provisioning(call: Call) -> Answer:
    """Provisioning is over as soon as it was asked for."""
    request = call.params["ProvisionPermissionSetRequestId"]
    return {"PermissionSetProvisioningStatus": {"RequestId": request, "Status": "SUCCEEDED"}}
