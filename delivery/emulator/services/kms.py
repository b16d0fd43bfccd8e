"""KMS key rotation: moto knows that a key rotates, not how often."""

from __future__ import annotations

from typing import Any

from moto.kms.models import kms_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("kms")
DEFAULT_DAYS = 365


def _key(call: Call) -> Any:
    backend = kms_backends[call.account][call.region]
    key = backend.keys.get(backend.get_key_id(call.params["KeyId"]))
    if key is None:
        raise AwsError("NotFoundException", f"there is no key {call.params['KeyId']}")
    return key


@SERVICE.operation("EnableKeyRotation")
def enable_key_rotation(call: Call) -> Answer:
    key = _key(call)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise AwsError("UnsupportedOperationException", "only symmetric encryption keys rotate")
    if key.key_state != "Enabled":
        raise AwsError("KMSInvalidStateException", f"key {key.id} is {key.key_state}")
    key.key_rotation_status = True
    kept = call.store.beside(key)
    kept["days"] = call.params.get("RotationPeriodInDays", kept.get("days", DEFAULT_DAYS))
    return {}


@SERVICE.operation("GetKeyRotationStatus")
def get_key_rotation_status(call: Call) -> Answer:
    key = _key(call)
    if not key.key_rotation_status:
        return {"KeyId": key.id, "KeyRotationEnabled": False}
    days = call.store.beside(key).get("days", DEFAULT_DAYS)
    return {"KeyId": key.id, "KeyRotationEnabled": True, "RotationPeriodInDays": days}
