"""Where moto alone answers otherwise than AWS, and the emulator does not."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

ACCOUNT, MANAGER = "444444444444", "555555555555"


@pytest.fixture
def function(client: Client) -> Any:
    """A Lambda client in whose account the function `f` exists, as the bare minimum."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("f.py", "def handler(event, context):\n    return None\n")
    lambda_ = client("lambda", ACCOUNT)
    client("iam", ACCOUNT).create_role(
        RoleName="f", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []})
    )
    role = f"arn:aws:iam::{ACCOUNT}:role/f"
    code = {"ZipFile": packed.getvalue()}
    lambda_.create_function(FunctionName="f", Role=role, Runtime="python3.13", Handler="f.handler", Code=code)
    return lambda_


def test_a_function_keeps_what_it_is_updated_with(function: Any) -> None:
    """Dead letter queue, logging, key, tracing and storage are given back after an update; clearing one clears it."""
    assert function.get_function_configuration(FunctionName="f")["LoggingConfig"] == {
        "LogFormat": "Text",
        "LogGroup": "/aws/lambda/f",
    }
    changed = {
        "DeadLetterConfig": {"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/acme/f", "ApplicationLogLevel": "INFO"},
        "KMSKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1",
        "TracingConfig": {"Mode": "Active"},
        "EphemeralStorage": {"Size": 1024},
    }
    function.update_function_configuration(FunctionName="f", **changed)
    configuration = function.get_function_configuration(FunctionName="f")
    assert {name: configuration[name] for name in changed} == changed
    function.update_function_configuration(FunctionName="f", DeadLetterConfig={"TargetArn": ""})
    assert "DeadLetterConfig" not in function.get_function_configuration(FunctionName="f")


def test_a_queue_keeps_its_policy_when_another_attribute_is_set(client: Client) -> None:
    """SetQueueAttributes changes only what it names; a redrive policy has no spaces; an empty one is absent."""
    sqs = client("sqs", ACCOUNT)
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.create_queue(QueueName="dead")
    url = sqs.create_queue(QueueName="main", Attributes={"Policy": policy})["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead", "maxReceiveCount": 3}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(redrive)})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": '{"redrivePermission":"denyAll"}'})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["Policy"] == policy
    assert attributes["RedrivePolicy"] == json.dumps(redrive, separators=(",", ":"))
    assert attributes["RedriveAllowPolicy"] == '{"redrivePermission":"denyAll"}'
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})
    assert "RedriveAllowPolicy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def test_an_organisation_knows_all_policy_types_and_outlives_no_closed_account(client: Client) -> None:
    """Each policy has its type in its ARN; an open account keeps the organisation alive, a closed one does not."""
    organizations = client("organizations", MANAGER)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    for kind in ("BACKUP_POLICY", "CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2"):
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
        made = organizations.create_policy(Name=kind, Description="-", Type=kind, Content="{}")["Policy"][
            "PolicySummary"
        ]
        assert f":policy/{organizations.describe_organization()['Organization']['Id']}/{kind.lower()}/" in made["Arn"]
        assert organizations.list_policies(Filter=kind)["Policies"][0]["Type"] == kind
    with pytest.raises(ClientError, match="InvalidInputException"):
        organizations.enable_aws_service_access(ServicePrincipal="no-such.amazonaws.com")
    status = organizations.create_account(AccountName="a", Email="a@example.com")["CreateAccountStatus"]
    with pytest.raises(ClientError, match="OrganizationNotEmptyException"):
        organizations.delete_organization()
    organizations.close_account(AccountId=status["AccountId"])
    assert organizations.describe_account(AccountId=status["AccountId"])["Account"]["Status"] == "SUSPENDED"
    organizations.delete_organization()


def test_a_key_rotates_as_often_as_it_was_told(client: Client) -> None:
    """The period is kept, is a year when none was given, and is not shown for a key that does not rotate."""
    kms = client("kms", ACCOUNT)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(ClientError, match="UnsupportedOperationException"):
        kms.enable_key_rotation(KeyId=signing)
