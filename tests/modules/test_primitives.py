"""The governed primitives keep what their docstrings guarantee."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, ObjectLock, Retention
from modules.core.errors import ConfigError
from modules.core.function import Function
from modules.core.iam import ANYONE, Statement, policy_document, policy_variable, service
from modules.core.key import Key
from modules.core.log_group import LogGroup, logs_may_use_key
from modules.core.role import Role
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

KEY_ARN = "arn:aws:kms:eu-west-1:222222222222:key/1"
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"


@pytest.fixture(name="bucket", scope="module")
def _bucket() -> Rendered:
    def build(scope: Construct) -> None:
        Bucket(
            scope,
            "data",
            naming=NAMING,
            what="data",
            key_arn=KEY_ARN,
            retention=Retention(noncurrent_days=30, cold_after_days=60, expire_after_days=400),
            access_logs="acme-dev-data-access-logs",
            lock=ObjectLock("COMPLIANCE", 365),
        )

    return render(build)


@pytest.fixture(name="function", scope="module")
def _function(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    source = tmp_path_factory.mktemp("source")
    (source / "main.py").write_text("def handler(event, context):\n    return event\n")

    def build(scope: Construct) -> None:
        Function(
            scope,
            "sync",
            naming=NAMING,
            what="sync",
            source=source,
            handler="main.handler",
            key_arn=KEY_ARN,
            boundary_arn=BOUNDARY,
            retention_days=365,
            statements=[Statement("Read", actions=("s3:GetObject",), resources=("arn:aws:s3:::x/*",))],
            environment={"STAGE": "dev"},
        )

    return render(build)


def test_a_key_rotates_and_can_be_recovered() -> None:
    """A key rotates yearly, waits 30 days for deletion, and Terraform refuses to destroy it."""
    key = render(lambda scope: Key(scope, "key", naming=NAMING, purpose="data")).one("aws_kms_key")
    assert key["enable_key_rotation"] is True
    assert key["deletion_window_in_days"] == 30
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_a_key_opens_to_its_account_and_to_named_others_only() -> None:
    """A key's policy holds the account's own statement and those that were given, no more."""
    rendered = render(
        lambda scope: Key(scope, "key", naming=NAMING, purpose="logs", statements=[logs_may_use_key(NAMING)])
    )
    policy = rendered.policy("aws_kms_key")
    assert set(policy) == {"AccountDecidesByIam", "CloudWatchLogsOfThisAccount"}
    assert policy["AccountDecidesByIam"]["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert rendered.one("aws_kms_alias")["name"] == "alias/acme-dev-logs"


def test_a_bucket_is_private(bucket: Rendered) -> None:
    """A bucket has all four public access blocks and no ACLs."""
    block = bucket.one("aws_s3_bucket_public_access_block")
    names = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    assert [block[name] for name in names] == [True] * 4
    assert bucket.one("aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}


def test_a_bucket_refuses_plain_http(bucket: Rendered) -> None:
    """A bucket's policy denies every action on it and on its objects without TLS."""
    statement = bucket.policy("aws_s3_bucket_policy")["DenyInsecureTransport"]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Resource"] == ["arn:aws:s3:::acme-dev-data", "arn:aws:s3:::acme-dev-data/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_bucket_encrypts_with_its_key(bucket: Rendered) -> None:
    """A bucket's default encryption is the given key, with a bucket key."""
    (rule,) = bucket.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"] == {
        "kms_master_key_id": KEY_ARN,
        "sse_algorithm": "aws:kms",
    }
    assert rule["bucket_key_enabled"] is True


def test_a_bucket_keeps_versions_as_long_as_asked(bucket: Rendered) -> None:
    """A bucket is versioned, and its lifecycle rule has the days that were asked for."""
    assert bucket.one("aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = bucket.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]
    assert rule["transition"] == [{"days": 60, "storage_class": "GLACIER_IR"}]
    assert rule["expiration"] == [{"days": 400}]
    assert rule["abort_incomplete_multipart_upload"] == [{"days_after_initiation": 7}]


def test_a_locked_bucket_retains_every_new_object(bucket: Rendered) -> None:
    """A locked bucket is made with object lock and has the default retention asked for."""
    assert bucket.one("aws_s3_bucket")["object_lock_enabled"] is True
    lock = bucket.one("aws_s3_bucket_object_lock_configuration")
    assert lock["rule"] == {"default_retention": {"days": 365, "mode": "COMPLIANCE"}}


def test_a_bucket_logs_access_and_is_never_destroyed(bucket: Rendered) -> None:
    """A bucket sends access logs to its target, and Terraform refuses to destroy it."""
    logging = bucket.one("aws_s3_bucket_logging")
    assert logging["target_bucket"] == "acme-dev-data-access-logs"
    assert bucket.one("aws_s3_bucket")["lifecycle"] == {"prevent_destroy": True}


def test_companions_name_the_bucket_by_reference(bucket: Rendered) -> None:
    """Every companion refers to the bucket resource, so that policies and Terraform see the relation."""
    companions = [kind for kind in bucket.document["resource"] if kind.startswith("aws_s3_bucket_")]
    assert len(companions) == 8
    for kind in companions:
        assert bucket.one(kind)["bucket"].startswith("${aws_s3_bucket.")


def test_access_logs_come_from_this_account_only() -> None:
    """An access log bucket admits S3's log delivery for its own account, and uses SSE-S3 as that demands."""
    rendered = render(lambda scope: AccessLogBucket(scope, "access", naming=NAMING, of="data"))
    statement = rendered.policy("aws_s3_bucket_policy")["S3LogDelivery"]
    assert statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    (rule,) = rendered.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["sse_algorithm"] == "AES256"


def test_a_role_is_bounded_and_owns_its_policies() -> None:
    """A role has the boundary, one inline policy, and lists that remove what was added by hand."""
    rendered = render(
        lambda scope: Role(
            scope,
            "role",
            naming=NAMING,
            what="reader",
            description="reads",
            trust=[Statement("Lambda", actions=("sts:AssumeRole",), principals=service("lambda.amazonaws.com"))],
            boundary_arn=BOUNDARY,
            statements=[Statement("Read", actions=("s3:GetObject",), resources=("*",))],
            managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            session_seconds=7200,
        )
    )
    role = rendered.one("aws_iam_role")
    assert role["permissions_boundary"] == BOUNDARY
    assert role["max_session_duration"] == 7200
    assert len(rendered.one("aws_iam_role_policies_exclusive")["policy_names"]) == 1
    assert rendered.one("aws_iam_role_policy_attachments_exclusive")["policy_arns"] == [
        "arn:aws:iam::aws:policy/ReadOnlyAccess"
    ]


def test_a_log_group_has_retention_and_key() -> None:
    """A log group keeps its events for an explicit time and encrypts them."""
    group = render(lambda scope: LogGroup(scope, "g", name="/x", key_arn=KEY_ARN, retention_days=400)).one(
        "aws_cloudwatch_log_group"
    )
    assert (group["retention_in_days"], group["kms_key_id"]) == (400, KEY_ARN)


def test_a_function_is_encrypted_and_traced(function: Rendered) -> None:
    """A function's environment, dead letters and logs use the key; it is traced; its concurrency is bounded."""
    body = function.one("aws_lambda_function")
    assert body["kms_key_arn"] == KEY_ARN
    assert body["tracing_config"] == {"mode": "Active"}
    assert body["reserved_concurrent_executions"] == 5
    assert function.one("aws_sqs_queue")["kms_master_key_id"] == KEY_ARN
    assert function.one("aws_cloudwatch_log_group")["kms_key_id"] == KEY_ARN


def test_a_function_keeps_failed_events_for_14_days(function: Rendered) -> None:
    """A failed event goes to the dead-letter queue, which keeps it for 14 days."""
    target = function.one("aws_lambda_function")["dead_letter_config"]["target_arn"]
    assert target.startswith("${aws_sqs_queue.")
    assert function.one("aws_sqs_queue")["message_retention_seconds"] == 14 * 24 * 3600


def test_a_functions_role_has_no_managed_policy(function: Rendered) -> None:
    """A function's role is bounded and may do what was asked, plus logs, traces and dead letters."""
    assert function.one("aws_iam_role")["permissions_boundary"] == BOUNDARY
    assert function.all("aws_iam_role_policy_attachment") == {}
    policy = statements(function.one("aws_iam_role_policy")["policy"])
    assert set(policy) == {"WriteOwnLogs", "SendDeadLetters", "UseKey", "Trace", "Read"}


def test_an_archive_has_the_same_bytes_for_the_same_sources(tmp_path: Path) -> None:
    """Two functions from equal sources, whatever the files' times, ship equal archives."""
    contents = []
    for number in (1, 2):
        source = tmp_path / str(number)
        (source / "__pycache__").mkdir(parents=True)
        (source / "__pycache__" / "a.pyc").write_bytes(bytes([number]))
        (source / "a.py").write_text("A = 1\n")
        held: list[TestStack] = []

        def build(scope: Construct, source: Path = source, held: list[TestStack] = held) -> None:
            assert isinstance(scope, TestStack)
            held.append(scope)
            Function(
                scope,
                "f",
                naming=NAMING,
                what="f",
                source=source,
                handler="a.h",
                key_arn=KEY_ARN,
                boundary_arn=BOUNDARY,
                retention_days=30,
                statements=[],
            )

        render(build)
        contents.append(held[0].assets["f.zip"])
    assert contents[0] == contents[1]


def test_a_policy_document_refuses_two_statements_with_one_sid() -> None:
    """AWS would refuse such a document at apply; here it fails at synthesis."""
    statement = Statement("Same", actions=("s3:GetObject",), resources=("*",))
    with pytest.raises(ValueError, match="one Sid"):
        policy_document(statement, statement)


def test_a_statement_needs_actions_or_not_actions() -> None:
    """A statement with both, or with neither, is an error that names it."""
    with pytest.raises(ValueError, match="Both"):
        Statement("Both", actions=("a:b",), not_actions=("a:c",)).render()
    with pytest.raises(ValueError, match="Neither"):
        Statement("Neither", principals=ANYONE).render()


def test_a_statement_cannot_have_resources_and_not_resources() -> None:
    """IAM takes one of the two; a statement with both is an error that names it."""
    with pytest.raises(ValueError, match="Both: give either resources"):
        Statement("Both", actions=("a:b",), resources=("x",), not_resources=("y",)).render()


def test_a_policy_variable_reaches_iam_not_terraform() -> None:
    """A policy variable is escaped, so that Terraform hands it to IAM as it is."""
    document = policy_document(Statement("S", actions=("s3:*",), resources=(f"x/{policy_variable('aws:userid')}",)))
    assert json.loads(document)["Statement"][0]["Resource"] == "x/$${aws:userid}"


def test_a_role_whose_policy_iam_refuses_is_told_at_synthesis() -> None:
    """A reference counts as the shortest that it may become, so that nothing is refused that IAM would take."""

    def build(buckets: int) -> Rendered:
        return render(
            lambda scope: Role(
                scope,
                "role",
                naming=NAMING,
                what="reader",
                description="Reads",
                trust=[Statement("Jobs", actions=("sts:AssumeRole",), principals=service("glue.amazonaws.com"))],
                boundary_arn=BOUNDARY,
                statements=[
                    Statement(
                        "Read",
                        actions=("s3:GetObject",),
                        resources=[
                            f"arn:aws:s3:::bucket-{number:04}-${{a.long.reference}}/*" for number in range(buckets)
                        ],
                    )
                ],
            )
        )

    assert build(200).one("aws_iam_role_policy")
    with pytest.raises(ConfigError, match="the role acme-dev-reader is allowed so much by name that its policy has"):
        build(300)
