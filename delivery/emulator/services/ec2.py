"""EC2's settings that hold for a whole account and region: block public access, metadata defaults, EBS key."""

from __future__ import annotations

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("ec2")
UNBLOCKED = "unblocked"


def _settings(call: Call) -> Record:
    return call.table("settings").setdefault("account", {})


@SERVICE.operation("EnableSnapshotBlockPublicAccess")
def enable_snapshot_block(call: Call) -> Answer:
    if call.params["State"] == UNBLOCKED:
        raise AwsError("InvalidParameterValue", "State must be block-all-sharing or block-new-sharing")
    _settings(call)["snapshots"] = call.params["State"]
    return {"State": call.params["State"]}


@SERVICE.operation("DisableSnapshotBlockPublicAccess")
def disable_snapshot_block(call: Call) -> Answer:
    _settings(call).pop("snapshots", None)
    return {"State": UNBLOCKED}


@SERVICE.operation("GetSnapshotBlockPublicAccessState")
def get_snapshot_block(call: Call) -> Answer:
    return {"State": _settings(call).get("snapshots", UNBLOCKED), "ManagedBy": "account"}


@SERVICE.operation("EnableImageBlockPublicAccess")
def enable_image_block(call: Call) -> Answer:
    _settings(call)["images"] = call.params["ImageBlockPublicAccessState"]
    return {"ImageBlockPublicAccessState": call.params["ImageBlockPublicAccessState"]}


@SERVICE.operation("DisableImageBlockPublicAccess")
def disable_image_block(call: Call) -> Answer:
    _settings(call).pop("images", None)
    return {"ImageBlockPublicAccessState": UNBLOCKED}


@SERVICE.operation("GetImageBlockPublicAccessState")
def get_image_block(call: Call) -> Answer:
    return {"ImageBlockPublicAccessState": _settings(call).get("images", UNBLOCKED), "ManagedBy": "account"}


@SERVICE.operation("ModifyInstanceMetadataDefaults")
def modify_metadata_defaults(call: Call) -> Answer:
    defaults = _settings(call).setdefault("metadata", {})
    for name, value in call.params.items():
        if value in ("no-preference", -1):
            defaults.pop(name, None)
        elif name != "DryRun":
            defaults[name] = value
    return {"Return": True}


@SERVICE.operation("GetInstanceMetadataDefaults")
def get_metadata_defaults(call: Call) -> Answer:
    return {"AccountLevel": {**_settings(call).get("metadata", {}), "ManagedBy": "account"}}


@SERVICE.operation("ModifyEbsDefaultKmsKeyId")
def modify_ebs_key(call: Call) -> Answer:
    _settings(call)["ebs_key"] = call.params["KmsKeyId"]
    return {"KmsKeyId": call.params["KmsKeyId"]}


@SERVICE.operation("GetEbsDefaultKmsKeyId", "ResetEbsDefaultKmsKeyId")
def get_ebs_key(call: Call) -> Answer:
    if call.operation == "ResetEbsDefaultKmsKeyId":
        _settings(call).pop("ebs_key", None)
    own = f"arn:aws:kms:{call.region}:{call.account}:alias/aws/ebs"
    return {"KmsKeyId": _settings(call).get("ebs_key", own)}


@SERVICE.operation("ModifyVpcBlockPublicAccessOptions", "DescribeVpcBlockPublicAccessOptions")
def vpc_block(call: Call) -> Answer:
    """Set what internet gateways may pass, or tell it."""
    if call.operation.startswith("Modify"):
        _settings(call)["internet"] = call.params["InternetGatewayBlockMode"]
    mode = _settings(call).get("internet")
    return {
        "VpcBlockPublicAccessOptions": {
            "AwsAccountId": call.account,
            "AwsRegion": call.region,
            "State": "update-complete" if mode else "default-state",
            "InternetGatewayBlockMode": mode or "off",
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    }
