"""The Glue catalogue of an account, with Lake Formation in charge of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf import Token
from cdktf_cdktf_provider_aws.data_aws_iam_roles import DataAwsIamRoles
from cdktf_cdktf_provider_aws.glue_data_catalog_encryption_settings import (
    GlueDataCatalogEncryptionSettings,
    GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettings,
    GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettingsConnectionPasswordEncryption,
    GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettingsEncryptionAtRest,
)
from cdktf_cdktf_provider_aws.lakeformation_data_lake_settings import LakeformationDataLakeSettings
from cdktf_cdktf_provider_aws.lakeformation_lf_tag import LakeformationLfTag
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.foundations.contract import AccessContract

# From this version on a grant may name a role of another account, and grants share few RAM shares.
CROSS_ACCOUNT_VERSION = "4"
# AWS adds a suffix to the roles of permission sets that nobody can foretell: they are looked up.
_STEWARD_ROLES = "^AWSReservedSSO_mlgov-data-lake-administrator_[0-9a-f]+$"
_IDENTITY_CENTER_ROLES = "/aws-reserved/sso.amazonaws.com/"


class Catalogue(Construct):
    """Lake Formation's settings of the account, the encryption of its Glue catalogue, and its LF-tags.

    `administrators` are names of roles of the account that administer the lake beside the apply role; with `stewards`
    so do the people who hold the permission set data-lake-administrator there. `vocabulary` is every LF-tag key with
    its values; accounts that tag nothing have none.

    Guarantees:
    - new databases and tables grant nobody anything: IAM policies alone open no data;
    - the apply role and the named roles administer it, the plan role reads it, nobody else does either;
    - grants reach roles of other accounts by cross-account version 4;
    - no engine outside AWS gets at data past the filters;
    - metadata and connection passwords are encrypted under `key_arn`, by a role of its own, so that whoever is
      granted a table, from whatever account, needs no permission on the key;
    - tags have the values of `vocabulary` and no others.

    Controls: DATA-12, DATA-13, DATA-14 (NIST 800-53 AC-3, AC-16, SC-28).
    https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
    https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        access: AccessContract,
        key_arn: str,
        administrators: Sequence[str] = (),
        stewards: bool = False,
        vocabulary: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        named = [naming.arn("iam", f"role/{name}", region=False) for name in sorted(set(administrators))]
        admins = [access.apply_role_arn, *named]
        settings = LakeformationDataLakeSettings(
            self,
            "settings",
            admins=self._with_stewards(admins) if stewards else admins,
            read_only_admins=[access.plan_role_arn],  # without it a plan would see no tags and no grants
            # Written out: the provider would leave alone what it is not told.
            create_database_default_permissions=[],
            create_table_default_permissions=[],
            allow_external_data_filtering=False,
            allow_full_table_external_data_access=False,
            parameters={"CROSS_ACCOUNT_VERSION": CROSS_ACCOUNT_VERSION},
        )
        self._encrypt(naming, key_arn, access.boundary_arn)
        for key, values in sorted((vocabulary or {}).items()):
            # Only an administrator may make a tag, and the settings make Terraform's role one.
            LakeformationLfTag(self, f"tag-{key}", key=key, values=list(values), depends_on=[settings])

    def _with_stewards(self, admins: list[str]) -> list[str]:
        roles = DataAwsIamRoles(self, "stewards", name_regex=_STEWARD_ROLES, path_prefix=_IDENTITY_CENTER_ROLES)
        # As text, not by cdktf's functions: they escape the references that the ARNs hold.
        found = f"data.aws_iam_roles.{roles.friendly_unique_id}.arns"
        return Token.as_list(f"${{concat({json.dumps(admins)}, tolist({found}))}}")

    def _encrypt(self, naming: Naming, key_arn: str, boundary_arn: str) -> None:
        role = Role(
            self,
            "encryption-role",
            naming=naming,
            what="catalogue-encryption",
            description="Glue encrypts and decrypts the metadata of this account's catalogue as this role",
            trust=[
                Statement(
                    "Glue",
                    actions=("sts:AssumeRole",),
                    principals=service("glue.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("UseKey", actions=("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"), resources=(key_arn,))
            ],
        )
        passwords = GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettingsConnectionPasswordEncryption(
            aws_kms_key_id=key_arn, return_connection_password_encrypted=True
        )
        metadata = GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettingsEncryptionAtRest(
            catalog_encryption_mode="SSE-KMS-WITH-SERVICE-ROLE",
            catalog_encryption_service_role=role.arn,
            sse_aws_kms_key_id=key_arn,
        )
        GlueDataCatalogEncryptionSettings(
            self,
            "encryption",
            data_catalog_encryption_settings=GlueDataCatalogEncryptionSettingsDataCatalogEncryptionSettings(
                connection_password_encryption=passwords, encryption_at_rest=metadata
            ),
        )
