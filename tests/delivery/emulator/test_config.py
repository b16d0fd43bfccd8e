"""AWS Config on the emulator: what is put is given back, and refused where AWS would refuse it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

MANAGER = "666666666666"
SERVICE = "config-multiaccountsetup.amazonaws.com"
TEMPLATE = {
    "Parameters": {"Days": {"Type": "String"}},
    "Resources": {
        "Rule": {
            "Type": "AWS::Config::ConfigRule",
            "Properties": {"ConfigRuleName": "rule", "Source": {"Owner": "AWS", "SourceIdentifier": "X"}},
        }
    },
}
DAYS = [{"ParameterName": "Days", "ParameterValue": "3"}]


def record(config: Any, **more: Any) -> None:
    """Make the account's recorder."""
    role = "arn:aws:iam::666666666666:role/r"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role, **more})


@pytest.fixture(name="config")
def _config(client: Client) -> Iterator[Any]:
    """AWS Config of MANAGER, whose organisation exists meanwhile, and who records."""
    organizations = client("organizations", MANAGER)
    organizations.create_organization(FeatureSet="ALL")
    config = client("config", MANAGER)
    record(config)
    yield config
    organizations.delete_organization()


def refused(call: Any, **arguments: Any) -> str:
    """The code of the error that the call ends in."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return str(error.value.response["Error"]["Code"])


def test_a_recorder_keeps_how_often_it_records(client: Client) -> None:
    """The recording mode comes back as it was put."""
    mode = {
        "recordingFrequency": "CONTINUOUS",
        "recordingModeOverrides": [{"resourceTypes": ["AWS::EC2::NetworkInterface"], "recordingFrequency": "DAILY"}],
    }
    config = client("config", "777777777777")
    record(config, recordingMode=mode)
    [found] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert found["recordingMode"] == mode


def test_rules_of_an_organisation_come_back_without_their_text(config: Any) -> None:
    """A rule of ours has its text under a call of its own, and is deployed to each account."""
    metadata = {
        "PolicyRuntime": "guard-2.x.x",
        "PolicyText": "rule x { a exists }",
        "ResourceTypesScope": ["AWS::Glue::Job"],
        "OrganizationConfigRuleTriggerTypes": ["ConfigurationItemChangeNotification"],
    }
    put = config.put_organization_config_rule
    arn = put(OrganizationConfigRuleName="ours", OrganizationCustomPolicyRuleMetadata=metadata)
    assert (
        put(OrganizationConfigRuleName="ours", OrganizationCustomPolicyRuleMetadata=metadata)[
            "OrganizationConfigRuleArn"
        ]
        == (arn["OrganizationConfigRuleArn"])
    )
    [rule] = config.describe_organization_config_rules(OrganizationConfigRuleNames=["ours"])["OrganizationConfigRules"]
    shown = {key: value for key, value in metadata.items() if key != "PolicyText"}
    assert rule["OrganizationCustomPolicyRuleMetadata"] == shown
    text = config.get_organization_custom_rule_policy(OrganizationConfigRuleName="ours")["PolicyText"]
    assert text == metadata["PolicyText"]
    [status] = config.describe_organization_config_rule_statuses(OrganizationConfigRuleNames=["ours"])[
        "OrganizationConfigRuleStatuses"
    ]
    assert status["OrganizationRuleStatus"] == "UPDATE_SUCCESSFUL"
    deployed = config.get_organization_config_rule_detailed_status(OrganizationConfigRuleName="ours")
    assert [one["AccountId"] for one in deployed["OrganizationConfigRuleDetailedStatus"]] == [MANAGER]
    config.delete_organization_config_rule(OrganizationConfigRuleName="ours")
    assert refused(config.delete_organization_config_rule, OrganizationConfigRuleName="ours") == (
        "NoSuchOrganizationConfigRuleException"
    )


def test_a_conformance_pack_is_judged_before_it_is_kept(config: Any) -> None:
    """Inputs fit the template's parameters, and a template holds rules and their remediations alone."""
    put = config.put_organization_conformance_pack
    name, body = {"OrganizationConformancePackName": "pack"}, json.dumps(TEMPLATE)
    invalid = "OrganizationConformancePackTemplateValidationException"
    bucket = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
    alone = {"Resources": {"R": {"Type": "AWS::Config::RemediationConfiguration", "Properties": {}}}}
    assert refused(put, **name, TemplateBody=body) == invalid
    assert refused(put, **name, TemplateBody="Resources:") == invalid
    assert refused(put, **name, TemplateBody=json.dumps(bucket)) == invalid
    assert refused(put, **name, TemplateBody=json.dumps(alone)) == invalid
    assert refused(put, **name, TemplateS3Uri="s3://bucket/pack") == "ValidationException"
    put(**name, TemplateBody=body, ConformancePackInputParameters=DAYS)
    [pack] = config.describe_organization_conformance_packs()["OrganizationConformancePacks"]
    assert pack["ConformancePackInputParameters"] == DAYS
    assert "TemplateBody" not in pack
    deployed = config.get_organization_conformance_pack_detailed_status(**name)
    assert deployed["OrganizationConformancePackDetailedStatuses"][0]["Status"] == "CREATE_SUCCESSFUL"
    config.delete_organization_conformance_pack(**name)


def test_a_rule_is_of_one_kind_and_its_parameters_are_json(config: Any) -> None:
    """AWS refuses a rule without metadata, and one whose parameters it cannot read."""
    put, invalid = config.put_organization_config_rule, "InvalidParameterValueException"
    assert refused(put, OrganizationConfigRuleName="none") == invalid
    managed = {"RuleIdentifier": "X", "InputParameters": "days=3"}
    assert refused(put, OrganizationConfigRuleName="bad", OrganizationManagedRuleMetadata=managed) == invalid


def test_only_administrators_of_an_organisation_that_records_put_rules(client: Client, config: Any) -> None:
    """Without organisation, without delegation, and where an account has no recorder, nothing is put."""
    rule = {"OrganizationConfigRuleName": "r", "OrganizationManagedRuleMetadata": {"RuleIdentifier": "X"}}
    stranger = client("config", "888888888888")
    assert refused(stranger.put_organization_config_rule, **rule) == "NoAvailableOrganizationException"
    organizations = client("organizations", MANAGER)
    made = organizations.create_account(AccountName="member", Email="member@acme.example")
    member = made["CreateAccountStatus"]["AccountId"]
    config_of_member = client("config", member)
    assert refused(config_of_member.put_organization_config_rule, **rule) == "OrganizationAccessDeniedException"
    assert refused(config.put_organization_config_rule, **rule) == "ValidationException"
    organizations.enable_aws_service_access(ServicePrincipal=SERVICE)
    organizations.register_delegated_administrator(AccountId=member, ServicePrincipal=SERVICE)
    record(config_of_member)
    assert (
        f":config:{REGION}:{member}:"
        in config_of_member.put_organization_config_rule(**rule)["OrganizationConfigRuleArn"]
    )
    config_of_member.delete_organization_config_rule(OrganizationConfigRuleName="r")
    organizations.deregister_delegated_administrator(AccountId=member, ServicePrincipal=SERVICE)
    organizations.close_account(AccountId=member)
