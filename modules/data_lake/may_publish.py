"""What Lake Formation must let a role do that publishes the tables of a domain, and no more."""

from __future__ import annotations

from collections.abc import Collection

from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsLfTag,
    LakeformationPermissionsLfTagPolicy,
    LakeformationPermissionsLfTagPolicyExpression,
)
from constructs import Construct

from modules.core.lf_tags import DOMAIN, LAYER, STAGE, Layer

# What AWS wants of who tags a table and neither owns it nor administers the lake, with the grant option
# (https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html).
_TO_TAG = ("ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")


class MayPublish(Construct):
    """The role `principal` may set `stage` to draft or published on tables of `domain` in these layers.

    Lake Formation lets tag who may grant. So this is the one grant option of the platform, and who holds it must be
    denied by IAM to grant and to read: an administrator of the lake, the other way, could tag all tables.

    Guarantees:
    - of LF-tags the role may use `stage`, and of its values draft and published;
    - it may tag tables that carry the domain's tag, and no database.

    Controls: DATA-12, DATA-13 (NIST 800-53 AC-3, AC-6).
    """

    def __init__(self, scope: Construct, id_: str, *, principal: str, domain: str, layers: Collection[Layer]) -> None:
        super().__init__(scope, id_)
        LakeformationPermissions(
            self,
            "use-stage",
            principal=principal,
            permissions=["ASSOCIATE", "DESCRIBE"],
            lf_tag=LakeformationPermissionsLfTag(key=STAGE, values=["draft", "published"]),
        )
        LakeformationPermissions(
            self,
            "tag",
            principal=principal,
            permissions=list(_TO_TAG),
            permissions_with_grant_option=list(_TO_TAG),
            lf_tag_policy=LakeformationPermissionsLfTagPolicy(
                resource_type="TABLE",
                expression=[
                    LakeformationPermissionsLfTagPolicyExpression(key=DOMAIN, values=[domain]),
                    LakeformationPermissionsLfTagPolicyExpression(key=LAYER, values=sorted(set(layers))),
                ],
            ),
        )
