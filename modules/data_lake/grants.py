"""Grants of Lake Formation, in the one account where they may be made: the owner's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDataCellsFilter,
    LakeformationPermissionsDataLocation,
    LakeformationPermissionsLfTagPolicy,
    LakeformationPermissionsLfTagPolicyExpression,
)
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.naming import Naming
from modules.data_lake.grant import Grant, Location, Part, Tagged


class Grants(Construct):
    """`grants`, by an id for each, made once what is in `after` is there.

    Guarantees:
    - a grant on the catalogue of another account is refused: its owner makes it, straight to the role that uses it, and
      nobody passes it on (the provider cannot read what is passed on, terraform-provider-aws #26602, #38982);
    - none is of ALL, and none comes with the grant option;
    - it is written as AWS gives it back, so that a plan after the apply is empty.

    Controls: DATA-12, DATA-13 (NIST 800-53 AC-3, AC-6, AC-16).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        grants: Mapping[str, Grant],
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        for name, grant in sorted(grants.items()):
            if grant.catalog_id != naming.account_id:
                raise ConfigError(
                    f"the grant {name} to {grant.principal} is on the catalogue of account {grant.catalog_id}, and "
                    f"stands in a stack of account {naming.account_id}: make it in the stack of the owner, to that role"
                )
            on = grant.on
            LakeformationPermissions(
                self,
                name,
                principal=grant.principal,
                permissions=sorted(set(grant.permissions)),
                lf_tag_policy=_policy(on) if isinstance(on, Tagged) else None,
                data_location=LakeformationPermissionsDataLocation(arn=on.arn) if isinstance(on, Location) else None,
                data_cells_filter=_filter(on, grant.catalog_id) if isinstance(on, Part) else None,
                depends_on=list(after) or None,
            )


def _policy(on: Tagged) -> LakeformationPermissionsLfTagPolicy:
    return LakeformationPermissionsLfTagPolicy(
        resource_type=on.kind,
        expression=[
            LakeformationPermissionsLfTagPolicyExpression(key=key, values=sorted(set(values)))
            for key, values in sorted(on.tags.items())
        ],
    )


def _filter(on: Part, catalog_id: str) -> LakeformationPermissionsDataCellsFilter:
    return LakeformationPermissionsDataCellsFilter(
        database_name=on.database, table_name=on.table, name=on.filter, table_catalog_id=catalog_id
    )
