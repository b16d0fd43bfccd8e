"""AWS Config: history, recorders, rules and packs keep what their docstrings guarantee."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from modules.core.errors import ConfigError
from modules.foundations.config.aggregator import OrganizationAggregator
from modules.foundations.config.conformance_packs import ConformancePacks
from modules.foundations.config.organization_rules import OrganizationRules
from modules.foundations.config.pack import TEMPLATE_LIMIT, Pack
from modules.foundations.config.recorder import ConfigRecorder
from modules.foundations.config.rules import Rule
from modules.foundations.config.settings import ConfigSettings, RecorderSettings
from modules.observability.config_history import ConfigHistory
from modules.observability.contract import ConfigHistoryContract
from modules.observability.settings import ConfigHistorySettings
from tests.support.rendering import NAMING, Rendered, render, statements

TOOLING = replace(NAMING, environment="org", account="security-tooling", account_id="333333333333")
HISTORY = ConfigHistoryContract("acme-org-config", "arn:aws:kms:eu-west-1:444444444444:key/k")
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
MANAGED = Rule("s3-bucket-acl-prohibited", "DATA-08: test", "S3_BUCKET_ACL_PROHIBITED", None, (), {})
CUSTOM = Rule("glue-job", "DATA-14: test", None, "rule x { a == '${b}' }", ("AWS::Glue::Job",), {"limit": "3"})


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
    with pytest.raises(ConfigError, match=r"51200 and 130: leave rules out by foundations\.config"):
        _ = Pack("large", [large], {}).template


def test_the_default_has_every_area_the_ml_pack_and_repairs() -> None:
    """Without settings all rules stand, the ML governance pack with them, and repairs are offered."""
    settings = ConfigSettings()
    assert (settings.areas, settings.without, settings.packs) == (None, (), ("ml-governance",))
    assert settings.repairs
