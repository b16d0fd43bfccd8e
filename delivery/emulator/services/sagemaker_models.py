"""SageMaker's models: containers of images and files, or of versions in a registry. Nothing is started."""

from __future__ import annotations

from collections.abc import Iterator

from moto.ec2.models import ec2_backends
from moto.s3.models import s3_backends

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_registry import kept_package, package
from delivery.emulator.services.sagemaker_resources import Kind, offer
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")


def containers(model: Record) -> list[Record]:
    """The containers of a model, one or several in a row."""
    return model["Containers"] if "Containers" in model else [model["PrimaryContainer"]]


def _check(call: Call, model: Record) -> None:
    """The role, the network and every version must be there, and a version's group must admit the caller."""
    if ("PrimaryContainer" in model) == ("Containers" in model):
        raise refuse("a model has a primary container, or several containers")
    if "ExecutionRoleArn" in model:
        require_role(model["ExecutionRoleArn"], of=call.account)
    for container in containers(model):
        if ("ModelPackageName" in container) == ("Image" in container):
            raise refuse("a container is of an image, or of a model package")
        if "ModelPackageName" in container:
            package(call, container["ModelPackageName"])
    require_network(call, model.get("VpcConfig", {}))


def require_network(call: Call, vpc: Record) -> None:
    """Refuse subnets and security groups that the caller does not have."""
    ec2 = ec2_backends[call.account][call.region]
    subnets = {subnet for zone in ec2.subnets.values() for subnet in zone}
    groups = {group for by_vpc in ec2.groups.values() for group in by_vpc}
    for kind, known in (("Subnets", subnets), ("SecurityGroupIds", groups)):
        if unknown := sorted(set(vpc.get(kind, [])) - known):
            raise refuse(f"there is no {', '.join(unknown)} in {call.account}")


MODEL = offer(
    SERVICE,
    Kind(
        "Model",
        "model",
        ("ModelName",),
        missing="ValidationException",
        sought="model",
        assigned=lambda call: {"EnableNetworkIsolation": call.params.get("EnableNetworkIsolation", False)},
        check=_check,
    ),
)


def versions(call: Call, model: Record) -> Iterator[Record]:
    """The versions of which the model's containers are."""
    for container in containers(model):
        if "ModelPackageName" in container:
            yield kept_package(call, container["ModelPackageName"])


def missing_files(call: Call, model: Record) -> Iterator[str]:
    """The files of the model that do not lie where it names them: without them, no container starts."""
    whole = [*containers(model)]
    for version in versions(call, model):
        whole += version["InferenceSpecification"]["Containers"]
    for container in whole:
        if "ModelDataUrl" in container and read(container["ModelDataUrl"]) is None:
            yield container["ModelDataUrl"]


def read(uri: str) -> bytes | None:
    """The object at an `s3://` URI, whosever its bucket is; None where there is none."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    owner = s3_backends.bucket_accounts.get(bucket)
    found = s3_backends[owner[1]][owner[0]].get_object(bucket, key) if owner else None
    return None if found is None else bytes(found.value)


def write(uri: str, content: bytes) -> None:
    """Put an object at an `s3://` URI, whosever its bucket is."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if bucket not in s3_backends.bucket_accounts:
        raise refuse(f"there is no bucket {bucket}")
    partition, owner = s3_backends.bucket_accounts[bucket]
    s3_backends[owner][partition].put_object(bucket, key, content)
