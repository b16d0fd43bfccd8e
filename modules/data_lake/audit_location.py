"""The organisation trail in the log archive, as Lake Formation of the governance account reads it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.lakeformation_resource import LakeformationResource
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.data_lake.names import AUDIT_LOCATION
from modules.observability.contract import LogArchiveContract, trail_prefix


class AuditLocation(Construct):
    """The trail's part of the log bucket, registered with the role `audit-location`.

    `audits` is the edge whose side "role" stands here.

    Guarantees: Lake Formation takes the role for this account alone; the role reads the trail and writes nothing.

    Controls: DATA-12, IAM-01 (NIST 800-53 AU-9(4), AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        logs: LogArchiveContract,
        organization_id: str,
        audits: Edge,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        prefix = trail_prefix(organization_id)
        role = Role(
            self,
            "role",
            naming=naming,
            what=AUDIT_LOCATION,
            description="Lake Formation reads the organisation trail as this role",
            trust=[
                Statement(
                    "LakeFormation",
                    actions=("sts:AssumeRole", "sts:SetContext"),
                    principals=service("lakeformation.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "ListTrail",
                    actions=("s3:ListBucket",),
                    resources=(logs.bucket_arn,),
                    conditions={"StringLike": {"s3:prefix": f"{prefix}*"}},
                ),
                Statement("ReadTrail", actions=("s3:GetObject",), resources=(f"{logs.bucket_arn}/{prefix}*",)),
                Statement(
                    "DecryptThroughS3",
                    actions=("kms:Decrypt",),
                    resources=(logs.key_arn,),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
            ],
        )
        audits.render(holder(self), "role")
        LakeformationResource(
            self,
            "trail",
            arn=f"{logs.bucket_arn}/{prefix.rstrip('/')}",
            role_arn=role.arn,
            use_service_linked_role=False,
        )
