"""The model registry and model cards: approval, policies, sharing, and the events of versions."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

pytestmark = pytest.mark.e2e

REGISTRY, TEAM, STRANGER = "373737373737", "383838383838", "393939393939"
GROUP = {"ModelPackageGroupName": "acme-dev-fraud-scoring"}
GROUP_ARN = f"arn:aws:sagemaker:{REGION}:{REGISTRY}:model-package-group/acme-dev-fraud-scoring"
CARD = {"TypeName": "AWS::SageMaker::ModelCard", "Identifier": "acme-dev-fraud-scoring"}


@pytest.fixture(scope="module", name="registry")
def _registry(client: Client) -> Any:
    sagemaker = client("sagemaker", REGISTRY)
    sagemaker.create_model_package_group(**GROUP)
    return sagemaker


def _policy(*actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TEAM}:root"}, "Action": list(actions)}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": GROUP_ARN}]})


def test_a_version_waits_for_approval_and_keeps_what_is_not_changed(registry: Any) -> None:
    """Versions are numbered once, pending by default; approving leaves metadata as they are; a full group stays."""
    first = registry.create_model_package(**GROUP, CustomerMetadataProperties={"commit": "abc"})["ModelPackageArn"]
    assert first == GROUP_ARN.replace("-group", "") + "/1"
    found = registry.describe_model_package(ModelPackageName=first)
    assert (found["ModelApprovalStatus"], found["ModelPackageVersion"]) == ("PendingManualApproval", 1)
    registry.update_model_package(ModelPackageArn=first, ModelApprovalStatus="Approved", ApprovalDescription="good")
    found = registry.describe_model_package(ModelPackageName=first)
    assert (found["ModelApprovalStatus"], found["CustomerMetadataProperties"]) == ("Approved", {"commit": "abc"})
    second = registry.create_model_package(**GROUP)["ModelPackageArn"]
    pending = registry.list_model_packages(**GROUP, ModelApprovalStatus="PendingManualApproval")
    assert [each["ModelPackageArn"] for each in pending["ModelPackageSummaryList"]] == [second]
    newest = registry.list_model_packages(**GROUP, SortOrder="Descending")["ModelPackageSummaryList"]
    assert [each["ModelPackageVersion"] for each in newest] == [2, 1]
    registry.delete_model_package(ModelPackageName=second)
    third = registry.create_model_package(**GROUP)["ModelPackageArn"]
    assert third.endswith("/3")
    with pytest.raises(ClientError, match="still has versions"):
        registry.delete_model_package_group(**GROUP)
    with pytest.raises(ClientError, match="has a name, or is a version"):
        registry.create_model_package(**GROUP, ModelPackageName="other")


def test_a_version_says_who_made_and_who_changed_it(registry: Any, client: Client) -> None:
    """By the session of the role that was assumed, as approvals are judged by it."""
    arn = registry.create_model_package(**GROUP)["ModelPackageArn"]
    made = registry.describe_model_package(ModelPackageName=arn)
    assert made["CreatedBy"]["IamIdentity"]["Arn"] == f"arn:aws:sts::{REGISTRY}:assumed-role/apply/test"
    assert "LastModifiedBy" not in made
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    changed = registry.describe_model_package(ModelPackageName=arn)
    assert changed["LastModifiedBy"] == made["CreatedBy"], "a role has one id in all its sessions"
    assert changed["LastModifiedTime"] > made["LastModifiedTime"]
    hour = timedelta(hours=1)
    for since, found in ((made["CreationTime"] - hour, True), (made["CreationTime"] + hour, False)):
        listed = registry.list_model_packages(**GROUP, CreationTimeAfter=since)["ModelPackageSummaryList"]
        assert (arn in [each["ModelPackageArn"] for each in listed]) == found


def test_to_find_a_group_takes_a_share_and_to_register_in_it_a_policy(registry: Any, client: Client) -> None:
    """A share shows and reads; a policy lets an account do what it names, and nobody else anything."""
    theirs, stranger = client("sagemaker", TEAM), client("sagemaker", STRANGER)
    assert (
        theirs.list_model_package_groups(CrossAccountFilterOption="CrossAccount")["ModelPackageGroupSummaryList"] == []
    )
    by_arn = {"ModelPackageGroupName": GROUP_ARN}
    with pytest.raises(ClientError, match="AccessDenied"):
        theirs.describe_model_package_group(**by_arn)
    client("ram", REGISTRY).create_resource_share(
        name="models", resourceArns=[GROUP_ARN], principals=[TEAM], allowExternalPrincipals=True
    )
    (found,) = theirs.list_model_package_groups(CrossAccountFilterOption="CrossAccount")["ModelPackageGroupSummaryList"]
    assert found["ModelPackageGroupArn"] == GROUP_ARN
    assert theirs.describe_model_package_group(**by_arn)["ModelPackageGroupName"] == GROUP["ModelPackageGroupName"]
    with pytest.raises(ClientError, match="lets 383838383838 do no sagemaker:CreateModelPackage"):
        theirs.create_model_package(**by_arn)
    registry.put_model_package_group_policy(**GROUP, ResourcePolicy=_policy("sagemaker:CreateModelPackage"))
    arn = theirs.create_model_package(**by_arn)["ModelPackageArn"]
    assert arn.split(":")[4] == REGISTRY
    approval = {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved"}
    with pytest.raises(ClientError, match="no sagemaker:UpdateModelPackage"):
        theirs.update_model_package(**approval)
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.describe_model_package(ModelPackageName=arn)


def test_a_policy_is_kept_until_it_is_deleted(registry: Any) -> None:
    """What is no policy is refused; one that is gone cannot be read."""
    with pytest.raises(ClientError, match="JSON with statements"):
        registry.put_model_package_group_policy(**GROUP, ResourcePolicy="[]")
    document = _policy("sagemaker:DescribeModelPackage")
    registry.put_model_package_group_policy(**GROUP, ResourcePolicy=document)
    assert registry.get_model_package_group_policy(**GROUP)["ResourcePolicy"] == document
    registry.delete_model_package_group_policy(**GROUP)
    with pytest.raises(ClientError, match="Cannot find resource policy"):
        registry.get_model_package_group_policy(**GROUP)


def test_an_approval_is_told_on_another_accounts_bus(registry: Any, client: Client) -> None:
    """The event keeps its account and source on the way; a function as target, which nothing runs, stops no other."""
    events, theirs, sqs = client("events", REGISTRY), client("events", TEAM), client("sqs", TEAM)
    queue = sqs.create_queue(QueueName="approved")["QueueUrl"]
    bus = theirs.create_event_bus(Name="acme-dev-models")["EventBusArn"]
    pattern = json.dumps({"source": ["aws.sagemaker"], "detail": {"ModelApprovalStatus": ["Approved"]}})
    theirs.put_rule(Name="approved", EventBusName="acme-dev-models", EventPattern=pattern)
    arn = f"arn:aws:sqs:{REGION}:{TEAM}:approved"
    theirs.put_targets(Rule="approved", EventBusName="acme-dev-models", Targets=[{"Id": "queue", "Arn": arn}])
    events.put_rule(Name="models", EventPattern=json.dumps({"source": ["aws.sagemaker"]}))
    function = f"arn:aws:lambda:{REGION}:{REGISTRY}:function:inventory"
    events.put_targets(Rule="models", Targets=[{"Id": "function", "Arn": function}, {"Id": "bus", "Arn": bus}])
    version = registry.create_model_package(**GROUP)["ModelPackageArn"]
    registry.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(message["Body"])
    assert (event["account"], event["detail-type"]) == (REGISTRY, "SageMaker Model Package State Change")
    assert event["resources"] == [version]
    assert event["detail"]["UpdatedModelPackageFields"] == ["ModelApprovalStatus"]
    events.disable_rule(Name="models")
    registry.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)


def test_a_card_of_cloud_control_is_the_one_that_sagemaker_knows(registry: Any, client: Client) -> None:
    """A changed content is a version, a changed status none; each keeps the other; wrong sections are refused."""
    control = client("cloudcontrol", REGISTRY)
    content = {"ModelOverview": {"ModelOwner": "ml"}, "AdditionalInformation": {"CustomDetails": {"runBook": "r"}}}
    wanted = {"ModelCardName": CARD["Identifier"], "ModelCardStatus": "Draft", "Content": content}
    kind = CARD["TypeName"]
    wrong = json.dumps({**wanted, "Content": {"Nonsense": {}}})
    with pytest.raises(ClientError, match="no section Nonsense"):
        control.create_resource(TypeName=kind, DesiredState=wrong)
    control.create_resource(TypeName=kind, DesiredState=json.dumps(wanted))
    with pytest.raises(ClientError, match="AlreadyExists"):
        control.create_resource(TypeName=kind, DesiredState=json.dumps(wanted))
    name = {"ModelCardName": CARD["Identifier"]}
    said = json.loads(registry.describe_model_card(**name)["Content"])
    assert said == {
        "model_overview": {"model_owner": "ml"},
        "additional_information": {"custom_details": {"runBook": "r"}},
    }
    registry.update_model_card(**name, ModelCardStatus="PendingReview")
    patch = [{"op": "replace", "path": "/Content/ModelOverview/ModelOwner", "value": "risk"}]
    control.update_resource(**CARD, PatchDocument=json.dumps(patch))
    found = json.loads(control.get_resource(**CARD)["ResourceDescription"]["Properties"])
    assert (found["ModelCardStatus"], found["ModelCardVersion"]) == ("PendingReview", 2)
    assert found["Content"] == {**content, "ModelOverview": {"ModelOwner": "risk"}}
    gone = [{"op": "remove", "path": "/Content/BusinessDetails"}]
    with pytest.raises(ClientError, match="cannot remove /Content/BusinessDetails"):
        control.update_resource(**CARD, PatchDocument=json.dumps(gone))
    with pytest.raises(ClientError, match="not of both"):
        registry.update_model_card(**name, ModelCardStatus="Draft", Content="{}")
    control.delete_resource(**CARD)
    with pytest.raises(ClientError, match="does not exist"):
        registry.describe_model_card(**name)


def test_a_card_is_one_of_what_is_tagged(registry: Any, client: Client) -> None:
    """The Resource Groups Tagging API, which tells whose things are, lists it once for all its versions."""
    tags = [{"Key": "Team", "Value": "fraud"}]
    made = registry.create_model_card(ModelCardName="tagged", Content="{}", ModelCardStatus="Draft", Tags=tags)
    registry.update_model_card(ModelCardName="tagged", Content='{"a": 1}')
    found = client("resourcegroupstaggingapi", REGISTRY).get_resources(ResourceTypeFilters=["sagemaker:model-card"])
    assert {"ResourceARN": made["ModelCardArn"], "Tags": tags} in found["ResourceTagMappingList"]
    assert len([each for each in found["ResourceTagMappingList"] if each["ResourceARN"] == made["ModelCardArn"]]) == 1
