"""AWS Config: history, recorders, rules, packs and repairs keep what their docstrings guarantee."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from constructs import Construct

from modules.foundations.config.aggregator import OrganizationAggregator
from modules.foundations.config.conformance_packs import ConformancePacks
from modules.foundations.config.contract import ApprovalsContract
from modules.foundations.config.organization_rules import OrganizationRules
from modules.foundations.config.pack import TEMPLATE_LIMIT, OfferedRepair, Pack
from modules.foundations.config.recorder import ConfigRecorder
from modules.foundations.config.repair_approvals import RepairApprovals
from modules.foundations.config.repair_documents import RepairDocuments
from modules.foundations.config.repair_roles import RepairRoles
from modules.foundations.config.repair_scripts import close_security_group, stop_notebook
from modules.foundations.config.repairs import REPAIRS
from modules.foundations.config.rules import Rule
from modules.foundations.config.settings import ConfigSettings, RecorderSettings
from modules.observability.config_history import ConfigHistory
from modules.observability.contract import ConfigHistoryContract
from modules.observability.settings import ConfigHistorySettings
from tests.support.rendering import NAMING, Rendered, render, statements

TOOLING = replace(NAMING, environment="org", account="security-tooling", account_id="333333333333")
HISTORY = ConfigHistoryContract("acme-org-config", "arn:aws:kms:eu-west-1:444444444444:key/k")
APPROVALS = ApprovalsContract(**ApprovalsContract.names(TOOLING))
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
MANAGED = Rule("s3-bucket-acl-prohibited", "DATA-08: test", "S3_BUCKET_ACL_PROHIBITED", None, (), {})
CUSTOM = Rule("glue-job", "DATA-14: test", None, "rule x { a == '${b}' }", ("AWS::Glue::Job",), {"limit": "3"})
PUBLIC = replace(MANAGED, name="public", repair="block-public-bucket")


def recorder(settings: RecorderSettings | None = None, *, at_home: bool = True) -> Rendered:
    """A recorder, at home unless told otherwise."""
    return render(
        lambda scope: ConfigRecorder(
            scope,
            "config",
            naming=NAMING,
            settings=settings or RecorderSettings(),
            history=HISTORY,
            at_home=at_home,
        )
    )


def test_only_recorders_of_the_organisation_write_history_and_nobody_deletes_it() -> None:
    """AWS Config writes below AWSLogs/<account>/Config/ for this organisation; deletes are denied to everyone."""
    history = render(
        lambda scope: ConfigHistory(
            scope,
            "history",
            naming=TOOLING,
            settings=ConfigHistorySettings(),
            organization_id="o-acme123456",
            access_logs="acme-org-access-logs",
        )
    )
    policy = history.policy("aws_s3_bucket_policy")
    assert set(policy) == {"DenyInsecureTransport", "RecordersCheckBucket", "RecordersWrite", "NobodyDeletes"}
    assert policy["RecordersWrite"]["Resource"] == "arn:aws:s3:::acme-org-config/AWSLogs/*/Config/*"
    assert policy["NobodyDeletes"]["Principal"] == "*"
    assert "Condition" not in policy["NobodyDeletes"]
    for statement in (policy["RecordersCheckBucket"], policy["RecordersWrite"]):
        assert statement["Principal"] == {"Service": "config.amazonaws.com"}
        assert statement["Condition"]["StringEquals"]["aws:SourceOrgID"] == "o-acme123456"
    key = history.policy("aws_kms_key")["RecordersEncrypt"]
    assert key["Condition"] == {"StringEquals": {"aws:SourceOrgID": "o-acme123456"}}
    assert history.all("aws_s3_bucket_object_lock_configuration") == {}


def test_everything_is_recorded_continuously_and_delivered_under_the_key() -> None:
    """Without settings the recorder takes all types, is on, and delivers to the history bucket under its key."""
    rendered = recorder()
    body = rendered.one("aws_config_configuration_recorder")
    assert body["recording_group"] == {"all_supported": True, "include_global_resource_types": True}
    assert body["recording_mode"] == {"recording_frequency": "CONTINUOUS"}
    channel = rendered.one("aws_config_delivery_channel")
    assert (channel["s3_bucket_name"], channel["s3_kms_key_arn"]) == ("acme-org-config", HISTORY.history_key_arn)
    assert rendered.one("aws_config_configuration_recorder_status")["is_enabled"] is True
    assert rendered.one("aws_config_retention_configuration")["retention_period_in_days"] == 2557


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_what_is_global_is_made_and_recorded_at_home_alone(partition: str) -> None:
    """Abroad there is no service-linked role, its ARN is computed, and identities are not recorded."""
    assert recorder().all("aws_iam_service_linked_role")
    abroad = render(
        lambda scope: ConfigRecorder(
            scope,
            "config",
            naming=replace(NAMING, partition=partition),
            settings=RecorderSettings(),
            history=HISTORY,
            at_home=False,
        )
    )
    assert abroad.all("aws_iam_service_linked_role") == {}
    body = abroad.one("aws_config_configuration_recorder")
    role = f"arn:{partition}:iam::222222222222:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    assert body["role_arn"] == role
    assert body["recording_group"]["include_global_resource_types"] is False


def test_excluded_types_and_identities_abroad_are_left_out() -> None:
    """With exclusions AWS takes another strategy, in which identities are excluded by name outside the home region."""
    settings = RecorderSettings(excluded_types=("AWS::EC2::NetworkInterface",))
    group = recorder(settings).one("aws_config_configuration_recorder")["recording_group"]
    assert group["exclusion_by_resource_types"] == [{"resource_types": ["AWS::EC2::NetworkInterface"]}]
    assert group["recording_strategy"] == [{"use_only": "EXCLUSION_BY_RESOURCE_TYPES"}]
    abroad = recorder(settings, at_home=False).one("aws_config_configuration_recorder")["recording_group"]
    assert "AWS::IAM::Role" in abroad["exclusion_by_resource_types"][0]["resource_types"]


def test_types_that_change_often_are_recorded_daily() -> None:
    """`daily_types` override the continuous mode for these types alone."""
    mode = recorder(RecorderSettings(daily_types=("AWS::EC2::NetworkInterface",))).one(
        "aws_config_configuration_recorder"
    )["recording_mode"]
    assert mode["recording_frequency"] == "CONTINUOUS"
    assert mode["recording_mode_override"]["recording_frequency"] == "DAILY"
    assert mode["recording_mode_override"]["resource_types"] == ["AWS::EC2::NetworkInterface"]


@pytest.mark.parametrize("kind", ["AWS::SageMaker::Model", "AWS::Glue::Job", "AWS::LakeFormation::Resource"])
def test_what_the_platform_runs_on_is_always_recorded(kind: str) -> None:
    """SageMaker, Glue and Lake Formation cannot be excluded; the default excludes nothing."""
    assert RecorderSettings().excluded_types == ()
    with pytest.raises(ValueError, match="always recorded"):
        RecorderSettings(excluded_types=(kind,))


def test_the_aggregator_sees_all_accounts_and_regions() -> None:
    """Its source is the organisation, in all regions, and AWS Config alone may become its role."""
    rendered = render(lambda scope: OrganizationAggregator(scope, "aggregator", naming=TOOLING, boundary_arn=BOUNDARY))
    source = rendered.one("aws_config_configuration_aggregator")["organization_aggregation_source"]
    assert source["all_regions"] is True
    trust = statements(rendered.one("aws_iam_role")["assume_role_policy"])["Config"]
    assert trust["Principal"] == {"Service": "config.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "333333333333"}}


def test_rules_of_ours_are_asked_about_their_types_alone() -> None:
    """A rule of ours has its types and its text, from which Terraform interpolates nothing."""
    rendered = render(
        lambda scope: OrganizationRules(scope, "rules", rules=[MANAGED, CUSTOM], excluded_account_ids=["444444444444"])
    )
    ours = rendered.one("aws_config_organization_custom_policy_rule")
    assert ours["resource_types_scope"] == ["AWS::Glue::Job"]
    assert ours["trigger_types"] == ["ConfigurationItemChangeNotification"]
    assert ours["policy_text"] == "rule x { a == '$${b}' }"
    assert json.loads(ours["input_parameters"]) == {"limit": "3"}
    theirs = rendered.one("aws_config_organization_managed_rule")
    assert (theirs["name"], theirs["rule_identifier"]) == (MANAGED.name, MANAGED.identifier)
    assert theirs["excluded_accounts"] == ours["excluded_accounts"] == ["444444444444"]


def test_a_pack_holds_rules_with_their_parameters_as_inputs() -> None:
    """Every parameter is an input of the pack, declared once, referred to by its rule, and given a value."""
    pack = Pack("ml-governance", [MANAGED, CUSTOM], {})
    template = json.loads(pack.template)
    assert template["Parameters"] == {"GlueJobLimit": {"Type": "String"}}
    assert template["Resources"]["GlueJob"]["Properties"]["InputParameters"] == {"limit": {"Ref": "GlueJobLimit"}}
    assert template["Resources"]["GlueJob"]["Properties"]["Source"]["Owner"] == "CUSTOM_POLICY"
    body = render(
        lambda scope: ConformancePacks(scope, "packs", naming=TOOLING, packs=[pack], excluded_account_ids=[])
    ).one("aws_config_organization_conformance_pack")
    assert body["name"] == "acme-org-ml-governance"
    assert body["input_parameter"] == [{"parameter_name": "GlueJobLimit", "parameter_value": "3"}]
    assert "$${b}" in body["template_body"]


def test_a_pack_that_is_too_large_is_refused() -> None:
    """The error gives the numbers and says which settings make it smaller."""
    large = replace(CUSTOM, policy="x" * TEMPLATE_LIMIT)
    with pytest.raises(ValueError, match=r"51200 and 130: leave rules out by foundations\.config"):
        _ = Pack("large", [large], {}).template


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


def test_the_default_has_every_area_the_ml_pack_and_repairs() -> None:
    """Without settings all rules stand, the ML governance pack with them, and repairs are offered."""
    settings = ConfigSettings()
    assert (settings.areas, settings.without, settings.packs) == (None, (), ("ml-governance",))
    assert settings.repairs
