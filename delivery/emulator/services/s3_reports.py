"""S3: inventories, of which moto forgets parts, and events for EventBridge. No inventory is ever written."""

from __future__ import annotations

from typing import Any

from moto.s3.models import s3_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("s3")


def _bucket(call: Call) -> Any:
    """moto's bucket; raises its NoSuchBucket."""
    return s3_backends[call.account]["aws"].get_bucket(call.params["Bucket"])


def _inventories(call: Call) -> dict[str, Record]:
    kept: dict[str, Record] = call.store.beside(_bucket(call)).setdefault("inventories", {})
    return kept


def _inventory(call: Call) -> Record:
    found = _inventories(call).get(call.params["Id"])
    if found is None:
        raise AwsError("NoSuchConfiguration", "The specified configuration does not exist.")
    return found


@SERVICE.operation("PutBucketInventoryConfiguration")
def put_inventory(call: Call) -> Answer:
    given = call.params["InventoryConfiguration"]
    if given["Id"] != call.params["Id"]:
        raise AwsError("InvalidArgument", "the id of the request is not that of the configuration")
    _inventories(call)[given["Id"]] = given
    return {}


@SERVICE.operation("GetBucketInventoryConfiguration")
def get_inventory(call: Call) -> Answer:
    return {"InventoryConfiguration": _inventory(call)}


@SERVICE.operation("ListBucketInventoryConfigurations")
def list_inventories(call: Call) -> Answer:
    return {"InventoryConfigurationList": list(_inventories(call).values()), "IsTruncated": False}


@SERVICE.operation("DeleteBucketInventoryConfiguration")
def delete_inventory(call: Call) -> Answer:
    _inventory(call)
    del _inventories(call)[call.params["Id"]]
    return {}


@SERVICE.operation("GetBucketNotificationConfiguration")
def get_notification(call: Call) -> Answer:
    """moto keeps that events go to EventBridge, and does not say so."""
    kept = _bucket(call).notification_configuration
    if kept is None or kept.event_bridge is None:
        raise PassToMoto
    return {
        "EventBridgeConfiguration": {},
        "TopicConfigurations": [_notified(each, "TopicArn") for each in kept.topic],
        "QueueConfigurations": [_notified(each, "QueueArn") for each in kept.queue],
        "LambdaFunctionConfigurations": [_notified(each, "LambdaFunctionArn") for each in kept.cloud_function],
    }


def _notified(target: Any, arn: str) -> Answer:
    rules = {"Filter": {"Key": {"FilterRules": target.filters["S3Key"]["FilterRule"]}}} if target.filters else {}
    return {"Id": target.id, arn: target.arn, "Events": target.events, **rules}
