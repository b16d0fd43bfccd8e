"""What the buckets and the key of a domain's zones say to whom: pure statements, no cdktf here."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import ANYONE, Conditions, Statement, account_root, service
from modules.core.naming import Naming
from modules.data_lake.names import INCOMING, location_role
from modules.data_lake.settings import Zone

READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_OBJECTS = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject")


def macie_role(naming: Naming) -> str:
    """As whom Amazon Macie reads objects, to tell what is sensitive in them."""
    path = "role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
    return naming.arn("iam", path, region=False)


def bucket_statements(
    stack: EdgeHolder,
    stores: Edge,
    bucket_arn: str,
    zone: Zone,
    *,
    domain: str,
    governance: Naming,
    organization_id: str,
    readers: Sequence[str] | None,
) -> list[Statement]:
    """Lake Formation works on the zone as its location role, and nobody's IAM policy opens it past Lake Formation.

    `readers` are the roles of the domain's account that work on objects themselves; None, in a migration, whoever has
    IAM permissions there. Denied are objects alone, never the bucket's configuration: so Terraform can always mend the
    policy, and nobody is locked out of the bucket.
    """
    stores.render(stack, "bucket")
    conditions = _as_location_role(domain, governance, organization_id)
    root = account_root(governance.partition, governance.account_id)
    worked = [
        Statement(
            "LakeFormationLists",
            actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            resources=(bucket_arn,),
            principals=root,
            conditions=conditions,
        ),
        Statement(
            "LakeFormationWorks",
            actions=("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=(f"{bucket_arn}/*",),
            principals=root,
            conditions=conditions,
        ),
    ]
    if readers is None:
        return worked
    others: Conditions = {
        "ArnNotEquals": {"aws:PrincipalArn": (governance.role_arn(location_role(domain)), *readers)},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    return [
        *worked,
        Statement(
            "NobodyReadsPastLakeFormation",
            actions=READ_OBJECTS,
            resources=(f"{bucket_arn}/*",),
            effect="Deny",
            principals=ANYONE,
            conditions=others,
        ),
        Statement(
            "NobodyWritesPastLakeFormation",
            actions=WRITE_OBJECTS,
            # Sources drop their files there as whom the account's IAM lets.
            not_resources=(f"{bucket_arn}/{INCOMING}*",) if zone == "raw" else (),
            resources=() if zone == "raw" else (f"{bucket_arn}/*",),
            effect="Deny",
            principals=ANYONE,
            conditions=others,
        ),
    ]


def key_statements(
    stack: EdgeHolder,
    stores: Edge,
    bucket_arns: Sequence[str],
    *,
    domain: str,
    naming: Naming,
    governance: Naming,
    organization_id: str,
) -> list[Statement]:
    """Lake Formation uses the key through S3 as its location role; S3 encrypts inventories; Macie decrypts."""
    stores.render(stack, "key")
    bounds = _as_location_role(domain, governance, organization_id)
    via_s3 = {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}
    return [
        Statement(
            "LakeFormationUsesKey",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
            resources=("*",),
            principals=account_root(governance.partition, governance.account_id),
            conditions={**bounds, "StringEquals": {**bounds["StringEquals"], **via_s3}},
        ),
        Statement(
            "InventoriesEncrypt",
            actions=("kms:GenerateDataKey*",),
            resources=("*",),
            principals=service("s3.amazonaws.com"),
            conditions=_inventories(naming, bucket_arns),
        ),
        # The service-linked role has no permission on keys: the key itself must let it.
        Statement(
            "MacieDecrypts",
            actions=("kms:Decrypt",),
            resources=("*",),
            principals=ANYONE,
            conditions={
                "StringEquals": {"kms:CallerAccount": naming.account_id},
                "ArnEquals": {"aws:PrincipalArn": macie_role(naming)},
            },
        ),
    ]


def inventory_statement(naming: Naming, inventory_arn: str, bucket_arns: Sequence[str]) -> Statement:
    """S3 delivers the inventories of these buckets, and of no others."""
    return Statement(
        "InventoriesArrive",
        actions=("s3:PutObject",),
        resources=(f"{inventory_arn}/*",),
        principals=service("s3.amazonaws.com"),
        conditions=_inventories(naming, bucket_arns),
    )


def _inventories(naming: Naming, bucket_arns: Sequence[str]) -> Conditions:
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnEquals": {"aws:SourceArn": list(bucket_arns)},
    }


def _as_location_role(domain: str, governance: Naming, organization_id: str) -> Conditions:
    # The role's ARN as a condition, not as principal: AWS refuses principals that do not exist yet.
    return {
        "StringEquals": {"aws:PrincipalOrgID": organization_id},
        "ArnEquals": {"aws:PrincipalArn": governance.role_arn(location_role(domain))},
    }
