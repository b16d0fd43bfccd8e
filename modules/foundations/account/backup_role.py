"""The role that AWS Backup works as."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role

BACKUP_POLICIES = ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")
RESTORE_POLICIES = ("service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")


class BackupRole(Construct):
    """A role that AWS Backup alone may assume, with AWS's own policies for the job, under the account's boundary.

    Guarantees: one job, either backups or restores; nobody else assumes it.
    Controls: IAM-01, IAM-05 (NIST 800-53 AC-6, CP-9).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        policies: Sequence[str],
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=description,
            boundary_arn=boundary_arn,
            trust=[
                Statement("AwsBackup", actions=("sts:AssumeRole",), principals=service("backup.amazonaws.com")),
            ],
            managed_policy_arns=[f"arn:{naming.partition}:iam::aws:policy/{policy}" for policy in policies],
        )
        self.arn = role.arn
