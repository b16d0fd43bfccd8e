"""What Lake Formation may be asked to grant, as values that cannot say too much. No cdktf here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from modules.core import lf_tags
from modules.core.errors import ConfigError

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

    Raises ConfigError for a permission that is never granted, ALL above all, and for a principal that is not one role.
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
