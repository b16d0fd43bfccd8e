"""What an account backs up by itself, where no backup policy of the organisation does."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.backup_plan import BackupPlan, BackupPlanRule, BackupPlanRuleLifecycle
from cdktf_cdktf_provider_aws.backup_selection import BackupSelection, BackupSelectionSelectionTag
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.account.settings import BackupSettings

TAG = "Backup"


class BackupPlans(Construct):
    """A plan for each value of the tag `Backup`: `daily` and `weekly`.

    Guarantees: what carries the tag is backed up into the account's vault at the frequency it says, and kept as long
    as the settings say.
    Controls: BKP-01 (FSBP Backup.5; NIST 800-53 CP-9, CP-9(8)).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: BackupSettings, vault_name: str, role_arn: str
    ) -> None:
        super().__init__(scope, id_)
        for value, rule in (("daily", settings.daily), ("weekly", settings.weekly)):
            plan = BackupPlan(
                self,
                value,
                name=naming.name(f"backup-{value}"),
                rule=[
                    BackupPlanRule(
                        rule_name=value,
                        target_vault_name=vault_name,
                        schedule=rule.schedule,
                        lifecycle=BackupPlanRuleLifecycle(delete_after=rule.keep_days),
                    )
                ],
            )
            BackupSelection(
                self,
                f"{value}-tagged",
                name=value,
                plan_id=plan.id,
                iam_role_arn=role_arn,
                selection_tag=[BackupSelectionSelectionTag(type="STRINGEQUALS", key=TAG, value=value)],
            )
