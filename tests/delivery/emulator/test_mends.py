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


def test_a_permission_set_keeps_boundary_tags_and_policies(client: Client) -> None:
    """Its ARN is one of AWS's; a boundary can be read, replaced and removed; tags merge; a policy may have a path."""
    sso = client("sso-admin", MANAGER)
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    made = sso.create_permission_set(InstanceArn=instance, Name="s", Tags=[{"Key": "a", "Value": "1"}])
    arn = made["PermissionSet"]["PermissionSetArn"]
    assert arn.startswith("arn:aws:sso:::permissionSet/ssoins-")
    both = {"InstanceArn": instance, "PermissionSetArn": arn}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.get_permissions_boundary_for_permission_set(**both)
    boundary = {"CustomerManagedPolicyReference": {"Name": "b", "Path": "/"}}
    sso.put_permissions_boundary_to_permission_set(**both, PermissionsBoundary=boundary)
    assert sso.get_permissions_boundary_for_permission_set(**both)["PermissionsBoundary"] == boundary
    sso.delete_permissions_boundary_from_permission_set(**both)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.delete_permissions_boundary_from_permission_set(**both)
    sso.tag_resource(InstanceArn=instance, ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    sso.untag_resource(InstanceArn=instance, ResourceArn=arn, TagKeys=["a"])
    assert sso.list_tags_for_resource(InstanceArn=instance, ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    policy = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    sso.attach_managed_policy_to_permission_set(**both, ManagedPolicyArn=policy)
    attached = sso.list_managed_policies_in_permission_set(**both)["AttachedManagedPolicies"]
    assert [one["Arn"] for one in attached] == [policy]


def test_attributes_for_access_control_exist_once(client: Client) -> None:
    """They are kept as given, made once, and gone when deleted."""
    sso = client("sso-admin", MANAGER)
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    team = {"AccessControlAttributes": [{"Key": "Team", "Value": {"Source": ["${path:enterprise.department}"]}}]}
    given = {"InstanceArn": instance, "InstanceAccessControlAttributeConfiguration": team}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.update_instance_access_control_attribute_configuration(**given)
    sso.create_instance_access_control_attribute_configuration(**given)
    with pytest.raises(ClientError, match="ConflictException"):
        sso.create_instance_access_control_attribute_configuration(**given)
    found = sso.describe_instance_access_control_attribute_configuration(InstanceArn=instance)
    assert found["InstanceAccessControlAttributeConfiguration"] == team
    sso.delete_instance_access_control_attribute_configuration(InstanceArn=instance)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.describe_instance_access_control_attribute_configuration(InstanceArn=instance)


def test_an_assignment_that_is_asked_for_twice_is_one(client: Client) -> None:
    """A retried CreateAccountAssignment leaves one assignment, as on AWS."""
    sso = client("sso-admin", MANAGER)
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    made = sso.create_permission_set(InstanceArn=instance, Name="twice")["PermissionSet"]["PermissionSetArn"]
    both = {"InstanceArn": instance, "PermissionSetArn": made}
    group = "11111111-2222-3333-4444-555555555555"
    for _ in range(2):
        sso.create_account_assignment(
            **both, PrincipalType="GROUP", PrincipalId=group, TargetType="AWS_ACCOUNT", TargetId=ACCOUNT
        )
    found = sso.list_account_assignments(**both, AccountId=ACCOUNT)["AccountAssignments"]
    assert [one["PrincipalId"] for one in found] == [group]


def test_an_alarm_keeps_the_account_of_its_metric(client: Client) -> None:
    """It is given back with each query that names one, and with no other."""
    cloudwatch = client("cloudwatch", ACCOUNT)
    metric = {"Namespace": "AWS/SQS", "MetricName": "Age", "Dimensions": [{"Name": "QueueName", "Value": "q"}]}
    stat = {"Metric": metric, "Period": 300, "Stat": "Maximum"}
    cloudwatch.put_metric_alarm(
        AlarmName="of-others",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Threshold=0,
        Metrics=[
            {"Id": "there", "MetricStat": stat, "AccountId": MANAGER, "ReturnData": False},
            {"Id": "here", "MetricStat": stat, "ReturnData": True},
        ],
    )
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["of-others"])["MetricAlarms"]
    assert [query.get("AccountId") for query in alarm["Metrics"]] == [MANAGER, None]


def test_a_table_of_dynamodb_tells_all_its_tags_at_once(client: Client) -> None:
    """Terraform asks once, and would find tags missing again and again."""
    tags = [{"Key": f"tag-{number}", "Value": "x"} for number in range(12)]
    dynamodb = client("dynamodb", ACCOUNT)
    keys = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    made = dynamodb.create_table(TableName="tagged", BillingMode="PAY_PER_REQUEST", Tags=tags, **keys)
    arn = made["TableDescription"]["TableArn"]
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == tags


def test_a_trail_says_that_it_selects(client: Client) -> None:
    """Terraform asks for selectors only where the trail says it has some; each put of insights replaces the last."""
    client("s3").create_bucket(Bucket="mended-trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    trails = client("cloudtrail")
    trails.create_trail(Name="mended", S3BucketName="mended-trail")

    def said() -> tuple[bool, bool]:
        trail = trails.get_trail(Name="mended")["Trail"]
        return trail["HasCustomEventSelectors"], trail["HasInsightSelectors"]

    assert said() == (False, False)
    selector = {"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    trails.put_event_selectors(TrailName="mended", AdvancedEventSelectors=[selector])
    for kind in ("ApiCallRateInsight", "ApiErrorRateInsight"):
        trails.put_insight_selectors(TrailName="mended", InsightSelectors=[{"InsightType": kind}])
    assert said() == (True, True)
    assert trails.get_insight_selectors(TrailName="mended")["InsightSelectors"] == [
        {"InsightType": "ApiErrorRateInsight"}
    ]
