"""The security services keep what their docstrings guarantee."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct
from pydantic import ValidationError

from modules.core.naming import Naming
from modules.foundations.security.access_analysis import AccessAnalysis
from modules.foundations.security.audit_evidence import AuditEvidence
from modules.foundations.security.availability import code_scans, offered, standard_arn
from modules.foundations.security.delegation import Delegation
from modules.foundations.security.detection import Detection
from modules.foundations.security.finding_alerts import FindingAlerts
from modules.foundations.security.findings_store import FindingsStore
from modules.foundations.security.investigation import Investigation
from modules.foundations.security.member import Member
from modules.foundations.security.security_hub import SecurityHub, Targets
from modules.foundations.security.sensitive_data import SensitiveData
from modules.foundations.security.settings import (
    AcceptedFinding,
    AccessAnalyzerSettings,
    AddressList,
    ArchivedFinding,
    AuditManagerSettings,
    CustomIdentifier,
    DetectiveSettings,
    DisabledControl,
    GuardDutySettings,
    InspectorSettings,
    MacieSettings,
    SecurityHubSettings,
    SecuritySettings,
)
from modules.foundations.security.threat_detection import ThreatDetection
from modules.foundations.security.vulnerability_scans import VulnerabilityScans
from modules.foundations.settings import DelegationSettings, FoundationsSettings, OrganizationSettings
from tests.support.rendering import NAMING, Rendered, render, statements

TOOLING = replace(NAMING, environment="org", account="security-tooling", account_id="333333333333")
GOV = replace(TOOLING, partition="aws-us-gov", region="us-gov-west-1")
MEMBERS = [Member("management", "111111111111", "m@acme.example"), Member("fraud", "444444444444", "f@acme.example")]
LEVELS = {"root": "standard", "workloads": "sandbox", "prod": "strict"}
IDS = {"root": "r-0001", "workloads": "ou-0001-00000001", "prod": "ou-0001-00000002"}
EXCEPTIONS = SecurityHubSettings(
    disabled_controls=(DisabledControl(control="IAM.6", reason="Root users have no credentials."),),
    accepted_findings={"public-docs": AcceptedFinding(control="S3.8", reason="Documentation.", resources="arn:aws:s3")},
)


def _detection(naming: Naming = TOOLING, settings: SecuritySettings | None = None, *, graph: bool = True) -> Rendered:
    settings = settings or SecuritySettings()
    return render(lambda scope: Detection(scope, "d", naming=naming, settings=settings, investigates=graph))


def _store(scope: Construct) -> FindingsStore:
    return FindingsStore(scope, "store", naming=TOOLING, what="findings", keep_days=400)


def _hub(settings: SecurityHubSettings, *, naming: Naming = TOOLING, central: bool = True) -> Rendered:
    return render(
        lambda scope: SecurityHub(
            scope,
            "hub",
            naming=naming,
            settings=settings,
            linked_regions=["eu-central-1"] if central else [],
            targets=Targets(LEVELS, IDS) if central else None,
        )
    )


@pytest.fixture(name="hub", scope="module")
def _central_hub() -> Rendered:
    return _hub(EXCEPTIONS)


@pytest.fixture(name="threats", scope="module")
def _threats() -> Rendered:
    settings = GuardDutySettings(
        trusted_addresses={"office": AddressList(location="https://s3.eu-west-1.amazonaws.com/acme-lists/office.txt")},
        archived_findings={
            "scanner": ArchivedFinding(type="Recon:EC2/PortProbeUnprotectedPort", reason="Our own scanner.")
        },
    )
    return render(
        lambda scope: ThreatDetection(
            scope, "t", settings=settings, detector_id="d1", delegated=True, store=_store(scope)
        )
    )


def _by_name(rendered: Rendered, kind: str, key: str = "name") -> dict[str, dict[str, Any]]:
    return {str(body[key]): body for body in rendered.all(kind).values()}


def test_an_account_detects_with_the_plans_of_the_settings() -> None:
    """Every plan of GuardDuty is said, on or off; the hub begins without a standard; Macie and a graph are there."""
    found = _detection()
    plans = {name: body["status"] for name, body in _by_name(found, "aws_guardduty_detector_feature").items()}
    assert plans.pop("EKS_AUDIT_LOGS") == "DISABLED"
    assert set(plans.values()) == {"ENABLED"}
    assert len(plans) == 5
    assert found.one("aws_guardduty_detector")["finding_publishing_frequency"] == "FIFTEEN_MINUTES"
    assert found.one("aws_securityhub_account")["enable_default_standards"] is False
    assert found.one("aws_macie2_account")["status"] == "ENABLED"
    assert found.all("aws_detective_graph")


def test_a_service_that_is_off_is_not_there() -> None:
    """Without Macie and Detective in the settings there is neither, and the management account never has a graph."""
    off = SecuritySettings(
        macie=MacieSettings(enabled=False),
        detective=DetectiveSettings(enabled=False),
        guardduty=GuardDutySettings(runtime=False),
    )
    found = _detection(settings=off)
    assert not found.all("aws_macie2_account")
    assert not found.all("aws_detective_graph")
    runtime = _by_name(found, "aws_guardduty_detector_feature")["RUNTIME_MONITORING"]
    assert runtime["status"] == "DISABLED"
    assert {agent["status"] for agent in runtime["additional_configuration"]} == {"DISABLED"}
    assert not _detection(graph=False).all("aws_detective_graph")


def test_one_account_administers_every_service_after_management_has_it() -> None:
    """Each delegation names the same account and waits for the management account's own services."""
    kinds = ("guardduty_organization", "securityhub_organization", "macie2_organization", "detective_organization")
    settings = SecuritySettings(audit_manager=AuditManagerSettings(enabled=True))

    def build(scope: Construct) -> None:
        ready = Detection(scope, "d", naming=TOOLING, settings=settings, investigates=False).services
        Delegation(
            scope,
            "delegation",
            naming=TOOLING,
            settings=settings,
            administrator_id="333333333333",
            audits=True,
            ready=ready,
        )

    found = render(build)
    bodies = [found.one(f"aws_{kind}_admin_account") for kind in kinds]
    bodies += [
        found.one("aws_inspector2_delegated_admin_account"),
        found.one("aws_auditmanager_organization_admin_account_registration"),
    ]
    assert {body.get("admin_account_id", body.get("account_id")) for body in bodies} == {"333333333333"}
    assert all(len(body["depends_on"]) == 3 for body in bodies)


def test_govcloud_has_what_aws_offers_there() -> None:
    """In aws-us-gov there is no Macie, no scan of function code and no AI standard; the rest is the same."""
    found = _detection(GOV)
    assert not found.all("aws_macie2_account")
    assert found.all("aws_detective_graph")
    assert not code_scans("us-gov-west-1")
    delegation = render(
        lambda scope: Delegation(
            scope, "d", naming=GOV, settings=SecuritySettings(), administrator_id="3", audits=True, ready=[]
        )
    )
    assert "aws_macie2_organization_admin_account" not in delegation.document["resource"]
    policies = _hub(SecurityHubSettings(), naming=GOV).all("aws_securityhub_configuration_policy").values()
    for policy in policies:
        for arn in policy["configuration_policy"]["enabled_standard_arns"]:
            assert arn.startswith("arn:aws-us-gov:securityhub:us-gov-west-1::standards/")
            assert "ai-security" not in arn


def test_every_partition_of_the_settings_is_known() -> None:
    """China, too, has its list; every standard has an ARN in the region that asks."""
    assert not offered("aws-cn").detective
    assert standard_arn("ai-security-best-practices", partition="aws", region="eu-west-1") == (
        "arn:aws:securityhub:eu-west-1::standards/ai-security-best-practices/v/1.0.0"
    )


def test_everybody_is_watched_with_the_same_plans(threats: Rendered) -> None:
    """The organisation's switch is ALL, each plan ALL or NONE as the settings say."""
    organization = threats.one("aws_guardduty_organization_configuration")
    assert organization["auto_enable_organization_members"] == "ALL"
    plans = _by_name(threats, "aws_guardduty_organization_configuration_feature")
    assert {name: body["auto_enable"] for name, body in plans.items()} == {
        "S3_DATA_EVENTS": "ALL",
        "EBS_MALWARE_PROTECTION": "ALL",
        "RDS_LOGIN_EVENTS": "ALL",
        "LAMBDA_NETWORK_LOGS": "ALL",
        "EKS_AUDIT_LOGS": "NONE",
        "RUNTIME_MONITORING": "ALL",
    }


def test_findings_are_exported_and_archived_with_a_reason(threats: Rendered) -> None:
    """The export goes to the store by reference; a filter archives one type and says why; trusted lists are active."""
    export = threats.one("aws_guardduty_publishing_destination")
    assert "aws_s3_bucket_policy" in export["destination_arn"]
    assert "aws_kms_key" in export["kms_key_arn"]
    archived = threats.one("aws_guardduty_filter")
    assert (archived["action"], archived["description"]) == ("ARCHIVE", "Our own scanner.")
    assert archived["finding_criteria"]["criterion"][0]["equals"] == ["Recon:EC2/PortProbeUnprotectedPort"]
    assert threats.one("aws_guardduty_ipset")["activate"] is True


def test_only_guardduty_and_macie_of_this_account_write_to_the_store() -> None:
    """Both write and encrypt for resources of this account and region alone, and neither reads."""
    found = render(_store)
    documents = [statements(body["policy"]) for body in found.all("aws_s3_bucket_policy").values()]
    policy = next(document for document in documents if "MacieWrites" in document)
    key = found.policy("aws_kms_key")
    allowed = {sid: body for sid, body in (policy | key).items() if "Service" in body.get("Principal", {})}
    assert set(allowed) == {
        f"{writer}{verb}" for writer in ("GuardDuty", "Macie") for verb in ("Looks", "Writes", "Encrypts")
    }
    for sid, body in allowed.items():
        assert body["Condition"]["StringEquals"] == {"aws:SourceAccount": "333333333333"}
        service = "guardduty" if sid.startswith("GuardDuty") else "macie2"
        assert body["Condition"]["ArnLike"]["aws:SourceArn"].startswith(f"arn:aws:{service}:eu-west-1:333333333333:")
        actions = json.dumps(body["Action"])
        assert "GetObject" not in actions
        assert "Decrypt" not in actions


def test_standards_follow_the_level_of_the_unit(hub: Rendered) -> None:
    """One policy for each level in use, associated with the root and the units that differ, after CENTRAL is on."""
    policies = hub.all("aws_securityhub_configuration_policy")
    standards = {
        body["name"]: {arn.partition("standards/")[2] for arn in body["configuration_policy"]["enabled_standard_arns"]}
        for body in policies.values()
    }
    assert set(standards) == {"acme-org-sandbox", "acme-org-standard", "acme-org-strict"}
    assert standards["acme-org-strict"] == {
        "ai-security-best-practices/v/1.0.0",
        "aws-foundational-security-best-practices/v/1.0.0",
        "cis-aws-foundations-benchmark/v/5.0.0",
        "nist-800-53/v/5.0.0",
    }
    assert "nist-800-53/v/5.0.0" not in standards["acme-org-standard"]
    associations = hub.all("aws_securityhub_configuration_policy_association").values()
    assert {body["target_id"] for body in associations} == set(IDS.values())
    central = hub.one("aws_securityhub_organization_configuration")
    assert central["organization_configuration"] == {"configuration_type": "CENTRAL"}
    assert (central["auto_enable"], central["auto_enable_standards"]) == (False, "NONE")
    assert central["depends_on"] == [
        f"aws_securityhub_finding_aggregator.{next(iter(hub.all('aws_securityhub_finding_aggregator')))}"
    ]


def test_a_control_is_checked_unless_it_is_disabled_with_a_reason(hub: Rendered) -> None:
    """Policies name disabled controls, never enabled ones, so that a control that AWS adds is checked."""
    for body in hub.all("aws_securityhub_configuration_policy").values():
        controls = body["configuration_policy"]["security_controls_configuration"]
        assert controls == {"disabled_control_identifiers": ["IAM.6"]}
    with pytest.raises(ValidationError, match="reason"):
        DisabledControl.model_validate({"control": "IAM.6"})


def test_findings_of_governed_regions_alone_come_together() -> None:
    """The aggregator links exactly the other governed regions, and none where there is no other."""
    linked = _hub(SecurityHubSettings()).one("aws_securityhub_finding_aggregator")
    assert (linked["linking_mode"], linked["specified_regions"]) == ("SPECIFIED_REGIONS", ["eu-central-1"])


def test_a_management_account_administers_itself() -> None:
    """Without targets there are standards of its own instead of central configuration, and no linked region."""
    alone = _hub(SecurityHubSettings(), central=False)
    assert alone.one("aws_securityhub_finding_aggregator")["linking_mode"] == "NO_REGIONS"
    assert len(alone.all("aws_securityhub_standards_subscription")) == 3
    assert "aws_securityhub_configuration_policy" not in alone.document["resource"]
    assert "aws_securityhub_organization_configuration" not in alone.document["resource"]


def test_machine_learning_is_raised_and_acceptance_has_the_last_word(hub: Rendered) -> None:
    """ML and Macie findings are raised, noise is suppressed; what was accepted carries its reason, in the last rule."""
    rules = _by_name(hub, "aws_securityhub_automation_rule", "rule_name")
    learning = rules["acme-org-raise-machine-learning"]
    assert {one["value"] for one in learning["criteria"][0]["resource_type"]} == {"AwsSageMaker", "AwsBedrock"}
    assert learning["actions"][0]["finding_fields_update"][0]["severity"] == [{"label": "HIGH"}]
    accepted = rules["acme-org-accept-public-docs"]
    update = accepted["actions"][0]["finding_fields_update"][0]
    assert update["workflow"] == [{"status": "SUPPRESSED"}]
    assert update["note"] == [{"text": "Documentation.", "updated_by": "mlgov"}]
    assert accepted["criteria"][0]["resource_id"] == [{"comparison": "PREFIX", "value": "arn:aws:s3"}]
    assert max(rules.values(), key=lambda rule: int(rule["rule_order"])) == accepted


def test_insights_ask_for_open_findings_of_machine_learning(hub: Rendered) -> None:
    """Every insight counts active findings that are new or notified."""
    insights = hub.all("aws_securityhub_insight").values()
    assert len(insights) == 5
    for insight in insights:
        assert insight["filters"]["record_state"] == [{"comparison": "EQUALS", "value": "ACTIVE"}]
        assert {one["value"] for one in insight["filters"]["workflow_status"]} == {"NEW", "NOTIFIED"}


def test_macie_members_are_declared_and_buckets_chosen_by_tag() -> None:
    """Each account is a member by name, nobody joins unseen; the weekly job knows the organisation's own data."""
    found = render(
        lambda scope: SensitiveData(
            scope, "data", naming=TOOLING, settings=MacieSettings(), members=MEMBERS, store=_store(scope)
        )
    )
    assert {body["account_id"] for body in found.all("aws_macie2_member").values()} == {"111111111111", "444444444444"}
    assert found.one("aws_macie2_organization_configuration")["auto_enable"] is False
    job = found.one("aws_macie2_classification_job")
    assert job["schedule_frequency"] == {"weekly_schedule": "SUNDAY"}
    (criterion,) = job["s3_job_definition"]["bucket_criteria"]["includes"]["and"]
    assert [tag["value"] for tag in criterion["tag_criterion"]["tag_values"]] == ["feature_store", "ml_platform"]
    assert len(job["custom_data_identifier_ids"]) == 2
    assert (
        "aws_s3_bucket_policy"
        in found.one("aws_macie2_classification_export_configuration")["s3_destination"]["bucket_name"]
    )


def test_inspector_scans_this_account_and_every_member() -> None:
    """Own scans and those of members ask for the same; members are associated before."""
    found = render(
        lambda scope: VulnerabilityScans(
            scope, "v", naming=TOOLING, settings=InspectorSettings(images=False), members=MEMBERS
        )
    )
    own, others = sorted(found.all("aws_inspector2_enabler").values(), key=lambda body: len(body["account_ids"]))
    assert own["account_ids"] == ["333333333333"]
    assert all("aws_inspector2_member_association" in account for account in others["account_ids"])
    assert own["resource_types"] == others["resource_types"] == ["EC2", "LAMBDA", "LAMBDA_CODE"]
    assert found.one("aws_inspector2_organization_configuration")["auto_enable"]["ecr"] is False


def test_inspector_reads_no_code_where_aws_does_not() -> None:
    """In a region without code scans they are left out, for this account alone just the same."""
    naming = replace(TOOLING, region="eu-south-1")
    found = render(
        lambda scope: VulnerabilityScans(scope, "v", naming=naming, settings=InspectorSettings(), members=[])
    )
    assert found.one("aws_inspector2_enabler")["resource_types"] == ["EC2", "ECR", "LAMBDA"]


def test_every_member_feeds_the_graph() -> None:
    """Members are added without a mail, and newcomers join by themselves."""
    found = render(lambda scope: Investigation(scope, "i", graph_arn="arn:graph", members=MEMBERS))
    members = found.all("aws_detective_member").values()
    assert {body["account_id"] for body in members} == {member.account_id for member in MEMBERS}
    assert all(body["disable_email_notification"] for body in members)
    assert found.one("aws_detective_organization_configuration")["auto_enable"] is True


@pytest.mark.parametrize("home", [True, False])
def test_unused_access_is_analysed_once(home: bool) -> None:
    """External access is analysed in every region, unused access at home alone; CI roles are archived by issuer."""
    found = render(
        lambda scope: AccessAnalysis(
            scope,
            "a",
            naming=TOOLING,
            settings=AccessAnalyzerSettings(unused_days=45),
            ci_role_arns=["arn:plan", "arn:apply"],
            ci_issuer="token.actions.githubusercontent.com",
            global_=home,
        )
    )
    types = {body["type"] for body in found.all("aws_accessanalyzer_analyzer").values()}
    assert types == {"ORGANIZATION", "ORGANIZATION_UNUSED_ACCESS"} if home else types == {"ORGANIZATION"}
    rules = _by_name(found, "aws_accessanalyzer_archive_rule", "rule_name")
    assert set(rules) == ({"ci-roles", "by-design"} if home else set())
    if home:
        filters = {one["criteria"]: one for one in rules["ci-roles"]["filter"]}
        assert filters["resource"]["eq"] == ["arn:plan", "arn:apply"]
        assert filters["principal.Federated"]["contains"] == ["token.actions.githubusercontent.com"]


def test_a_severe_finding_reaches_the_security_contact() -> None:
    """Each severity has its rule, encrypted topic and subscription; what an analyst escalates has one as well."""
    found = render(
        lambda scope: FindingAlerts(
            scope, "alerts", naming=TOOLING, severities=["CRITICAL", "HIGH"], email="soc@acme.example"
        )
    )
    names = {"acme-org-findings-critical", "acme-org-findings-high", "acme-org-findings-escalated"}
    rules = _by_name(found, "aws_cloudwatch_event_rule")
    topics = _by_name(found, "aws_sns_topic")
    assert set(rules) == set(topics) == names
    assert all("aws_kms_key" in topic["kms_master_key_id"] for topic in topics.values())
    pattern = json.loads(rules["acme-org-findings-critical"]["event_pattern"])
    assert pattern["detail"]["findings"]["Severity"] == {"Label": ["CRITICAL"]}
    subscriptions = found.all("aws_sns_topic_subscription").values()
    assert {(body["protocol"], body["endpoint"]) for body in subscriptions} == {("email", "soc@acme.example")}
    assert "aws_securityhub_action_target" in rules["acme-org-findings-escalated"]["event_pattern"]


def test_a_topic_takes_messages_of_its_own_rule_over_tls_only() -> None:
    """The topic's policy names the one rule, and denies what comes without TLS."""
    found = render(
        lambda scope: FindingAlerts(scope, "alerts", naming=TOOLING, severities=[], email="soc@acme.example")
    )
    policy = found.policy("aws_sns_topic_policy")
    assert policy["OwnRulePublishes"]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:333333333333:rule/acme-org-findings-escalated"}
    }
    assert policy["DenyInsecureTransport"]["Effect"] == "Deny"


def test_evidence_is_kept_under_a_key_of_its_own() -> None:
    """Audit Manager has its key, and keeps its evidence when it leaves the configuration."""
    registration = render(lambda scope: AuditEvidence(scope, "a", naming=TOOLING)).one(
        "aws_auditmanager_account_registration"
    )
    assert "aws_kms_key" in registration["kms_key"]
    assert registration["deregister_on_destroy"] is False


@pytest.mark.parametrize(
    ("delegation", "missing"),
    [
        (DelegationSettings(security_tooling=()), "detective"),
    ],
)
def test_security_services_need_trusted_access(delegation: DelegationSettings, missing: str) -> None:
    """A service that is on without being trusted is told before AWS refuses it."""
    trusted = tuple(name for name in OrganizationSettings().trusted_services if not name.startswith(missing))
    with pytest.raises(ValidationError, match=rf"trusted access: add {missing}\.amazonaws\.com"):
        FoundationsSettings(organization=OrganizationSettings(trusted_services=trusted), delegation=delegation)


@pytest.mark.parametrize("pattern", [r"(?=x)y", r"(?<!x)y", "(a)b", r"a\1", "a" * 513])
def test_macie_cannot_read_every_pattern(pattern: str) -> None:
    """Look-around, back-references and long patterns are refused with the YAML, not by AWS."""
    with pytest.raises(ValidationError):
        CustomIdentifier(pattern=pattern, description="x")


def test_contradictions_in_the_settings_are_told() -> None:
    """A control disabled twice, nothing to scan, or code without functions is an error."""
    twice = DisabledControl(control="IAM.6", reason="x")
    with pytest.raises(ValidationError, match=r"repeats IAM\.6"):
        SecurityHubSettings(disabled_controls=(twice, twice))
    with pytest.raises(ValidationError, match="set enabled to false"):
        InspectorSettings(instances=False, images=False, functions=False, function_code=False)
    with pytest.raises(ValidationError, match="functions"):
        InspectorSettings(functions=False)
