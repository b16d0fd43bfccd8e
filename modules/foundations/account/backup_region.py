"""Which kinds of resources AWS Backup protects in one region of an account."""

from __future__ import annotations

from cdktf import DataResource, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.backup_region_settings import BackupRegionSettings
from constructs import Construct

from modules.foundations.account.settings import BackupSettings


class BackupRegion(Construct):
    """AWS Backup is opted in to the kinds of resources of the settings, and manages DynamoDB's and EFS's fully.

    Guarantees:
    - what a backup plan selects by tag is not left out because its kind was never opted in;
    - a kind that AWS adds later is neither a change of the plan nor switched off.

    Controls: BKP-01 (NIST 800-53 CP-9).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: BackupSettings) -> None:
        super().__init__(scope, id_)
        protected = DataResource(self, "protected", input={"kinds": list(settings.protected)})
        BackupRegionSettings(
            self,
            "region",
            resource_type_opt_in_preference={kind: True for kind in settings.protected},
            # Full management gives recovery points of DynamoDB the vault's key and tags.
            resource_type_management_preference={"DynamoDB": True, "EFS": True},
            # AWS answers with every kind it knows in this region, and the provider compares that with ours. What we
            # set is set anew when the settings change; to delete this resource does nothing in AWS.
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["resource_type_opt_in_preference", "resource_type_management_preference"],
                # A bare address: Terraform reads no interpolation here.
                replace_triggered_by=[f"{protected.terraform_resource_type}.{protected.friendly_unique_id}"],
            ),
        )
