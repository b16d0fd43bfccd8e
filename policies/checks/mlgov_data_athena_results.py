"""Query results are under a key of ours, whatever the client asks for."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among, given, never

RESULTS = "configuration.result_configuration"
ENCRYPTION = f"{RESULTS}.encryption_configuration"


class DataAthenaResults(PlatformCheck):
    """The workgroup writes results to its location under a named key, and clients cannot say otherwise.

    Enforcement is on where it is left out; location and encryption are nowhere, so they must be set.
    """

    policy = "CKV_MLGOV_237"
    title = "Athena workgroup enforces where results go and the KMS key over them"
    control = "DATA-15"
    resources = ("aws_athena_workgroup",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            never(conf, "configuration.enforce_workgroup_configuration", False),
            given(conf, f"{RESULTS}.output_location"),
            among(conf, f"{ENCRYPTION}.encryption_option", ("CSE_KMS", "SSE_KMS")),
            given(conf, f"{ENCRYPTION}.kms_key_arn"),
        )


check = DataAthenaResults()
