"""Repairs of what AWS Config found: never without an approval, and by roles that can do no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from constructs import Construct

from modules.foundations.config.contract import ApprovalsContract
from modules.foundations.config.pack import OfferedRepair, Pack
from modules.foundations.config.repair_approvals import RepairApprovals
from modules.foundations.config.repair_documents import RepairDocuments
from modules.foundations.config.repair_roles import RepairRoles
from modules.foundations.config.repair_scripts import close_security_group, stop_notebook
from modules.foundations.config.repairs import REPAIRS
from modules.foundations.config.rules import Rule
from tests.support.rendering import NAMING, render, statements

TOOLING = replace(NAMING, environment="org", account="security-tooling", account_id="333333333333")
APPROVALS = ApprovalsContract(**ApprovalsContract.names(TOOLING))
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
MANAGED = Rule("s3-bucket-acl-prohibited", "DATA-08: test", "S3_BUCKET_ACL_PROHIBITED", None, (), {})
PUBLIC = replace(MANAGED, name="public", repair="block-public-bucket")


def test_no_repair_of_a_pack_starts_by_itself() -> None:
    """A repair is offered for its type by the document of the account, and not automatic."""
    offered = {"block-public-bucket": OfferedRepair("AWS::S3::Bucket", "acme-org-block-public-bucket")}
    resources = json.loads(Pack("repairs", [PUBLIC, MANAGED], offered).template)["Resources"]
    assert set(resources) == {"Public", "PublicRepair", "S3BucketAclProhibited"}
    repair = resources["PublicRepair"]
    assert repair["DependsOn"] == "Public"
    assert repair["Properties"]["Automatic"] is False
    assert repair["Properties"]["TargetId"] == "acme-org-block-public-bucket"


def _documents() -> dict[str, dict[str, Any]]:
    rendered = render(lambda scope: RepairDocuments(scope, "repairs", naming=NAMING, approvals=APPROVALS))
    return {body["name"]: json.loads(body["content"]) for body in rendered.all("aws_ssm_document").values()}


def test_a_repair_waits_for_the_approver_and_runs_as_the_repair_role() -> None:
    """The first step of every document asks the approver role, and without approval nothing follows."""
    documents = _documents()
    assert set(documents) == {f"acme-org-{key}" for key in REPAIRS}
    for document in documents.values():
        approve, repair = document["mainSteps"]
        assert (approve["action"], approve["onFailure"]) == ("aws:approve", "Abort")
        assert approve["inputs"]["Approvers"] == ["arn:aws:iam::222222222222:role/acme-org-repair-approver"]
        assert approve["inputs"]["NotificationArn"] == "arn:aws:sns:eu-west-1:333333333333:acme-org-repair-approvals"
        assert document["assumeRole"] == "arn:aws:iam::222222222222:role/acme-org-repair"
        assert "{{ ResourceId }}" in json.dumps(repair["inputs"])


def test_scripts_of_repairs_run_as_they_are_shipped() -> None:
    """The text of each script defines its handler, and needs nothing but itself."""
    for document in _documents().values():
        inputs = document["mainSteps"][1]["inputs"]
        if "Script" in inputs:
            space: dict[str, Any] = {}
            exec(inputs["Script"], space)
            assert callable(space[inputs["Handler"]])


def roles(scope: Construct) -> RepairRoles:
    """The roles of repairs in one account."""
    return RepairRoles(
        scope,
        "roles",
        naming=NAMING,
        boundary_arn=BOUNDARY,
        approver_roles=["aws-reserved/*auditor_*"],
        topics="arn:aws:sns:*:333333333333:acme-org-repair-approvals",
        tooling_account_id="333333333333",
    )


def test_who_approves_cannot_repair_and_nobody_becomes_the_repair_role() -> None:
    """Systems Manager alone becomes the repair role; approvers may answer executions and nothing else."""
    rendered = render(roles)
    by_name = {body["name"]: body for body in rendered.all("aws_iam_role").values()}
    repair = statements(by_name["acme-org-repair"]["assume_role_policy"])["Automation"]
    assert repair["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert repair["Condition"]["StringEquals"] == {"aws:SourceAccount": "222222222222"}
    approver = statements(by_name["acme-org-repair-approver"]["assume_role_policy"])["Approvers"]
    assert approver["Condition"] == {
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/aws-reserved/*auditor_*"}
    }
    policies = {body["name"]: statements(body["policy"]) for body in rendered.all("aws_iam_role_policy").values()}
    assert {action for one in policies["repair-approver"].values() for action in one["Action"]} == {
        "ssm:GetAutomationExecution",
        "ssm:SendAutomationSignal",
    }
    assert all(body["permissions_boundary"] == BOUNDARY for body in by_name.values())


def test_only_repair_roles_of_the_organisation_ask_for_approval() -> None:
    """Topic and key admit the organisation, and of it the repair roles alone; the topic is under the key."""
    rendered = render(
        lambda scope: RepairApprovals(
            scope, "approvals", naming=TOOLING, organization_id="o-acme123456", email="security@acme.example"
        )
    )
    policy = rendered.policy("aws_sns_topic_policy")
    assert policy["OrganizationAsks"]["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-acme123456"}}
    repairers = {"aws:PrincipalArn": "arn:aws:iam::*:role/acme-org-repair"}
    assert policy["RepairersAlone"]["Effect"] == policy["DenyInsecureTransport"]["Effect"] == "Deny"
    assert policy["RepairersAlone"]["Condition"] == {"ArnNotLike": repairers}
    key = rendered.policy("aws_kms_key")["RepairersEncrypt"]
    assert key["Condition"]["ArnLike"] == repairers
    assert "aws_kms_key" in rendered.one("aws_sns_topic")["kms_master_key_id"]


@pytest.fixture(name="stubbed")
def _stubbed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Stubber]:
    """`stubbed(service)`: boto3 gives the scripts a client that checks requests against AWS's model."""

    def stub(service: str) -> Stubber:
        client = boto3.client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        stubber = Stubber(client)
        stubber.activate()
        monkeypatch.setattr(boto3, "client", lambda name: {service: client}[name])
        return stubber

    return stub


def test_every_rule_of_a_closed_security_group_is_revoked(stubbed: Callable[[str], Stubber]) -> None:
    """Ingress and egress are revoked, each by the calls that AWS has for it; where there is none, nothing is called."""
    ec2 = stubbed("ec2")
    rules = [{"SecurityGroupRuleId": "sgr-1", "IsEgress": False}, {"SecurityGroupRuleId": "sgr-2", "IsEgress": True}]
    asked = {"Filters": [{"Name": "group-id", "Values": ["sg-1"]}]}
    ec2.add_response("describe_security_group_rules", {"SecurityGroupRules": rules}, asked)
    for way, rule in (("ingress", "sgr-1"), ("egress", "sgr-2")):
        revoked = {"GroupId": "sg-1", "SecurityGroupRuleIds": [rule]}
        ec2.add_response(f"revoke_security_group_{way}", {"Return": True}, revoked)
    assert close_security_group({"ResourceId": "sg-1"}, None) == {"revoked": 2}
    ec2.add_response("describe_security_group_rules", {"SecurityGroupRules": []}, asked)
    assert close_security_group({"ResourceId": "sg-1"}, None) == {"revoked": 0}
    ec2.assert_no_pending_responses()


@pytest.mark.parametrize("resource", ["open", "arn:aws:sagemaker:eu-west-1:222222222222:notebook-instance/open"])
def test_a_notebook_is_stopped_by_name_or_arn(stubbed: Callable[[str], Stubber], resource: str) -> None:
    """A running instance is stopped; one that is stopped already is left alone."""
    sagemaker, named = stubbed("sagemaker"), {"NotebookInstanceName": "open"}
    sagemaker.add_response("describe_notebook_instance", {"NotebookInstanceStatus": "InService"}, named)
    sagemaker.add_response("stop_notebook_instance", {}, named)
    assert stop_notebook({"ResourceId": resource}, None) == {"found": "InService"}
    sagemaker.add_response("describe_notebook_instance", {"NotebookInstanceStatus": "Stopped"}, named)
    assert stop_notebook({"ResourceId": resource}, None) == {"found": "Stopped"}
    sagemaker.assert_no_pending_responses()
