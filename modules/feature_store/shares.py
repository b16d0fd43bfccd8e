"""Shares of central feature groups with other accounts: finding them, and using them, which are two things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.feature_store.names import group_arn
from modules.feature_store.user import Level

CATALOGUE = "sagemaker-catalog/DefaultFeatureGroupCatalog"
SEARCH = "AWSRAMPermissionSageMakerCatalogResourceSearch"
# Spelt as AWS spells them.
PERMISSIONS: Mapping[Level, str] = {
    "read": "AWSRAMPermissionSageMakerFeatureGroupReadOnly",
    "read_write": "AWSRAMPermissionSagemakerFeatureGroupReadWrite",
    "admin": "AWSRAMPermissionSagemakerFeatureGroupAdmin",
}
_SHARE_NAME = 128


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a share goes to. `accounts`: name -> id. `units`: key -> ARN, for all accounts below. `edges` need it."""

    accounts: Mapping[str, str]
    units: Mapping[str, str]
    edges: Sequence[Edge]


class Shares(Construct):
    """The share of the catalogue, for `finders`, and one for each group and level of `users`, by RAM.

    `groups`: the groups as resources, as RAM shares nothing that is not there. The catalogue is shared as a whole: who
    finds one group finds all, which is AWS's rule. A share with nobody is not made; a unit without accounts is
    somebody.

    Guarantees:
    - no account outside the organisation is admitted to any of them;
    - who finds a group gets no record of it by that, and who uses one finds no other;
    - a group is shared level by level, each with AWS's own permission for that level.

    Controls: DATA-18 (NIST 800-53 AC-3, AC-4, AC-21).
    https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-cross-account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        finders: Audience,
        users: Mapping[str, Mapping[Level, Audience]],
        groups: Mapping[str, ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        self._naming = naming
        everything = list(groups.values())
        self._share("catalogue", "feature-catalogue", naming.arn("sagemaker", CATALOGUE), SEARCH, finders, everything)
        for group, levels in sorted(users.items()):
            place = Construct(self, group)
            for level, audience in sorted(levels.items()):
                called = f"{group}-{level.replace('_', '-')}"
                self._share(
                    level, called, group_arn(naming, group), PERMISSIONS[level], audience, [groups[group]], place
                )

    def _share(
        self,
        id_: str,
        called: str,
        resource: str,
        permission: str,
        audience: Audience,
        after: Sequence[ITerraformDependable],
        scope: Construct | None = None,
    ) -> None:
        principals = {**audience.accounts, **audience.units}
        if not principals:
            return
        place = Construct(scope or self, id_)
        share = RamResourceShare(
            place,
            "share",
            name=self._naming.name(called, limit=_SHARE_NAME),
            allow_external_principals=False,
            permission_arns=[f"arn:{self._naming.partition}:ram::aws:permission/{permission}"],
        ).arn
        RamResourceAssociation(
            place, "resource", resource_arn=resource, resource_share_arn=share, depends_on=list(after)
        )
        for kind, found in (("account", audience.accounts), ("unit", audience.units)):
            for name, principal in sorted(found.items()):
                RamPrincipalAssociation(place, f"{kind}-{name}", principal=principal, resource_share_arn=share)
        for edge in audience.edges:
            edge.render(holder(self), "share")
