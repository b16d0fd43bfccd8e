"""What a Glue job writes, logs and remembers is under keys of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, given

MODES = {
    "cloudwatch_encryption": ("cloudwatch_encryption_mode", "SSE-KMS"),
    "job_bookmarks_encryption": ("job_bookmarks_encryption_mode", "CSE-KMS"),
    "s3_encryption": ("s3_encryption_mode", "SSE-KMS"),
}


class DataGlueSecurity(PlatformCheck):
    """Output, logs and bookmarks are each under a named key; a mode that is left out is DISABLED."""

    policy = "CKV_MLGOV_231"
    title = "Glue security configuration names a KMS key for output, logs and bookmarks"
    control = "DATA-14"
    resources = ("aws_glue_security_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            *(
                problem
                for block, (mode, wanted) in MODES.items()
                for path in (f"encryption_configuration.{block}",)
                for problem in (
                    equal(conf, f"{path}.{mode}", wanted, absent="DISABLED"),
                    given(conf, f"{path}.kms_key_arn"),
                )
            )
        )


check = DataGlueSecurity()
