"""Accounts and services of a running emulator, seen through boto3."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import MANAGEMENT, REGION, Client

ONE, OTHER = "222222222222", "333333333333"


def buckets(s3: Any) -> set[str]:
    return {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}


def make_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


def test_the_test_credentials_are_the_management_account(client: Client) -> None:
    """A caller without an assumed role is who the emulator was started for."""
    assert client("sts").get_caller_identity()["Account"] == MANAGEMENT


def test_an_assumed_role_works_in_its_own_account(client: Client) -> None:
    """AssumeRole takes an external id and any account, and the session is that account's."""
    identity = client("sts", ONE).get_caller_identity()
    assert identity["Account"] == ONE
    assert identity["Arn"] == f"arn:aws:sts::{ONE}:assumed-role/apply/test"


def test_accounts_do_not_see_each_others_buckets(client: Client) -> None:
    """Each account lists the buckets that it made, and no others."""
    for account in (None, ONE, OTHER):
        make_bucket(client("s3", account), f"apart-{account or MANAGEMENT}")
    seen = {account: buckets(client("s3", account)) for account in (None, ONE, OTHER)}
    assert {account: {name for name in names if name.startswith("apart-")} for account, names in seen.items()} == {
        account: {f"apart-{account or MANAGEMENT}"} for account in (None, ONE, OTHER)
    }


def test_accounts_do_not_share_emulated_settings(client: Client) -> None:
    """What the front itself remembers is apart by account, too."""
    client("ec2", ONE).enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    state = "ImageBlockPublicAccessState"
    assert client("ec2", ONE).get_image_block_public_access_state()[state] == "block-new-sharing"
    assert client("ec2", OTHER).get_image_block_public_access_state()[state] == "unblocked"


def test_a_denial_with_a_condition_locks_nobody_out(client: Client) -> None:
    """With "deny unless TLS" in its policy, a bucket can still be written and read."""
    s3 = client("s3", ONE)
    make_bucket(s3, "tls-only")
    everything = ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"]
    unless_tls = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": everything, "Condition": unless_tls}
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="tls-only", Key="a", Body=b"x")
    assert s3.get_object(Bucket="tls-only", Key="a")["Body"].read() == b"x"


def test_a_denial_without_a_condition_denies(client: Client) -> None:
    """A plain Deny still works, so a bucket that nobody may write to is not taken for a good one."""
    s3 = client("s3", ONE)
    make_bucket(s3, "closed")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::closed/*"}
    s3.put_bucket_policy(Bucket="closed", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    with pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="closed", Key="a", Body=b"x")


def test_a_lifecycle_goes_with_its_bucket(client: Client) -> None:
    """A bucket made again under the name of a deleted one has no lifecycle."""
    s3 = client("s3", ONE)
    rule = {"ID": "r", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 9}}
    make_bucket(s3, "again")
    s3.put_bucket_lifecycle_configuration(Bucket="again", LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle_configuration(Bucket="again")["Rules"] == [rule]
    s3.delete_bucket(Bucket="again")
    make_bucket(s3, "again")
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="again")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"Status": "Enabled", "Filter": {}}, "InvalidRequest"),
        ({"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}, "InvalidArgument"),
        (
            {"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}},
            "MalformedXML",
        ),
    ],
)
def test_a_wrong_lifecycle_is_refused(client: Client, rule: dict[str, Any], code: str) -> None:
    """S3's rules beyond the service model hold as well: an action, whole days, no mixed expirations."""
    s3 = client("s3", ONE)
    make_bucket(s3, f"wrong-{code.lower()}")
    with pytest.raises(ClientError, match=code):
        s3.put_bucket_lifecycle_configuration(Bucket=f"wrong-{code.lower()}", LifecycleConfiguration={"Rules": [rule]})


def test_a_lifecycle_of_no_bucket_is_refused(client: Client) -> None:
    """Moto's own NoSuchBucket reaches the client."""
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client("s3").get_bucket_lifecycle_configuration(Bucket="there-is-none")


def test_an_unknown_key_cannot_rotate(client: Client) -> None:
    """An emulated operation on a resource that does not exist is an error of the service."""
    with pytest.raises(ClientError, match="NotFoundException"):
        client("kms").enable_key_rotation(KeyId="11111111-1111-1111-1111-111111111111")


def test_root_features_need_the_organisation_and_its_trust(client: Client) -> None:
    """IAM's organisation features are refused until the organisation trusts IAM, and then are kept."""
    iam, organizations = client("iam", OTHER), client("organizations", OTHER)
    with pytest.raises(ClientError, match="OrganizationNotFoundException"):
        iam.enable_organizations_root_sessions()
    organizations.create_organization(FeatureSet="ALL")
    with pytest.raises(ClientError, match="ServiceAccessNotEnabledException"):
        iam.enable_organizations_root_sessions()
    organizations.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    assert iam.enable_organizations_root_sessions()["EnabledFeatures"] == ["RootSessions"]
    assert iam.list_organizations_features()["EnabledFeatures"] == ["RootSessions"]


def test_a_service_that_nobody_knows_is_told_at_once(client: Client) -> None:
    """A call to a service that moto has not is an error with the operation's name, not a hang of retries."""
    with pytest.raises(ClientError, match=r"EmulatorFault.*auditmanager:GetAccountStatus"):
        client("auditmanager").get_account_status()


def test_many_callers_at_once_lose_nothing(client: Client) -> None:
    """Threads of two accounts that write the same service at the same time find all they wrote."""
    clients = {account: client("sqs", account) for account in (ONE, OTHER)}

    def write(account: str, part: int) -> None:
        for index in range(10):
            clients[account].create_queue(QueueName=f"q-{part}-{index}")

    threads = [threading.Thread(target=write, args=(account, part)) for account in clients for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {account: len(sqs.list_queues()["QueueUrls"]) for account, sqs in clients.items()} == {ONE: 30, OTHER: 30}
