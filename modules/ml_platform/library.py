"""What launch roles of a team's account may do with the portfolio's own things. No cdktf here."""

from __future__ import annotations

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_platform.names import TEMPLATE_BUCKET, TEMPLATE_KEY, launch_topic_arn


def library(portfolio: Naming) -> tuple[Statement, ...]:
    """Read templates and seed code, and tell the topic of launches; `portfolio` names things of the account of both.

    AWS assigns the ARN of the key: it is known by its alias.
    """
    bucket = portfolio.bucket_arn(TEMPLATE_BUCKET)
    return (
        Statement(
            "ReadTemplatesAndSeeds",
            actions=("s3:GetObject",),
            resources=(f"{bucket}/products/*", f"{bucket}/seeds/*"),
        ),
        Statement("TellTheTopic", actions=("sns:Publish",), resources=(launch_topic_arn(portfolio),)),
        Statement(
            "UseTheirKey",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(portfolio.arn("kms", "key/*"),),
            conditions={
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{portfolio.name(TEMPLATE_KEY)}"},
                "StringEquals": {
                    "kms:ViaService": [f"{name}.{portfolio.region}.amazonaws.com" for name in ("s3", "sns")]
                },
            },
        ),
    )
