"""Services that switch on what they do for the organisation themselves, as the emulator keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

MANAGER = "666666666671"
TRUSTED = ("cloudtrail", "ipam")


def test_what_is_delegated_by_a_service_is_seen_in_organizations(client: Client) -> None:
    """CloudTrail and IPAM delegate to a member, once they are trusted, and take it back."""
    organizations = client("organizations", MANAGER)
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(AccountName="a", Email="a@example.com")["CreateAccountStatus"]
    member: str = made["AccountId"]
    cloudtrail, ec2 = client("cloudtrail", MANAGER), client("ec2", MANAGER)

    def delegated(service: str) -> list[str]:
        found: list[dict[str, Any]] = organizations.list_delegated_administrators(
            ServicePrincipal=f"{service}.amazonaws.com"
        )["DelegatedAdministrators"]
        return [each["Id"] for each in found]

    with pytest.raises(ClientError, match="trusted access of cloudtrail"):
        cloudtrail.register_organization_delegated_admin(MemberAccountId=member)
    for service in TRUSTED:
        organizations.enable_aws_service_access(ServicePrincipal=f"{service}.amazonaws.com")
    cloudtrail.register_organization_delegated_admin(MemberAccountId=member)
    ec2.enable_ipam_organization_admin_account(DelegatedAdminAccountId=member)
    assert [delegated(service) for service in TRUSTED] == [[member], [member]]
    cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=member)
    ec2.disable_ipam_organization_admin_account(DelegatedAdminAccountId=member)
    assert [delegated(service) for service in TRUSTED] == [[], []]


def test_sharing_with_the_organisation_leaves_its_traces(client: Client) -> None:
    """RAM is trusted and has its service-linked role afterwards, Service Catalog says that its access is on."""
    manager = "666666666672"
    ram, catalog = client("ram", manager), client("servicecatalog", manager)
    with pytest.raises(ClientError, match="manages no organization"):
        ram.enable_sharing_with_aws_organization()
    client("organizations", manager).create_organization(FeatureSet="ALL")
    for _ in range(2):
        assert ram.enable_sharing_with_aws_organization()["returnValue"] is True
    role = client("iam", manager).get_role(RoleName="AWSServiceRoleForResourceAccessManager")["Role"]
    assert role["Path"] == "/aws-service-role/ram.amazonaws.com/"
    assert catalog.get_aws_organizations_access_status()["AccessStatus"] == "DISABLED"
    catalog.enable_aws_organizations_access()
    assert catalog.get_aws_organizations_access_status()["AccessStatus"] == "ENABLED"
    catalog.disable_aws_organizations_access()
    assert catalog.get_aws_organizations_access_status()["AccessStatus"] == "DISABLED"


def test_a_policy_must_be_a_document_that_fits(client: Client) -> None:
    """What is no JSON object, or longer than its type may be, is refused when it is made and when it is changed."""
    organizations = client("organizations", "666666666673")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="AISERVICES_OPT_OUT_POLICY")
    given = {"Name": "a", "Description": "-", "Type": "AISERVICES_OPT_OUT_POLICY"}
    for content, code in (
        ("services", "MalformedPolicyDocumentException"),
        ('["services"]', "MalformedPolicyDocumentException"),
        (f'{{"services":"{"x" * 2_500}"}}', "ConstraintViolationException"),
    ):
        with pytest.raises(ClientError, match=code):
            organizations.create_policy(**given, Content=content)
    made = organizations.create_policy(**given, Content='{"services":{}}')["Policy"]["PolicySummary"]["Id"]
    with pytest.raises(ClientError, match="MalformedPolicyDocumentException"):
        organizations.update_policy(PolicyId=made, Content="{")
    assert organizations.update_policy(PolicyId=made, Content='{"a":1}')["Policy"]["Content"] == '{"a":1}'
