"""Cases of the backup controls."""

from __future__ import annotations

from tests.policies.cases import Body, Case
from tests.policies.support import ACCOUNT, OTHER, policy

ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"
ELSEWHERE = f"arn:aws:backup:eu-central-1:{OTHER}:backup-vault:copies"
DAILY = "cron(0 3 * * ? *)"
TAGGED = [{"type": "STRINGEQUALS", "key": "Backup", "value": "daily"}]
STORES = {"DynamoDB": True, "EFS": True, "S3": True}


def _plan(**rule: object) -> Body:
    return {"name": "p", "rule": [{"rule_name": "r", "target_vault_name": "vault", **rule}]}


def _guarded(vault: str, *actions: str, principal: object = "*", effect: str = "Deny") -> Body:
    spared = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/break-glass"}}
    statement = {"Effect": effect, "Principal": principal, "Action": actions, "Resource": "*", "Condition": spared}
    return {"backup_vault_name": f"${{aws_backup_vault.@{vault}.name}}", "policy": policy(statement)}


CASES = [
    Case(
        "CKV_MLGOV_280",
        "aws_backup_plan",
        passes={"daily": _plan(schedule=DAILY, lifecycle={"delete_after": 35})},
        fails={
            "unscheduled": (_plan(lifecycle={"delete_after": 35}), "schedule is not set"),
            "for_ever": (_plan(schedule=DAILY), "lifecycle.delete_after is not set"),
            "short": (_plan(schedule=DAILY, lifecycle={"delete_after": 7}), "must be at least 35"),
        },
    ),
    Case(
        "CKV_MLGOV_281",
        "aws_backup_plan",
        passes={"copied": _plan(copy_action=[{"destination_vault_arn": ELSEWHERE}])},
        fails={
            "alone": (_plan(), "rule r has no copy_action to a vault outside this stack"),
            "same_place": (
                _plan(copy_action=[{"destination_vault_arn": "${aws_backup_vault.@near.arn}"}]),
                "rule r has no copy_action to a vault outside this stack",
            ),
        },
        beside={"aws_backup_vault.near": {"name": "near"}},
        environment="prod",
    ),
    Case("CKV_MLGOV_281", "aws_backup_plan", passes={}, fails={}, ignores={"of_dev": _plan()}),
    Case(
        "CKV_MLGOV_282",
        "aws_backup_plan",
        passes={"selects": _plan()},
        fails={
            "alone": (_plan(), "no aws_backup_selection of this stack refers to the plan"),
            "nothing": (_plan(), "names no condition, resources, selection_tag"),
        },
        beside={
            "aws_backup_selection.by_tag": {
                "name": "s",
                "iam_role_arn": ROLE,
                "plan_id": "${aws_backup_plan.@selects.id}",
                "selection_tag": TAGGED,
            },
            "aws_backup_selection.empty": {
                "name": "s",
                "iam_role_arn": ROLE,
                "plan_id": "${aws_backup_plan.@nothing.id}",
            },
        },
    ),
    Case(
        "CKV_MLGOV_283",
        "aws_backup_region_settings",
        passes={"all": {"resource_type_opt_in_preference": STORES}},
        fails={
            "no_s3": (
                {"resource_type_opt_in_preference": {**STORES, "S3": False}},
                "resource_type_opt_in_preference.S3 is false",
            ),
            "no_efs": (
                {"resource_type_opt_in_preference": {"DynamoDB": True, "S3": True}},
                "resource_type_opt_in_preference.EFS is not set",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_284",
        "aws_backup_vault",
        passes={"locked": {"name": "locked"}, "by_name": {"name": "by-name"}},
        fails={
            "open": ({"name": "open"}, "no aws_backup_vault_lock_configuration of this stack locks the vault"),
            "brief": ({"name": "brief"}, "min_retention_days is 1: it must be at least 7"),
            "endless": ({"name": "endless"}, "min_retention_days is not set"),
        },
        beside={
            "aws_backup_vault_lock_configuration.of_locked": {
                "backup_vault_name": "${aws_backup_vault.@locked.name}",
                "min_retention_days": 7,
            },
            "aws_backup_vault_lock_configuration.of_by_name": {
                "backup_vault_name": "by-name",
                "min_retention_days": 30,
            },
            "aws_backup_vault_lock_configuration.of_brief": {
                "backup_vault_name": "${aws_backup_vault.@brief.name}",
                "min_retention_days": 1,
            },
            "aws_backup_vault_lock_configuration.of_endless": {
                "backup_vault_name": "${aws_backup_vault.@endless.name}",
                "max_retention_days": 90,
            },
        },
    ),
    Case(
        "CKV_MLGOV_285",
        "aws_backup_vault",
        passes={"guarded": {"name": "guarded"}},
        fails={
            "open": ({"name": "open2"}, "no aws_backup_vault_policy of this stack is for the vault"),
            "other": ({"name": "other"}, "has no statement that denies backup:DeleteRecoveryPoint"),
            "some": ({"name": "some"}, "has no statement that denies backup:DeleteRecoveryPoint"),
            "allows": ({"name": "allows"}, "has no statement that denies backup:DeleteRecoveryPoint"),
        },
        beside={
            "aws_backup_vault_policy.of_guarded": _guarded("guarded", "backup:DeleteRecoveryPoint"),
            "aws_backup_vault_policy.of_other": _guarded("other", "backup:CopyIntoBackupVault"),
            "aws_backup_vault_policy.of_some": _guarded("some", "backup:DeleteRecoveryPoint", principal={"AWS": ROLE}),
            "aws_backup_vault_policy.of_allows": _guarded("allows", "backup:*", effect="Allow"),
        },
    ),
    Case(
        "CKV_MLGOV_286",
        "aws_backup_vault",
        passes={"default": {"name": "default"}, "kept": {"name": "kept", "force_destroy": False}},
        fails={"gone": ({"name": "gone"} | {"force_destroy": True}, "force_destroy is true")},
    ),
]
