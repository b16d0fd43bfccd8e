"""What Macie found stays, under a key of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class DataMacieResults(PlatformCheck):
    """Results of discovery go to a bucket under a named key; Macie itself keeps them for 90 days."""

    policy = "CKV_MLGOV_242"
    title = "Macie exports discovery results under a KMS key"
    control = "DATA-17"
    resources = ("aws_macie2_classification_export_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(given(conf, f"s3_destination.{name}") for name in ("bucket_name", "kms_key_arn")))


check = DataMacieResults()
