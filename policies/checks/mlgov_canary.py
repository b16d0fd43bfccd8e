"""The canary of Python policies: see `policies.scan`, which appends its resource to every stack it scans."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed
from policies.document import Conf


class Canary(PlatformCheck):
    """Fails always. Its absence from a scan says that the scan did not reach the end of the stack."""

    policy = "CKV_MLGOV_0"
    title = "Canary of Python policies"
    control = ""  # it proves the scan, no control
    resources = ("mlgov_canary",)

    def judge(self, conf: Conf) -> Judgement:
        return failed("the canary sings")


check = Canary()
