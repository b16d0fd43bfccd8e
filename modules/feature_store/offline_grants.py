"""Who reads the histories of feature groups, and who keeps them: grants of Lake Formation, by LF-tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDataLocation,
    LakeformationPermissionsLfTagPolicy,
    LakeformationPermissionsLfTagPolicyExpression,
)
from constructs import Construct

from modules.core.lf_tags import FEATURE_GROUP
from modules.core.wiring import holder
from modules.feature_store.offline_store import OfflineStore
from modules.feature_store.user import User


class OfflineGrants(Construct):
    """Grants on the tables of `offline`: to SageMaker's role `writer`, to Terraform's role `maker`, and to `users`.

    A user reads the tables of those of `groups` that he uses, at whatever level: records are written through the
    online store. The grant names groups, not a clearance or a stage: who was given a group reads it while it is there.
    Without `groups` a user reads all, as in a store that is his own.

    Guarantees:
    - users get DESCRIBE on the database, DESCRIBE and SELECT on the tables of their groups, and nothing to pass on;
    - a user of groups without an offline store gets no grant;
    - `writer` may change the tables that it keeps, and read none.

    Controls: DATA-12, DATA-13 (NIST 800-53 AC-3, AC-6). `ready`: what groups wait for.
    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        offline: OfflineStore,
        groups: Collection[str] | None,
        writer: str,
        maker: str,
        users: Sequence[User],
    ) -> None:
        super().__init__(scope, id_)
        # Iceberg's commits update the table; who makes or changes a table needs its location, too.
        self.ready: list[ITerraformDependable] = [
            _by_tags(self, "writer-tables", writer, "TABLE", offline.tags, ("ALTER", "DESCRIBE")),
            *(
                _location(self, f"{name}-location", role, offline)
                for name, role in (("writer", writer), ("maker", maker))
            ),
        ]
        for user in users:
            if groups is None:
                self._let_read(user, offline, offline.tags)
            elif readable := sorted(user.levels.keys() & groups):
                self._let_read(user, offline, {FEATURE_GROUP: readable})

    def _let_read(self, user: User, offline: OfflineStore, tables: Mapping[str, str | list[str]]) -> None:
        place = Construct(Construct(self, user.account), user.team)
        for name, arn in sorted(user.roles.items()):
            _by_tags(place, f"{name}-database", arn, "DATABASE", offline.tags, ("DESCRIBE",))
            _by_tags(place, f"{name}-tables", arn, "TABLE", tables, ("DESCRIBE", "SELECT"))
        if user.recalls is not None:
            user.recalls.render(holder(self), "grants")


def _by_tags(
    scope: Construct,
    id_: str,
    principal: str,
    kind: str,
    tags: Mapping[str, str | list[str]],
    permissions: Sequence[str],
) -> LakeformationPermissions:
    expression = [
        LakeformationPermissionsLfTagPolicyExpression(key=key, values=[value] if isinstance(value, str) else value)
        for key, value in sorted(tags.items())
    ]
    return LakeformationPermissions(
        scope,
        id_,
        principal=principal,
        permissions=list(permissions),
        lf_tag_policy=LakeformationPermissionsLfTagPolicy(resource_type=kind, expression=expression),
    )


def _location(scope: Construct, id_: str, principal: str, offline: OfflineStore) -> LakeformationPermissions:
    return LakeformationPermissions(
        scope,
        id_,
        principal=principal,
        permissions=["DATA_LOCATION_ACCESS"],
        data_location=LakeformationPermissionsDataLocation(arn=offline.location),
    )
