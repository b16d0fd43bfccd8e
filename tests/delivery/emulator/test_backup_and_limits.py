"""AWS Backup, Budgets and Service Quotas refuse what AWS refuses, and forget what is deleted."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

ACCOUNT, MANAGER = "666666666666", "777777777777"
BUILDS = {"ServiceCode": "codebuild", "QuotaCode": "L-9D07B6EF"}
ACTUAL = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}


def _refused(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def test_a_quota_of_a_mistaken_code_is_refused(client: Client) -> None:
    """A code that AWS does not have must not look right."""
    quotas = client("service-quotas", ACCOUNT)
    wrong = {"ServiceCode": "codebuild", "QuotaCode": "L-00000000"}
    for call in (quotas.get_service_quota, quotas.get_aws_default_service_quota):
        assert _refused(call, **wrong) == "NoSuchResourceException"
    assert _refused(quotas.request_service_quota_increase, **wrong, DesiredValue=5) == "NoSuchResourceException"


def test_a_granted_quota_counts_and_is_asked_for_upwards_only(client: Client) -> None:
    """What was asked for is what the account has; the default stays; less or as much is refused."""
    quotas = client("service-quotas", ACCOUNT)
    made = quotas.request_service_quota_increase(**BUILDS, DesiredValue=30)["RequestedQuota"]
    assert quotas.get_requested_service_quota_change(RequestId=made["Id"])["RequestedQuota"]["Status"] == "APPROVED"
    assert quotas.get_service_quota(**BUILDS)["Quota"]["Value"] == 30
    assert quotas.get_aws_default_service_quota(**BUILDS)["Quota"]["Value"] == 1
    assert _refused(quotas.request_service_quota_increase, **BUILDS, DesiredValue=30) == "IllegalArgumentException"


def test_the_template_is_the_management_accounts_in_one_region(client: Client) -> None:
    """An account that manages no organisation has none, and other regions have none."""
    member, manager = client("service-quotas", ACCOUNT), client("service-quotas", MANAGER)
    wanted = {**BUILDS, "AwsRegion": REGION, "DesiredValue": 5}
    put = "put_service_quota_increase_request_into_template"
    assert _refused(getattr(member, put), **wanted) == "NoAvailableOrganizationException"
    client("organizations", MANAGER).create_organization(FeatureSet="ALL")
    assert _refused(getattr(manager, put), **wanted) == "TemplatesNotAvailableInRegionException"


def test_backup_refuses_what_it_does_not_know(client: Client) -> None:
    """A kind of resource, a vault, a plan or a name that AWS Backup would not take is an error."""
    backup = client("backup", ACCOUNT)
    unknown = {"ResourceTypeOptInPreference": {"Typewriters": True}}
    assert _refused(backup.update_region_settings, **unknown) == "InvalidParameterValueException"
    assert _refused(backup.get_backup_vault_access_policy, BackupVaultName="none") == "ResourceNotFoundException"
    selection = {"SelectionName": "s", "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/b"}
    assert (
        _refused(backup.create_backup_selection, BackupPlanId="none", BackupSelection=selection)
        == "ResourceNotFoundException"
    )
    plan = {
        "RecoveryPointSelection": {},
        "RestoreTestingPlanName": "with-hyphens",
        "ScheduleExpression": "cron(0 1 * * ? *)",
    }
    assert _refused(backup.create_restore_testing_plan, RestoreTestingPlan=plan) == "InvalidParameterValueException"


def test_a_deleted_vault_takes_its_policy_along(client: Client) -> None:
    """A vault of the same name made afterwards has no policy; tags are given back."""
    backup = client("backup", ACCOUNT)
    arn = backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"owner": "platform"})["BackupVaultArn"]
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"owner": "platform"}
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy="{}")
    assert backup.get_backup_vault_access_policy(BackupVaultName="vault")["Policy"] == "{}"
    backup.delete_backup_vault(BackupVaultName="vault")
    backup.create_backup_vault(BackupVaultName="vault")
    assert _refused(backup.get_backup_vault_access_policy, BackupVaultName="vault") == "ResourceNotFoundException"


def test_a_budget_keeps_subscribers_and_takes_a_notification_once(client: Client) -> None:
    """Who hears of a notification is given back; a budget or notification that exists is refused and stays as it is."""
    budgets = client("budgets", ACCOUNT)
    limit = {"Amount": "100", "Unit": "USD"}
    budget = {"BudgetName": "b", "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    heard = [{"SubscriptionType": "EMAIL", "Address": "lead@acme.example"}]
    place = {"AccountId": ACCOUNT, "BudgetName": "b"}
    budgets.create_budget(AccountId=ACCOUNT, Budget=budget)
    tagged = {"Budget": budget, "ResourceTags": [{"Key": "owner", "Value": "another"}]}
    assert _refused(budgets.create_budget, AccountId=ACCOUNT, **tagged) == "DuplicateRecordException"
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/b"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == []
    budgets.create_notification(**place, Notification=ACTUAL, Subscribers=heard)
    again = _refused(budgets.create_notification, **place, Notification=ACTUAL, Subscribers=heard)
    assert again == "DuplicateRecordException"
    budgets.update_budget(AccountId=ACCOUNT, NewBudget={**budget, "BudgetLimit": {"Amount": "200", "Unit": "USD"}})
    assert budgets.describe_budget(**place)["Budget"]["BudgetLimit"]["Amount"] == "200.0"
    assert budgets.describe_subscribers_for_notification(**place, Notification=ACTUAL)["Subscribers"] == heard
    other = {**ACTUAL, "Threshold": 90.0}
    assert _refused(budgets.describe_subscribers_for_notification, **place, Notification=other) == "NotFoundException"


def test_internet_gateways_pass_all_until_they_are_blocked(client: Client) -> None:
    """The mode is kept by account and region."""
    ec2, elsewhere = client("ec2", ACCOUNT), client("ec2", MANAGER)
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    modes = [
        each.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"]
        for each in (ec2, elsewhere)
    ]
    assert modes == ["block-ingress", "off"]
