"""An account's backups are kept, protected and proven, as the docstrings guarantee."""

from __future__ import annotations

import pytest

from modules.foundations.account.account_backup import AccountBackup
from modules.foundations.account.settings import AccountRole, BackupSettings, Frequency
from modules.foundations.contract import BaselineContract
from tests.support.rendering import NAMING, Rendered, render, statements

BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
KEY = "arn:aws:kms:eu-west-1:222222222222:key/1"


def _render(settings: BackupSettings, role: AccountRole = "ml-team", *, at_home: bool = True) -> Rendered:
    return render(
        lambda scope: AccountBackup(
            scope,
            "backup",
            naming=NAMING,
            settings=settings,
            key_arn=KEY,
            boundary_arn=BOUNDARY,
            roles=(role,),
            at_home=at_home,
        )
    )


@pytest.fixture(name="backup", scope="module")
def _backup() -> Rendered:
    return _render(BackupSettings(plan="account"), "feature-store")


def test_the_vault_is_the_one_that_the_contract_names(backup: Rendered) -> None:
    """Vault and role are called as the organisation's backup policy names them; the vault has the account's key."""
    names = BaselineContract.names(NAMING)
    vault = backup.one("aws_backup_vault")
    assert (vault["name"], vault["kms_key_arn"]) == (names["backup_vault_name"], KEY)
    assert names["backup_vault_arn"].endswith(f":backup-vault:{vault['name']}")
    assert vault["lifecycle"] == {"prevent_destroy": True}
    roles = {body["name"] for body in backup.all("aws_iam_role").values()}
    assert names["backup_role_arn"].rpartition("/")[2] in roles


def test_the_lock_bounds_retention_and_its_mode_is_a_setting() -> None:
    """Governance by default; compliance mode is what AWS reads from a cooling-off period."""
    default = _render(BackupSettings()).one("aws_backup_vault_lock_configuration")
    assert (default["min_retention_days"], default["max_retention_days"]) == (7, 3650)
    assert "changeable_for_days" not in default
    strict = _render(BackupSettings(lock="compliance")).one("aws_backup_vault_lock_configuration")
    assert strict["changeable_for_days"] == 14


def test_only_break_glass_deletes_a_recovery_point(backup: Rendered) -> None:
    """The vault denies everybody else, administrators included; the role is that of this account."""
    denial = statements(backup.one("aws_backup_vault_policy")["policy"])["OnlyBreakGlassDeletes"]
    assert (denial["Effect"], denial["Principal"]) == ("Deny", "*")
    assert "backup:DeleteRecoveryPoint" in denial["Action"]
    (role,) = denial["Condition"]["ArnNotLike"].values()
    assert role == "arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-break-glass_*"


def test_no_second_plan_stands_beside_the_organisations() -> None:
    """By default the organisation's backup policy plans; then the account has vault and role, and no plan."""
    rendered = _render(BackupSettings())
    assert rendered.all("aws_backup_vault")
    assert rendered.all("aws_backup_plan") == {}
    assert rendered.all("aws_backup_selection") == {}


def test_an_account_that_plans_itself_selects_by_tag(backup: Rendered) -> None:
    """A plan for each value of the tag `Backup`, into the vault, as the role, for as long as the settings say."""
    rules = {body["rule"][0]["rule_name"]: body["rule"][0] for body in backup.all("aws_backup_plan").values()}
    assert {name: rule["lifecycle"]["delete_after"] for name, rule in rules.items()} == {"daily": 35, "weekly": 365}
    tags = {body["selection_tag"][0]["value"] for body in backup.all("aws_backup_selection").values()}
    assert tags == {"daily", "weekly"}
    assert all("aws_iam_role." in body["iam_role_arn"] for body in backup.all("aws_backup_selection").values())


def test_abroad_nothing_global_is_made_twice() -> None:
    """Outside the home region there is no role; plans name the role that was made at home."""
    rendered = _render(BackupSettings(plan="account"), "feature-store", at_home=False)
    assert rendered.all("aws_iam_role") == {}
    arns = {body["iam_role_arn"] for body in rendered.all("aws_backup_selection").values()}
    assert arns == {BaselineContract.names(NAMING)["backup_role_arn"]}
    assert rendered.all("aws_backup_restore_testing_plan") == {}


def test_backups_of_data_are_proven_by_restores(backup: Rendered) -> None:
    """Accounts that hold state restore on schedule, each kind of resource, as a role that cannot make backups."""
    plan = backup.one("aws_backup_restore_testing_plan")
    assert plan["name"] == "acme_dev_restore_test"
    assert plan["recovery_point_selection"][0]["algorithm"] == "LATEST_WITHIN_WINDOW"
    selections = backup.all("aws_backup_restore_testing_selection").values()
    assert {body["protected_resource_type"] for body in selections} == {"DynamoDB", "S3"}
    policies = {body["policy_arn"].rpartition("/")[2]: body["role"] for body in _attached(backup)}
    assert policies["AWSBackupServiceRolePolicyForRestores"] != policies["AWSBackupServiceRolePolicyForBackup"]
    assert _render(BackupSettings()).all("aws_backup_restore_testing_plan") == {}


def _attached(rendered: Rendered) -> list[dict[str, str]]:
    return list(rendered.all("aws_iam_role_policy_attachment").values())


def test_aws_backup_alone_assumes_its_roles(backup: Rendered) -> None:
    """Both roles trust the service and carry the account's boundary."""
    for body in backup.all("aws_iam_role").values():
        (statement,) = statements(body["assume_role_policy"]).values()
        assert statement["Principal"] == {"Service": "backup.amazonaws.com"}
        assert body["permissions_boundary"] == BOUNDARY


def test_what_aws_adds_to_its_kinds_is_no_drift(backup: Rendered) -> None:
    """The opt-in is set when the settings change, and what AWS answers beside it is not compared."""
    region = backup.one("aws_backup_region_settings")
    assert region["resource_type_opt_in_preference"]["DynamoDB"] is True
    (trigger,) = region["lifecycle"]["replace_triggered_by"]
    kind, _, name = trigger.partition(".")
    assert backup.all(kind)[name]["input"]["kinds"] == list(BackupSettings().protected)
    assert len(region["lifecycle"]["ignore_changes"]) == 2


def test_a_rule_outside_of_the_lock_is_refused() -> None:
    """AWS Backup would fail every job of it: the settings say so first."""
    with pytest.raises(ValueError, match=r"daily\.keep_days must lie from 7 to 3650"):
        BackupSettings(daily=Frequency(schedule="cron(0 1 ? * * *)", keep_days=3))
    with pytest.raises(ValueError, match="must not exceed"):
        BackupSettings(min_retention_days=40, max_retention_days=30)
