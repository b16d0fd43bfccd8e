"""What may be set for the lake of security events."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Strict, distinct

# https://docs.aws.amazon.com/security-lake/latest/userguide/internal-sources.html
SecuritySource = Literal[
    "CLOUD_TRAIL_MGMT", "EKS_AUDIT", "LAMBDA_EXECUTION", "ROUTE53", "S3_DATA", "SH_FINDINGS", "VPC_FLOW", "WAF"
]


class SecurityLakeSettings(Strict):
    """Security events of all accounts in one schema (OCSF), beside the log bucket. It costs twice what logs cost: off.

    Days are counted from the arrival of an object. S3_DATA and LAMBDA_EXECUTION are dear where much is read or run.
    """

    enabled: bool = False
    sources: Annotated[tuple[SecuritySource, ...], Field(min_length=1), AfterValidator(distinct)] = (
        "CLOUD_TRAIL_MGMT",
        "ROUTE53",
        "SH_FINDINGS",
        "VPC_FLOW",
    )
    infrequent_after_days: Annotated[int, Field(ge=30, le=3650)] = 60
    expire_after_days: Annotated[int, Field(ge=90, le=3650)] = 365

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.infrequent_after_days < self.expire_after_days:
            raise ValueError("infrequent_after_days must be smaller than expire_after_days")
        return self
