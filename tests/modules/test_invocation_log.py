"""What models of Bedrock are asked and answer is kept whole, and read masked."""

from __future__ import annotations

import pytest

from modules.observability.invocation_log import BEDROCK, InvocationLog
from modules.observability.log_catalogue import purpose_of
from modules.observability.telemetry_settings import InvocationLogSettings
from tests.support.rendering import NAMING, Rendered, render, statements

KEY = "arn:aws:kms:eu-west-1:222222222222:key/logs"
HERE = {
    "StringEquals": {"aws:SourceAccount": "222222222222"},
    "ArnLike": {"aws:SourceArn": "arn:aws:bedrock:eu-west-1:222222222222:*"},
}


@pytest.fixture(name="log", scope="module")
def _log() -> Rendered:
    return render(
        lambda scope: InvocationLog(
            scope,
            "invocations",
            naming=NAMING,
            settings=InvocationLogSettings(expire_after_days=200),
            logs_key_arn=KEY,
            log_days=731,
            boundary_arn="arn:aws:iam::222222222222:policy/boundary",
        )
    )


def _bucket_policy(log: Rendered) -> dict[str, dict[str, object]]:
    policies = (statements(body["policy"]) for body in log.all("aws_s3_bucket_policy").values())
    return next(policy for policy in policies if "BedrockWrites" in policy)


def test_no_kind_of_data_is_left_out(log: Rendered) -> None:
    """Text, images, embeddings and video go to the bucket and to the log group."""
    logged = log.one("aws_bedrock_model_invocation_logging_configuration")["logging_config"]
    assert {kind: logged[f"{kind}_data_delivery_enabled"] for kind in ("text", "image", "embedding", "video")} == {
        kind: True for kind in ("text", "image", "embedding", "video")
    }
    assert logged["s3_config"]["bucket_name"] == "acme-dev-fraud-dev-bedrock-log"
    assert logged["cloudwatch_config"]["log_group_name"].startswith("${aws_cloudwatch_log_group.")


def test_bedrock_alone_writes_and_for_this_account_alone(log: Rendered) -> None:
    """Bucket, key and role let Bedrock in when it acts for this account and region, and nobody else."""
    policy = _bucket_policy(log)
    key = log.policy("aws_kms_key")
    trust = log.policy("aws_iam_role", "assume_role_policy")
    for statement in (policy["BedrockWrites"], key["BedrockEncrypts"], trust["Bedrock"]):
        assert statement["Principal"] == {"Service": BEDROCK}
        assert statement["Condition"] == HERE
    assert [sid for sid, each in policy.items() if each["Effect"] == "Allow"] == ["BedrockWrites"]
    assert set(key) == {"AccountDecidesByIam", "BedrockEncrypts"}
    assert key["BedrockEncrypts"]["Action"] == "kms:GenerateDataKey"


def test_no_call_is_deleted_before_its_time(log: Rendered) -> None:
    """Deleting is denied to everybody; objects expire as set."""
    denied = _bucket_policy(log)["NobodyDeletes"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert "Condition" not in denied
    rules = [
        rule
        for body in log.all("aws_s3_bucket_lifecycle_configuration").values()
        for rule in body["rule"]
        if "expiration" in rule
    ]
    assert {"days": 200} in [days for rule in rules for days in _listed(rule["expiration"])]


def test_people_read_the_log_group(log: Rendered) -> None:
    """The log group is catalogued, kept as set, under the account's key for logs, and Bedrock writes one stream."""
    group = log.one("aws_cloudwatch_log_group")
    found = purpose_of(group["name"])
    assert found is not None
    assert (found.name, group["retention_in_days"], group["kms_key_id"]) == ("bedrock-invocations", 731, KEY)
    writes = log.policy("aws_iam_role_policy")["WriteInvocations"]
    assert writes["Resource"] == (
        f"arn:aws:logs:eu-west-1:222222222222:log-group:{group['name']}:log-stream:aws/bedrock/modelinvocations"
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
