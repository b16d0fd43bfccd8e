"""The zones of a data domain, as Lake Formation of the governance account reaches them."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.lakeformation_resource import LakeformationResource
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.data_lake import names
from modules.data_lake.contract import StorageContract
from modules.data_lake.settings import DomainLake, Zone


class Locations(Construct):
    """Every zone of `settings`, registered with the role `lake-<domain>`, as which Lake Formation reads and writes it.

    `owner` names things in the domain's account; `stores` is the edge whose side "role" stands here. With `hybrid` IAM
    policies still open the data to everybody who has not opted in.

    Guarantees:
    - Lake Formation takes the role for this account alone, and nobody else may;
    - the role reaches objects of these zones and their key, through S3, and nothing else;
    - a zone is registered with this role, never with the service-linked one, which nobody can bound.

    Controls: DATA-12, IAM-01 (NIST 800-53 AC-3, AC-6;
    https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        owner: Naming,
        domain: str,
        settings: DomainLake,
        storage: StorageContract,
        stores: Edge,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        buckets = {zone: owner.bucket_arn(names.zone_bucket(domain, settings, zone)) for zone in sorted(settings.zones)}
        role = Role(
            self,
            "role",
            naming=naming,
            what=names.location_role(domain),
            description=f"Lake Formation reads and writes the data of {domain} as this role",
            trust=[
                # With the context of a person of Identity Center, who then stands in CloudTrail beside the role.
                Statement(
                    "LakeFormation",
                    actions=("sts:AssumeRole", "sts:SetContext"),
                    principals=service("lakeformation.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=_statements(list(buckets.values()), storage.key_arn, owner.region),
        )
        stores.render(holder(self), "role")
        self.zones: Mapping[Zone, str] = {
            zone: LakeformationResource(
                self,
                zone,
                arn=arn,
                role_arn=role.arn,
                use_service_linked_role=False,
                hybrid_access_enabled=settings.hybrid,
            ).arn
            for zone, arn in buckets.items()
        }


def _statements(bucket_arns: list[str], key_arn: str, region: str) -> list[Statement]:
    return [
        Statement(
            "ReadAndWriteZones",
            actions=("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=[f"{arn}/*" for arn in bucket_arns],
        ),
        Statement(
            "ListZones",
            actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            resources=bucket_arns,
        ),
        Statement(
            "UseTheirKeyThroughS3",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        ),
    ]
