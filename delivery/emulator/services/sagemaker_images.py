"""What Studio's apps start with: images with their versions, app image and lifecycle configurations. Echo only."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_resources import Kind, offer, selected, shown, summaries
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")
_APPS = ("KernelGatewayImageConfig", "JupyterLabAppImageConfig", "CodeEditorAppImageConfig")


def _image_change(call: Call) -> Record:
    given = {name: value for name, value in call.params.items() if name != "DeleteProperties"}
    return {**given, **dict.fromkeys(call.params.get("DeleteProperties", []))}


def _check_image(call: Call, record: Record) -> None:
    require_role(record["RoleArn"], of=call.account)


def _leave_image(call: Call, record: Record) -> None:
    """All versions go with it."""
    versions = call.table("ImageVersion")
    for arn in [arn for arn, each in versions.items() if each["ImageArn"] == record["ImageArn"]]:
        del versions[arn]


def _check_app_image_config(call: Call, record: Record) -> None:
    if sum(name in record for name in _APPS) > 1:
        raise refuse("an app image configuration is of one kind of app")


def _check_lifecycle_config(call: Call, record: Record) -> None:
    try:
        base64.b64decode(record["StudioLifecycleConfigContent"], validate=True)
    except binascii.Error:
        raise refuse("the content of a lifecycle configuration is a script in Base64") from None


IMAGE = offer(
    SERVICE,
    Kind(
        "Image",
        "image",
        ("ImageName",),
        assigned=lambda call: {"ImageStatus": "CREATED", "LastVersion": 0},
        change=_image_change,
        check=_check_image,
        leave=_leave_image,
    ),
)
APP_IMAGE_CONFIG = offer(
    SERVICE,
    Kind(
        "AppImageConfig",
        "app-image-config",
        ("AppImageConfigName",),
        assigned=lambda call: {},
        check=_check_app_image_config,
    ),
)
LIFECYCLE_CONFIG = offer(
    SERVICE,
    Kind(
        "StudioLifecycleConfig",
        "studio-lifecycle-config",
        ("StudioLifecycleConfigName",),
        assigned=lambda call: {},
        check=_check_lifecycle_config,
    ),
)


def _versions(call: Call) -> list[Record]:
    image = IMAGE.find(call, call.params)
    return [each for each in call.table("ImageVersion").values() if each["ImageArn"] == image["ImageArn"]]


def _version(call: Call) -> Record:
    """The version by its number or alias, or the latest; raises ResourceNotFound."""
    number, alias = call.params.get("Version"), call.params.get("Alias")
    for each in reversed(_versions(call)):
        if number in (None, each["Version"]) and (alias is None or alias in each["Aliases"]):
            return each
    raise AwsError("ResourceNotFound", f"ImageVersion {number or alias} of {call.params['ImageName']} does not exist")


@SERVICE.operation("CreateImageVersion")
def create_version(call: Call) -> Answer:
    """Numbers are never given twice; an alias moves to the newest version that claims it."""
    image = IMAGE.find(call, call.params)
    image["LastVersion"] += 1
    aliases = call.params.get("Aliases", [])
    for each in _versions(call):
        each["Aliases"] = [alias for alias in each["Aliases"] if alias not in aliases]
    now = datetime.now(UTC)
    arn = f"{image['ImageArn'].replace(':image/', ':image-version/')}/{image['LastVersion']}"
    record: dict[str, Any] = {
        **call.params,
        "Aliases": aliases,
        "ImageArn": image["ImageArn"],
        "ImageVersionArn": arn,
        "ImageVersionStatus": "CREATED",
        "ContainerImage": call.params["BaseImage"],
        "Version": image["LastVersion"],
        "CreationTime": now,
        "LastModifiedTime": now,
    }
    call.table("ImageVersion")[arn] = record
    return {"ImageVersionArn": arn}


@SERVICE.operation("DescribeImageVersion")
def describe_version(call: Call) -> Answer:
    return shown(call, _version(call))


@SERVICE.operation("UpdateImageVersion")
def update_version(call: Call) -> Answer:
    found = _version(call)
    added, gone = call.params.get("AliasesToAdd", []), call.params.get("AliasesToDelete", [])
    for each in _versions(call):
        each["Aliases"] = [alias for alias in each["Aliases"] if alias not in added]
    kept = [alias for alias in found["Aliases"] if alias not in gone]
    named = ("ImageName", "Version", "Alias", "AliasesToAdd", "AliasesToDelete")
    found.update({name: value for name, value in call.params.items() if name not in named}, Aliases=[*kept, *added])
    return {"ImageVersionArn": found["ImageVersionArn"]}


@SERVICE.operation("DeleteImageVersion")
def delete_version(call: Call) -> Answer:
    del call.table("ImageVersion")[_version(call)["ImageVersionArn"]]
    return {}


@SERVICE.operation("ListImageVersions")
def list_versions(call: Call) -> Answer:
    return summaries(call, selected(call, _versions(call), "ImageVersionArn", within=("ImageName",)))


@SERVICE.operation("ListAliases")
def list_aliases(call: Call) -> Answer:
    """Of one version, or of all versions of the image."""
    wanted = [_version(call)] if "Version" in call.params else _versions(call)
    return {"SageMakerImageVersionAliases": [alias for each in wanted for alias in each["Aliases"]]}
