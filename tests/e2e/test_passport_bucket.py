"""A passport in a bucket that locks: what the embedded AWS lets one do to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from modules.ml_operations.passport.model import Passport, PassportError
from modules.ml_operations.passport.store import key, put
from modules.ml_operations.passport.verify import stored
from tests.modules import test_passport_evidence as given

pytestmark = pytest.mark.e2e
BUCKET = "acme-prod-model-passports"
PASSPORT = Passport(1, given.TODAY.isoformat(), given.DEMANDS, given.EVIDENCE)


@pytest.fixture(name="s3")
def _s3() -> Iterator[Any]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
        place = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True, CreateBucketConfiguration=place)
        rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3660}}
        locked = {"ObjectLockEnabled": "Enabled", "Rule": rule}
        s3.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration=locked)
        yield s3


def test_a_stored_passport_stays_and_is_stored_once(s3: Any) -> None:
    """Two writes of one passport are one version, locked: deleting it is denied, and what is found is the same."""
    digest = put(s3, BUCKET, PASSPORT)
    assert put(s3, BUCKET, PASSPORT) == digest
    place = key("card-fraud", given.ARN, digest)
    (version,) = s3.list_object_versions(Bucket=BUCKET)["Versions"]
    assert (version["Key"], s3.head_object(Bucket=BUCKET, Key=place)["ObjectLockMode"]) == (place, "COMPLIANCE")
    with pytest.raises(ClientError, match="Access Denied"):
        s3.delete_object(Bucket=BUCKET, Key=place, VersionId=version["VersionId"])
    found = stored(s3, BUCKET, project="card-fraud", model_package_arn=given.ARN, sha256=digest)
    assert found == PASSPORT


def test_a_key_that_holds_something_else_is_told(s3: Any) -> None:
    """Where other bytes lie under the hash, storing stops, and so does a deployment that asks."""
    digest = put(s3, BUCKET, PASSPORT)
    place = key("card-fraud", given.ARN, digest)
    s3.put_object(Bucket=BUCKET, Key=place, Body=b"{}", ChecksumAlgorithm="SHA256")
    with pytest.raises(PassportError, match="with other bytes than its name says"):
        put(s3, BUCKET, PASSPORT)
    with pytest.raises(PassportError, match="its SHA-256 is"):
        stored(s3, BUCKET, project="card-fraud", model_package_arn=given.ARN, sha256=digest)
    with pytest.raises(PassportError, match="there is no passport"):
        stored(s3, BUCKET, project="card-fraud", model_package_arn=given.ARN, sha256="0" * 64)
