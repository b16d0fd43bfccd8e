"""What backs an account up in one region, and proves that it can be restored."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.account.backup_plans import BackupPlans
from modules.foundations.account.backup_region import BackupRegion
from modules.foundations.account.backup_role import BACKUP_POLICIES, RESTORE_POLICIES, BackupRole
from modules.foundations.account.backup_vault import BackupVault
from modules.foundations.account.restore_testing import RestoreTesting
from modules.foundations.account.settings import AccountRole, BackupSettings
from modules.foundations.contract import BaselineContract


class AccountBackup(Construct):
    """Vault, opt-in and, where the settings say so, plans; in the home region also the roles and restore testing.

    Guarantees: those of its parts; vault and role are called as the organisation's backup policy names them.
    Controls: BKP-01, BKP-02 (NIST 800-53 CP-9, CP-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: BackupSettings,
        key_arn: str,
        boundary_arn: str,
        roles: Sequence[AccountRole],
        at_home: bool,
    ) -> None:
        super().__init__(scope, id_)
        BackupRegion(self, "opt-in", settings=settings)
        vault = BackupVault(self, "vault", naming=naming, settings=settings, key_arn=key_arn)
        role_arn = BaselineContract.names(naming)["backup_role_arn"]
        if at_home:  # roles are global: made once
            role_arn = BackupRole(
                self,
                "backup",
                naming=naming,
                what="backup",
                description="AWS Backup makes recovery points as this role",
                policies=BACKUP_POLICIES,
                boundary_arn=boundary_arn,
            ).arn
        if settings.plan == "account":
            BackupPlans(self, "plans", naming=naming, settings=settings, vault_name=vault.name, role_arn=role_arn)
        if at_home and set(roles) & set(settings.restore_testing.roles):
            restores = BackupRole(
                self,
                "restore",
                naming=naming,
                what="restore-test",
                description="AWS Backup restores recovery points as this role, to prove them",
                policies=RESTORE_POLICIES,
                boundary_arn=boundary_arn,
            )
            RestoreTesting(
                self,
                "testing",
                naming=naming,
                settings=settings.restore_testing,
                vault_arn=vault.arn,
                role_arn=restores.arn,
            )
