"""CodeBuild: projects with all they were given, which moto forgets in part. Nothing is ever built.

Builds are moto's own, which it calls successful at once; what moto keeps of a project stands beside ours.
"""

from __future__ import annotations

from datetime import UTC, datetime

from moto.iam.models import iam_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("codebuild")
# What AWS fills in. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
_DEFAULTS: Record = {
    "timeoutInMinutes": 60,
    "queuedTimeoutInMinutes": 480,
    "cache": {"type": "NO_CACHE"},
    "projectVisibility": "PRIVATE",
    "badge": {"badgeEnabled": False},
}
_NOT_KEPT = ("badgeEnabled",)


@SERVICE.operation("CreateProject")
def create(call: Call) -> Answer:
    """The role must exist, as CodeBuild assumes it to reach the VPC."""
    projects, name = call.table("project"), call.params["name"]
    if name in projects:
        raise AwsError("ResourceAlreadyExistsException", f"Project already exists: {name}")
    _require_role(call)
    arn = f"arn:aws:codebuild:{call.region}:{call.account}:project/{name}"
    projects[name] = {**_DEFAULTS, "arn": arn, "created": datetime.now(UTC)}
    return _keep(call, projects[name])


@SERVICE.operation("UpdateProject")
def update(call: Call) -> Answer:
    """Replaces what it is given; the rest stays."""
    name = call.params["name"]
    if name not in call.table("project"):
        raise AwsError("ResourceNotFoundException", f"Project cannot be found: {name}")
    _require_role(call)
    return _keep(call, call.table("project")[name])


@SERVICE.operation("BatchGetProjects")
def get(call: Call) -> Answer:
    """Projects are asked for by name or ARN; of those that are not there the names come back."""
    names = {each: each.rpartition("project/")[2] for each in call.params["names"]}
    kept = call.table("project")
    found: Answer = {"projects": [kept[name] for name in names.values() if name in kept]}
    missing = [asked for asked, name in names.items() if name not in kept]
    return found | ({"projectsNotFound": missing} if missing else {})


@SERVICE.operation("DeleteProject")
def delete(call: Call) -> Answer:
    """Deleting what is not there is no error."""
    call.table("project").pop(call.params["name"].rpartition("project/")[2], None)
    return {}


def _keep(call: Call, project: Record) -> Answer:
    given = {key: value for key, value in call.params.items() if key not in _NOT_KEPT}
    project.update(given, lastModified=datetime.now(UTC))
    vpc = project.get("vpcConfig", {})
    if vpc and not all(vpc.get(part) for part in ("vpcId", "subnets", "securityGroupIds")):
        raise AwsError("InvalidInputException", "vpcConfig needs vpcId, subnets and securityGroupIds")
    return {"project": project}


def _require_role(call: Call) -> None:
    arn = call.params.get("serviceRole")
    if arn and all(role.arn != arn for role in iam_backends[call.account]["aws"].roles.values()):
        raise AwsError("InvalidInputException", f"CodeBuild is not authorized to perform: sts:AssumeRole on {arn}")
