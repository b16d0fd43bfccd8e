"""What the log archive grants to AWS's log delivery, which writes flow logs and DNS queries.

https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
"""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.iam import Conditions, Statement, service
from modules.observability.contract import TRANSIT_FLOWS

LOG_DELIVERY = "delivery.logs.amazonaws.com"


def _of(organization_id: str) -> Conditions:
    """Against a confused deputy: the delivery acts for a resource in an account of this organisation."""
    return {"StringEquals": {"aws:SourceOrgID": organization_id}}


def bucket_statements(bucket_arn: str, organization_id: str) -> Sequence[Statement]:
    """What the bucket's policy needs: log delivery for accounts of the organisation writes below `AWSLogs/`.

    Flow logs of Transit Gateways lie apart, below the same in their own prefix.
    AWS's example demands the ACL bucket-owner-full-control, too. Here ACLs are off and the bucket owns all objects.
    """
    return (
        Statement(
            "LogDeliveryChecksBucket",
            actions=("s3:GetBucketAcl", "s3:ListBucket"),
            resources=(bucket_arn,),
            principals=service(LOG_DELIVERY),
            conditions=_of(organization_id),
        ),
        Statement(
            "LogDeliveryWrites",
            actions=("s3:PutObject",),
            resources=(f"{bucket_arn}/AWSLogs/*", f"{bucket_arn}/{TRANSIT_FLOWS}AWSLogs/*"),
            principals=service(LOG_DELIVERY),
            conditions=_of(organization_id),
        ),
    )


def key_statement(organization_id: str) -> Statement:
    """What the key's policy needs. Decrypt is for uploads in parts, and for S3's bucket key."""
    return Statement(
        "LogDeliveryEncrypts",
        actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
        resources=("*",),
        principals=service(LOG_DELIVERY),
        conditions=_of(organization_id),
    )
