"""Restores that prove an account's backups."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.backup_restore_testing_plan import (
    BackupRestoreTestingPlan,
    BackupRestoreTestingPlanRecoveryPointSelection,
)
from cdktf_cdktf_provider_aws.backup_restore_testing_selection import BackupRestoreTestingSelection
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.account.settings import RestoreTestingSettings


class RestoreTesting(Construct):
    """The newest recovery point of each kind of resource is restored on schedule, held for inspection, then deleted.

    Guarantees: a backup that cannot be restored shows as a failed restore job before it is needed.
    Controls: BKP-01 (NIST 800-53 CP-9(1), CP-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: RestoreTestingSettings,
        vault_arn: str,
        role_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        plan = BackupRestoreTestingPlan(
            self,
            "plan",
            name=_name(naming.name("restore-test")),
            schedule_expression=settings.schedule,
            recovery_point_selection=[
                BackupRestoreTestingPlanRecoveryPointSelection(
                    algorithm="LATEST_WITHIN_WINDOW",
                    include_vaults=[vault_arn],
                    recovery_point_types=["SNAPSHOT"],
                    selection_window_days=settings.window_days,
                )
            ],
        )
        for kind in settings.resource_types:
            BackupRestoreTestingSelection(
                self,
                kind,
                name=kind,
                restore_testing_plan_name=plan.name,
                protected_resource_type=kind,
                protected_resource_arns=["*"],
                iam_role_arn=role_arn,
                validation_window_hours=settings.inspect_hours,
            )


def _name(name: str) -> str:
    """AWS Backup takes letters, digits and underscores here, and nothing else."""
    return name.replace("-", "_")
