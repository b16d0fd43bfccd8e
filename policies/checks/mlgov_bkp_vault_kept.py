"""A vault with backups in it cannot be destroyed by Terraform."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class BkpVaultKept(PlatformCheck):
    """force_destroy, which deletes the recovery points with the vault, is off; left out, it is."""

    policy = "CKV_MLGOV_286"
    title = "Backup vault is not destroyed with its backups"
    control = "BKP-02"
    resources = ("aws_backup_vault",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, "force_destroy", True))


check = BkpVaultKept()
