"""The backup vault of one account in one region."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.backup_vault import BackupVault as AwsBackupVault
from cdktf_cdktf_provider_aws.backup_vault_lock_configuration import BackupVaultLockConfiguration
from cdktf_cdktf_provider_aws.backup_vault_policy import BackupVaultPolicy
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document
from modules.core.naming import Naming
from modules.foundations.account.settings import BackupSettings
from modules.foundations.contract import BaselineContract
from modules.foundations.personas import EMERGENCY


class BackupVault(Construct):
    """The vault `<organisation>-<environment>-backup`, encrypted by the account's key for backups.

    Guarantees:
    - recovery points live as long as the lock says: none is deleted early, none stays for ever;
    - nobody but break-glass deletes a recovery point by hand, shortens its life, or opens the vault;
    - Terraform refuses to destroy it.

    Controls: BKP-02 (NIST 800-53 CP-9, CP-9(8), SC-28).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, settings: BackupSettings, key_arn: str) -> None:
        super().__init__(scope, id_)
        names = BaselineContract.names(naming)
        vault = AwsBackupVault(
            self,
            "vault",
            name=names["backup_vault_name"],
            kms_key_arn=key_arn,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.name, self.arn = vault.name, vault.arn  # references: who names the vault waits for it
        BackupVaultLockConfiguration(
            self,
            "lock",
            backup_vault_name=self.name,
            min_retention_days=settings.min_retention_days,
            max_retention_days=settings.max_retention_days,
            # AWS tells the modes apart by this alone: without it the lock is in governance mode.
            changeable_for_days=settings.cooling_off_days if settings.lock == "compliance" else None,
        )
        emergency = f"role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-{EMERGENCY}_*"
        BackupVaultPolicy(
            self,
            "policy",
            backup_vault_name=self.name,
            policy=policy_document(
                Statement(
                    "OnlyBreakGlassDeletes",
                    actions=("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"),
                    resources=("*",),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"ArnNotLike": {"aws:PrincipalArn": naming.arn("iam", emergency, region=False)}},
                )
            ),
        )
