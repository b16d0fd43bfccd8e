"""The backup policy of an environment: plans for what is tagged with their names."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.naming import Naming
from modules.foundations.organization_policies.document import Document, assign
from modules.foundations.organization_policies.settings import BackupPlan, BackupSettings

# AWS Backup's own defaults, stated so that they cannot change: start within 8 hours, end within 7 days (minutes).
_START_MINUTES, _COMPLETE_MINUTES = "480", "10080"


def backup(naming: Naming, settings: BackupSettings, regions: Sequence[str]) -> Document:
    """The document for the accounts of `naming`'s environment.

    Vault and role are those of the account baseline: both are called `<organisation>-<environment>-backup`.
    """
    return {
        "plans": {
            naming.name(f"backup-{name}"): _plan(naming, name, plan, settings.tag_key, regions)
            for name, plan in sorted(settings.plans.items())
        }
    }


def _plan(naming: Naming, name: str, plan: BackupPlan, tag_key: str, regions: Sequence[str]) -> Document:
    lifecycle = {"delete_after_days": assign(str(plan.keep_days))}
    if plan.cold_after_days is not None:
        lifecycle["move_to_cold_storage_after_days"] = assign(str(plan.cold_after_days))
    role = f"arn:{naming.partition}:iam::$account:role/{naming.name('backup')}"  # AWS Backup fills in the account
    return {
        "regions": assign(sorted(regions)),
        "rules": {
            name: {
                "schedule_expression": assign(plan.schedule),
                "start_backup_window_minutes": assign(_START_MINUTES),
                "complete_backup_window_minutes": assign(_COMPLETE_MINUTES),
                "target_backup_vault_name": assign(naming.name("backup")),
                "lifecycle": lifecycle,
            }
        },
        "selections": {
            "tags": {
                name: {
                    "iam_role_arn": assign(role),
                    "tag_key": assign(tag_key),
                    "tag_value": assign([name]),
                }
            }
        },
    }
