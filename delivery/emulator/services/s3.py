"""S3: lifecycle configurations, of which moto forgets parts, and conditions in bucket policies."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.models import FakeBucket, s3_backends
from moto.s3.responses import S3Response
from werkzeug.datastructures import Headers

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("s3")
SMALLEST = "TransitionDefaultMinimumObjectSize"
_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)


def _kept(call: Call) -> Record:
    """What is kept with the bucket and goes with it; raises moto's NoSuchBucket."""
    bucket = s3_backends[call.account]["aws"].get_bucket(call.params["Bucket"])
    return call.store.beside(bucket)


def _refuse(message: str) -> AwsError:
    return AwsError("InvalidRequest", message)


@SERVICE.operation("PutBucketLifecycleConfiguration")
def put_lifecycle(call: Call) -> Answer:
    kept = _kept(call)
    rules = call.params.get("LifecycleConfiguration", {}).get("Rules", [])
    if not rules:
        raise AwsError("MalformedXML", "a lifecycle configuration needs at least one rule")
    ids = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(ids) != len(set(ids)):
        raise AwsError("InvalidArgument", "rule ids must be unique")
    for rule in rules:
        _judge(rule)
    smallest = call.params.get(SMALLEST, "all_storage_classes_128K")
    kept["lifecycle"] = {"Rules": rules, SMALLEST: smallest}
    return {SMALLEST: smallest}


def _judge(rule: Record) -> None:
    """S3's rules that the service model does not state."""
    expiration = rule.get("Expiration", {})
    if not any(rule.get(action) for action in _ACTIONS):
        raise _refuse("a rule needs at least one action")
    if "Filter" in rule and "Prefix" in rule:
        raise AwsError("MalformedXML", "a rule has a filter or a prefix, not both")
    if expiration.get("ExpiredObjectDeleteMarker") and ("Days" in expiration or "Date" in expiration):
        raise AwsError("MalformedXML", "ExpiredObjectDeleteMarker goes with neither Days nor Date")
    if expiration.get("Days", 1) < 1:
        raise AwsError("InvalidArgument", "'Days' for Expiration action must be a positive integer")


@SERVICE.operation("GetBucketLifecycleConfiguration")
def get_lifecycle(call: Call) -> Answer:
    kept = _kept(call)
    if "lifecycle" not in kept:
        raise AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
    answer: Answer = kept["lifecycle"]
    return answer


@SERVICE.operation("DeleteBucketLifecycle")
def delete_lifecycle(call: Call) -> Answer:
    _kept(call).pop("lifecycle", None)
    return {}


@SERVICE.mend
def conditions_are_no_denials() -> None:
    """A bucket policy's statement with a Condition neither allows nor denies.

    moto gives bucket policies no request context and takes every condition it cannot meet, of an Allow or of a
    Deny, for a denial: "deny unless TLS" then locks everybody out, Terraform included.
    """
    judge = IAMPolicyStatement.is_action_permitted

    def is_action_permitted(
        self: Any, action: str, resource: str = "*", principal: Any = None, incoming_condition_values: Any = None
    ) -> Any:
        if principal is None and not incoming_condition_values and self._statement.get("Condition"):
            return PermissionResult.NEUTRAL
        return judge(self, action, resource, principal, incoming_condition_values)

    IAMPolicyStatement.is_action_permitted = is_action_permitted


@SERVICE.mend
def log_delivery_beside_any_principal() -> None:
    """A target of access logs may have statements for everybody beside the one for S3's log delivery.

    moto reads each statement's Principal as a mapping and breaks at `"*"`.
    """
    judge = FakeBucket._log_permissions_enabled_policy

    def granted(target_bucket: Any, target_prefix: str | None) -> bool:
        if not target_bucket.policy:
            return False
        document = json.loads(target_bucket.policy)
        document["Statement"] = [one for one in document["Statement"] if isinstance(one.get("Principal"), dict)]
        policy = json.dumps(document).encode()
        seen = SimpleNamespace(policy=policy, name=target_bucket.name, partition=target_bucket.partition)
        return bool(judge(seen, target_prefix))

    FakeBucket._log_permissions_enabled_policy = staticmethod(granted)


@SERVICE.mend
def a_copy_needs_no_checksum() -> None:
    """S3 wants a checksum of uploads into a bucket whose objects are retained, and of copies, which it makes, none."""
    put = S3Response._key_response_put

    def _key_response_put(self: Any, query: dict[str, Any], key_name: str) -> Any:
        if "x-amz-copy-source" in self.headers:
            self.headers = Headers(self.headers)
            self.headers.setdefault("x-amz-sdk-checksum-algorithm", "SHA256")
        return put(self, query, key_name)

    S3Response._key_response_put = _key_response_put
