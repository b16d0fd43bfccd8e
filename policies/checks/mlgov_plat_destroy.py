"""A plan does not destroy what cannot be had back."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed
from policies.document import Conf, StackDocument

# With these go state, keys, evidence, backups, addresses of people, or data.
IRREPLACEABLE = (
    "aws_backup_vault",
    "aws_cloudtrail",
    "aws_dynamodb_table",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_kms_key",
    "aws_kms_replica_key",
    "aws_organizations_account",
    "aws_organizations_organization",
    "aws_organizations_organizational_unit",
    "aws_s3_bucket",
    "aws_sagemaker_domain",
    "aws_sagemaker_feature_group",
    "aws_sagemaker_mlflow_tracking_server",
    "aws_sagemaker_model_package_group",
    "aws_sagemaker_space",
    "aws_sagemaker_user_profile",
)


class PlatDestroy(StackCheck):
    """A plan that deletes or replaces one of these needs a waiver for exactly that resource.

    Terraform's prevent_destroy says no as well, but it vanishes together with the block that holds it.
    """

    policy = "CKV_MLGOV_30"
    title = "No plan deletes or replaces state, keys, evidence, accounts or data"
    control = "PLAT-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.destroyed(*IRREPLACEABLE)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        return failed("the plan deletes or replaces it, and what it holds cannot be had back")


check = PlatDestroy()
