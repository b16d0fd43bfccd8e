"""Grants of Lake Formation, in the one account where they may be made: the owner's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDataCellsFilter,
    LakeformationPermissionsDataLocation,
    LakeformationPermissionsLfTagPolicy,
    LakeformationPermissionsLfTagPolicyExpression,
)
from constructs import Construct

from modules.core import lf_tags
from modules.core.errors import ConfigError
from modules.core.naming import Naming

# What may be granted. ALL is none of them: it takes in whatever AWS adds to it, and the provider, which AWS gives the
# list in its place, replaces such a grant at every apply (terraform-provider-aws #49453, #49669).
Permission = Literal["ALTER", "CREATE_TABLE", "DATA_LOCATION_ACCESS", "DESCRIBE", "INSERT", "SELECT"]
_PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?:\d{12}|\$\{[^}]+\}):role/[A-Za-z0-9+=,.@_/-]+")


@dataclass(frozen=True, slots=True)
class Tagged:
    """All databases, or all tables, that for each key of `tags` carry one of its values.

    Raises ConfigError for a key or value that the ontology does not have.
    """

    kind: Literal["DATABASE", "TABLE"]
    tags: Mapping[str, Sequence[str]] = field(hash=False)

    def __post_init__(self) -> None:
        for key, values in self.tags.items():
            lf_tags.check(key, values)


@dataclass(frozen=True, slots=True)
class Location:
    """Data below a registered location: who may make tables point there."""

    arn: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a data cells filter leaves of a table."""

    database: str
    table: str
    filter: str


@dataclass(frozen=True, slots=True)
class Grant:
    """`permissions` to the role `principal`, on something in the catalogue of the account `catalog_id`.

    Raises ConfigError for a permission that is not granted here, ALL above all, and for a principal that is not one role.
    """

    principal: str
    permissions: Sequence[Permission]
    on: Tagged | Location | Part
    catalog_id: str

    def __post_init__(self) -> None:
        if not self.permissions:
            raise ConfigError(f"the grant to {self.principal} has no permissions: name them")
        for permission in self.permissions:
            if permission not in _PERMISSIONS:
                raise ConfigError(
                    f"the grant to {self.principal} holds {permission}, which is never granted: "
                    f"name what is needed, of {', '.join(_PERMISSIONS)}"
                )
        if not _ROLE_ARN.fullmatch(self.principal):
            raise ConfigError(
                f"the grant to {self.principal} must name one role by its ARN: nobody else is granted data"
            )


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
                    f"the grant {name} to {grant.principal} is on the catalogue of account {grant.catalog_id}, and stands "
                    f"in a stack of account {naming.account_id}: make it in the stack of the owner, to that role"
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
