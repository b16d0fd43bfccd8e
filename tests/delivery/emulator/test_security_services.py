"""The emulated security services refuse what AWS refuses, and give back what they were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

MANAGER = "666666666666"


@dataclass(frozen=True)
class Company:
    """An organisation with a security account and a member, none of which has a service on."""

    security: str
    member: str


@pytest.fixture(scope="module", name="company_of")
def _company_of() -> Callable[[Client], Company]:
    """Makes the organisation once for this module."""
    made: list[Company] = []

    def company(client: Client) -> Company:
        if not made:
            organizations = client("organizations", MANAGER)
            organizations.create_organization(FeatureSet="ALL")
            ids = [
                organizations.create_account(AccountName=name, Email=f"{name}@acme.example")["CreateAccountStatus"]
                for name in ("security", "member")
            ]
            made.append(Company(*(status["AccountId"] for status in ids)))
        return made[0]

    return company


@pytest.fixture
def company(client: Client, company_of: Callable[[Client], Company]) -> Company:
    return company_of(client)


def _standard(name: str) -> str:
    return f"arn:aws:securityhub:{REGION}::standards/{name}"


def test_one_member_account_administers_and_management_alone_says_which(client: Client, company: Company) -> None:
    """Management names a member, not itself and not a stranger; a second one is refused until the first has gone."""
    for service, enable, disable, key in (
        ("guardduty", "enable_organization_admin_account", "disable_organization_admin_account", "AdminAccountId"),
        ("macie2", "enable_organization_admin_account", "disable_organization_admin_account", "adminAccountId"),
        ("securityhub", "enable_organization_admin_account", "disable_organization_admin_account", "AdminAccountId"),
        ("inspector2", "enable_delegated_admin_account", "disable_delegated_admin_account", "delegatedAdminAccountId"),
    ):
        manager = client(service, MANAGER)
        for wrong in (MANAGER, "999999999999"):
            with pytest.raises(ClientError, match="no member account"):
                getattr(manager, enable)(**{key: wrong})
        with pytest.raises(ClientError, match="manages no organisation"):
            getattr(client(service, company.member), enable)(**{key: company.security})
        getattr(manager, enable)(**{key: company.security})
        with pytest.raises(ClientError, match="administrator already"):
            getattr(manager, enable)(**{key: company.member})
        getattr(manager, disable)(**{key: company.security})


def test_delegating_switches_a_service_on(client: Client, company: Company) -> None:
    """Once named, the administrator has a detector, a hub, a session and a graph; making them then is refused."""
    client("guardduty", MANAGER).enable_organization_admin_account(AdminAccountId=company.security)
    client("securityhub", MANAGER).enable_organization_admin_account(AdminAccountId=company.security)
    client("macie2", MANAGER).enable_organization_admin_account(adminAccountId=company.security)
    client("detective", MANAGER).enable_organization_admin_account(AccountId=company.security)
    with pytest.raises(ClientError, match="detector already exists"):
        client("guardduty", company.security).create_detector(Enable=True)
    with pytest.raises(ClientError, match="ResourceConflictException"):
        client("securityhub", company.security).enable_security_hub()
    with pytest.raises(ClientError, match="ConflictException"):
        client("macie2", company.security).enable_macie()
    with pytest.raises(ClientError, match="ConflictException"):
        client("detective", company.security).create_graph()


def test_guardduty_keeps_each_plan_for_itself(client: Client, company: Company) -> None:
    """Plans of a detector and of the organisation are set one by one; only the administrator sets the latter."""
    guardduty = client("guardduty", company.member)
    own = guardduty.create_detector(Enable=True)["DetectorId"]
    for name in ("S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"):
        guardduty.update_detector(DetectorId=own, Features=[{"Name": name, "Status": "ENABLED"}])
    found = guardduty.get_detector(DetectorId=own)["Features"]
    assert {feature["Name"] for feature in found} == {"S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"}
    with pytest.raises(ClientError, match="does not administer"):
        guardduty.update_organization_configuration(DetectorId=own, AutoEnableOrganizationMembers="ALL")
    client("guardduty", MANAGER).enable_organization_admin_account(AdminAccountId=company.security)
    security = client("guardduty", company.security)
    (detector,) = security.list_detectors()["DetectorIds"]
    for name in ("S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"):
        security.update_organization_configuration(
            DetectorId=detector,
            AutoEnableOrganizationMembers="ALL",
            Features=[{"Name": name, "AutoEnable": "ALL"}],
        )
    organization = security.describe_organization_configuration(DetectorId=detector)
    assert organization["AutoEnableOrganizationMembers"] == "ALL"
    assert len(organization["Features"]) == 2
    with pytest.raises(ClientError, match="bucket"):
        security.create_publishing_destination(
            DetectorId=detector,
            DestinationType="S3",
            DestinationProperties={"DestinationArn": "arn:aws:s3:::there-is-none", "KmsKeyArn": "arn:key"},
        )


def test_central_configuration_needs_an_aggregator_first(client: Client, company: Company) -> None:
    """CENTRAL is refused without aggregator or with switches; policies are refused without CENTRAL; all is kept."""
    client("securityhub", MANAGER).enable_organization_admin_account(AdminAccountId=company.security)
    hub = client("securityhub", company.security)
    central = {
        "AutoEnable": False,
        "AutoEnableStandards": "NONE",
        "OrganizationConfiguration": {"ConfigurationType": "CENTRAL"},
    }
    policy: dict[str, Any] = {
        "SecurityHub": {
            "ServiceEnabled": True,
            "EnabledStandardIdentifiers": [_standard("nist-800-53/v/5.0.0")],
            "SecurityControlsConfiguration": {"DisabledSecurityControlIdentifiers": []},
        }
    }
    with pytest.raises(ClientError, match="needs a finding aggregator"):
        hub.update_organization_configuration(**central)
    with pytest.raises(ClientError, match="Regions go with"):
        hub.create_finding_aggregator(RegionLinkingMode="SPECIFIED_REGIONS")
    aggregator = hub.create_finding_aggregator(RegionLinkingMode="NO_REGIONS")["FindingAggregatorArn"]
    with pytest.raises(ClientError, match="no central configuration"):
        hub.create_configuration_policy(Name="strict", ConfigurationPolicy=policy)
    with pytest.raises(ClientError, match="AutoEnable is false"):
        hub.update_organization_configuration(**central | {"AutoEnable": True})
    hub.update_organization_configuration(**central)
    with pytest.raises(ClientError, match="names standards"):
        hub.create_configuration_policy(Name="empty", ConfigurationPolicy={"SecurityHub": {"ServiceEnabled": True}})
    made = hub.create_configuration_policy(Name="strict", ConfigurationPolicy=policy)
    assert hub.get_configuration_policy(Identifier=made["Id"])["ConfigurationPolicy"] == policy
    target = {"RootId": "r-0001"}
    hub.start_configuration_policy_association(ConfigurationPolicyIdentifier=made["Id"], Target=target)
    with pytest.raises(ClientError, match="associated"):
        hub.delete_configuration_policy(Identifier=made["Id"])
    with pytest.raises(ClientError, match="needs the finding aggregator"):
        hub.delete_finding_aggregator(FindingAggregatorArn=aggregator)


def test_findings_need_a_hub(client: Client, company: Company) -> None:
    """Rules, insights, actions and standards are refused where Security Hub is off, and kept where it is on."""
    hub = client("securityhub", company.member)
    action = {"Name": "Escalate", "Id": "Escalate", "Description": "-"}
    with pytest.raises(ClientError, match="not subscribed"):
        hub.create_action_target(**action)
    hub.enable_security_hub(EnableDefaultStandards=False)
    arn = hub.create_action_target(**action)["ActionTargetArn"]
    assert hub.describe_action_targets(ActionTargetArns=[arn])["ActionTargets"][0]["Name"] == "Escalate"
    with pytest.raises(ClientError, match="ResourceConflictException"):
        hub.create_action_target(**action)
    made = hub.batch_enable_standards(StandardsSubscriptionRequests=[{"StandardsArn": _standard("pci-dss/v/4.0.1")}])
    assert made["StandardsSubscriptions"][0]["StandardsSubscriptionArn"].endswith(":subscription/pci-dss/v/4.0.1")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        hub.get_insights(InsightArns=[arn])


def test_macie_reads_no_groups_and_adds_no_member_twice(client: Client, company: Company) -> None:
    """Macie begins off; an identifier with a capturing group is refused; management needs Macie before it can join."""
    with pytest.raises(ClientError, match="not enabled"):
        client("macie2", company.member).create_custom_data_identifier(name="x", regex="abc")
    client("macie2", MANAGER).enable_organization_admin_account(adminAccountId=company.security)
    macie = client("macie2", company.security)
    for wrong in ("(a)b", "a(?=b)", "[a"):
        with pytest.raises(ClientError, match="regex"):
            macie.create_custom_data_identifier(name="x", regex=wrong)
    made = macie.create_custom_data_identifier(name="x", regex="(?:a|b)[0-9]{4}")["customDataIdentifierId"]
    assert macie.get_custom_data_identifier(id=made)["regex"] == "(?:a|b)[0-9]{4}"
    with pytest.raises(ClientError, match="management account has to enable Macie itself"):
        macie.create_member(account={"accountId": MANAGER, "email": "m@acme.example"})
    macie.create_member(account={"accountId": company.member, "email": "member@acme.example"})
    with pytest.raises(ClientError, match="member already"):
        macie.create_member(account={"accountId": company.member, "email": "member@acme.example"})
    with pytest.raises(ClientError, match="cannot write"):
        macie.put_classification_export_configuration(
            configuration={"s3Destination": {"bucketName": "there-is-none", "kmsKeyArn": "arn:key"}}
        )
    with pytest.raises(ClientError, match="schedule"):
        macie.create_classification_job(
            name="j", jobType="SCHEDULED", clientToken="1", s3JobDefinition={"bucketDefinitions": []}
        )


def test_inspector_scans_members_alone(client: Client, company: Company) -> None:
    """Four kinds at once; an account that is no member is refused; who was let go is none any more."""
    client("inspector2", MANAGER).enable_delegated_admin_account(delegatedAdminAccountId=company.security)
    inspector = client("inspector2", company.security)
    kinds = ["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"]
    with pytest.raises(ClientError, match="neither this account nor a member"):
        inspector.enable(accountIds=[company.member], resourceTypes=kinds)
    inspector.associate_member(accountId=company.member)
    inspector.enable(accountIds=[company.member], resourceTypes=kinds)
    (status,) = inspector.batch_get_account_status(accountIds=[company.member])["accounts"]
    assert {kind["status"] for kind in status["resourceState"].values()} == {"ENABLED"}
    inspector.disassociate_member(accountId=company.member)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        inspector.get_member(accountId=company.member)


def test_a_graph_adds_a_member_once(client: Client, company: Company) -> None:
    """A member that is there already is not processed, as on AWS, and strangers are refused."""
    client("detective", MANAGER).enable_organization_admin_account(AccountId=company.security)
    detective = client("detective", company.security)
    (graph,) = detective.list_graphs()["GraphList"]
    member = {"AccountId": company.member, "EmailAddress": "member@acme.example"}
    added = [detective.create_members(GraphArn=graph["Arn"], Accounts=[member]) for _ in range(2)]
    assert [len(answer["Members"]) for answer in added] == [1, 0]
    assert added[1]["UnprocessedAccounts"][0]["AccountId"] == company.member
    with pytest.raises(ClientError, match="no other account"):
        detective.create_members(
            GraphArn=graph["Arn"], Accounts=[{"AccountId": "999999999999", "EmailAddress": "x@acme.example"}]
        )


def test_lists_and_filters_are_kept_with_their_tags(client: Client, company: Company) -> None:
    """A list is active as asked and remembered as deleted; a filter keeps criteria and tags, and exists once."""
    client("guardduty", MANAGER).enable_organization_admin_account(AdminAccountId=company.security)
    guardduty = client("guardduty", company.security)
    (detector,) = guardduty.list_detectors()["DetectorIds"]
    made = guardduty.create_ip_set(
        DetectorId=detector, Name="office", Format="TXT", Location="https://s3/x", Activate=True, Tags={"a": "1"}
    )["IpSetId"]
    found = guardduty.get_ip_set(DetectorId=detector, IpSetId=made)
    assert (found["Status"], found["Tags"]) == ("ACTIVE", {"a": "1"})
    guardduty.delete_ip_set(DetectorId=detector, IpSetId=made)
    assert guardduty.get_ip_set(DetectorId=detector, IpSetId=made)["Status"] == "DELETED"
    criteria = {"Criterion": {"type": {"Equals": ["Recon:EC2/Portscan"]}}}
    given = {"DetectorId": detector, "Name": "scanner", "FindingCriteria": criteria, "Tags": {"a": "1"}}
    guardduty.create_filter(**given, Action="ARCHIVE")
    kept = guardduty.get_filter(DetectorId=detector, FilterName="scanner")
    assert (kept["Action"], kept["FindingCriteria"], kept["Tags"]) == ("ARCHIVE", criteria, {"a": "1"})
    with pytest.raises(ClientError, match="exists"):
        guardduty.create_filter(**given)
