"""S3: replication of buckets, of which moto forgets parts. No object is copied."""

from __future__ import annotations

from typing import Any

from moto.s3.models import s3_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("s3")


def _kept(call: Call) -> Record:
    """What is kept with the bucket and goes with it; raises moto's NoSuchBucket."""
    return call.store.beside(s3_backends[call.account]["aws"].get_bucket(call.params["Bucket"]))


@SERVICE.operation("PutBucketReplication")
def put_replication(call: Call) -> Answer:
    """Both buckets keep versions, and both or none lock objects; the copies may lie in another account."""
    kept, given = _kept(call), call.params["ReplicationConfiguration"]
    source = s3_backends[call.account]["aws"].get_bucket(call.params["Bucket"])
    if not source.is_versioned:
        raise AwsError(
            "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
        )
    ids = [rule["ID"] for rule in given["Rules"] if "ID" in rule]
    if len(ids) != len(set(ids)):
        raise AwsError("InvalidArgument", "ids of rules must be unique")
    for rule in given["Rules"]:
        _judge(source, rule)
    kept["replication"] = given
    return {}


def _judge(source: Any, rule: Record) -> None:
    arn = rule["Destination"]["Bucket"]
    copies = _bucket_anywhere(arn.rpartition(":")[2])
    if copies is None or not copies.is_versioned:
        raise AwsError(
            "InvalidRequest", "Destination bucket must exist.  Destination bucket must have versioning enabled."
        )
    if source.object_lock_enabled and not copies.object_lock_enabled:
        raise AwsError("InvalidRequest", "Object Lock must be enabled on the destination bucket")
    if "Filter" in rule and not {"Priority", "DeleteMarkerReplication"} <= set(rule):
        raise AwsError(
            "InvalidRequest", "a rule with a filter needs a priority, and says whether delete markers go with it"
        )


def _bucket_anywhere(name: str) -> Any:
    found = (partitions["aws"].buckets.get(name) for partitions in list(s3_backends.values()))
    return next((bucket for bucket in found if bucket is not None), None)


@SERVICE.operation("GetBucketReplication")
def get_replication(call: Call) -> Answer:
    kept = _kept(call)
    if "replication" not in kept:
        raise AwsError("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
    return {"ReplicationConfiguration": kept["replication"]}


@SERVICE.operation("DeleteBucketReplication")
def delete_replication(call: Call) -> Answer:
    _kept(call).pop("replication", None)
    return {}
