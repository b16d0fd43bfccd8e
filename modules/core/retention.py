"""What outlives its configuration: resources that hold data, or that cannot be had back. No cdktf here.

Terraform destroys what leaves the configuration. Of these types it destroys nothing unless a run names the resource
(`delivery/guard.py`), and a stack that is taken down leaves them in place (`environments/dismantle.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What Cloud Control makes that holds no data: without its role, which goes with the stack, a hook would refuse all.
REPLACEABLE = frozenset({"AWS::CloudFormation::GuardHook"})
# Resource type -> the types of resources that protect it: they stay as long as it does, so that what is kept is kept
# encrypted, private and under its own policy (NIST 800-53 CP-9, SI-12, MP-6).
RETAINED: Mapping[str, tuple[str, ...]] = {
    "aws_backup_logically_air_gapped_vault": (),
    "aws_backup_vault": (
        "aws_backup_vault_lock_configuration",
        "aws_backup_vault_notifications",
        "aws_backup_vault_policy",
    ),
    # By its type alone nobody knows what it is: a model card with its versions and approvals cannot be had back.
    "aws_cloudcontrolapi_resource": (),
    "aws_cloudtrail_event_data_store": (),
    "aws_cloudwatch_event_archive": (),
    "aws_cloudwatch_log_group": ("aws_cloudwatch_log_data_protection_policy",),
    "aws_codeartifact_domain": ("aws_codeartifact_domain_permissions_policy",),
    "aws_codeartifact_repository": ("aws_codeartifact_repository_permissions_policy",),
    "aws_codecommit_repository": (),
    "aws_cognito_user_pool": (),
    "aws_datazone_domain": (),
    "aws_db_instance": ("aws_db_subnet_group",),
    "aws_docdb_cluster": ("aws_docdb_subnet_group",),
    "aws_dynamodb_table": ("aws_dynamodb_resource_policy",),
    "aws_ebs_snapshot": (),
    "aws_ebs_volume": (),
    "aws_ecr_repository": ("aws_ecr_lifecycle_policy", "aws_ecr_repository_policy"),
    "aws_efs_file_system": ("aws_efs_backup_policy", "aws_efs_file_system_policy"),
    "aws_fsx_lustre_file_system": (),
    "aws_fsx_ontap_file_system": (),
    "aws_fsx_openzfs_file_system": (),
    "aws_fsx_windows_file_system": (),
    "aws_glacier_vault": ("aws_glacier_vault_lock",),
    "aws_glue_catalog_database": (
        "aws_glue_data_catalog_encryption_settings",
        "aws_glue_resource_policy",
        "aws_lakeformation_data_lake_settings",
    ),
    "aws_glue_catalog_table": (),
    "aws_keyspaces_table": (),
    "aws_kinesis_stream": ("aws_kinesis_resource_policy",),
    "aws_kms_external_key": ("aws_kms_alias", "aws_kms_key_policy"),
    "aws_kms_key": ("aws_kms_alias", "aws_kms_key_policy"),
    "aws_kms_replica_key": ("aws_kms_alias", "aws_kms_key_policy"),
    "aws_lakeformation_lf_tag": (),  # without it every table loses its value, and every grant by it is gone
    "aws_msk_cluster": ("aws_msk_cluster_policy",),
    "aws_neptune_cluster": ("aws_neptune_subnet_group",),
    "aws_opensearch_domain": ("aws_opensearch_domain_policy",),
    "aws_opensearchserverless_collection": (
        "aws_opensearchserverless_access_policy",
        "aws_opensearchserverless_security_policy",
    ),
    "aws_organizations_account": (),
    "aws_organizations_organization": (),
    "aws_rds_cluster": ("aws_db_subnet_group",),
    "aws_redshift_cluster": ("aws_redshift_subnet_group",),
    "aws_redshiftserverless_namespace": ("aws_redshiftserverless_resource_policy",),
    "aws_s3_bucket": (
        "aws_s3_bucket_acl",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_logging",
        "aws_s3_bucket_object_lock_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_replication_configuration",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    ),
    "aws_s3_directory_bucket": ("aws_s3_bucket_policy",),
    "aws_s3tables_table": ("aws_s3tables_table_policy",),
    "aws_s3tables_table_bucket": ("aws_s3tables_table_bucket_policy",),
    "aws_sagemaker_domain": (),  # its file system holds the homes of its users
    "aws_sagemaker_feature_group": (),
    "aws_sagemaker_mlflow_tracking_server": (),
    "aws_sagemaker_model_package_group": ("aws_sagemaker_model_package_group_policy",),
    "aws_sagemaker_notebook_instance": (),  # its volume is deleted with it
    "aws_sagemaker_space": (),  # its volume is deleted with it
    "aws_sagemaker_user_profile": (),  # its home stays, and a new profile is given another
    "aws_secretsmanager_secret": ("aws_secretsmanager_secret_policy",),
    "aws_securitylake_data_lake": (),
    "aws_timestreamwrite_table": (),
}
# What is gone with a resource of the type, where its name does not say so.
LOSSES: Mapping[str, str] = {
    "aws_codecommit_repository": "its commits",
    "aws_dynamodb_table": "its items",
    "aws_ecr_repository": "its images",
    "aws_efs_file_system": "its files",
    "aws_kms_key": "all that is encrypted under it",
    "aws_lakeformation_lf_tag": "every grant by it",
    "aws_s3_bucket": "its objects",
    "aws_sagemaker_domain": "the way to its users' home directories, their profiles and spaces",
    "aws_sagemaker_feature_group": "its online records, and what ties its history to it",
    "aws_sagemaker_mlflow_tracking_server": "runs with their parameters and metrics",
    "aws_sagemaker_model_package_group": "registered versions with their approvals",
    "aws_sagemaker_notebook_instance": "the files on its volume",
    "aws_sagemaker_space": "the files on its volume",
    "aws_sagemaker_user_profile": "the person's way to their home directory",
}
_PROTECTING = frozenset(kind for kinds in RETAINED.values() for kind in kinds)


def is_stateful(kind: str) -> bool:
    """Whether a resource of this type holds data, or cannot be had back once it is destroyed."""
    return kind in RETAINED


def outlives_its_stack(kind: str, of: str | None = None) -> bool:
    """Whether a resource of this type stays where it is when its stack is taken down.

    `of` is CloudFormation's type of what is made through Cloud Control; without it nobody knows what it is: it stays.
    """
    return of not in REPLACEABLE and (kind in RETAINED or kind in _PROTECTING)


def removed_block(address: str) -> dict[str, Any]:
    """Terraform's block that drops the resource from the state and leaves it where it is (Terraform 1.7)."""
    return {"from": address, "lifecycle": {"destroy": False}}


def loss(kind: str) -> str | None:
    """What is gone with a resource of this type, in words; None where its name says it."""
    return LOSSES.get(kind)
