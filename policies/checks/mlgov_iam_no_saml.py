"""People come through Identity Center and through no provider of an account."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed
from policies.document import Conf


class IamNoSaml(PlatformCheck):
    """A SAML provider of an account is refused: who signs in by it has no permission set, session limit or boundary."""

    policy = "CKV_MLGOV_306"
    title = "No account has a SAML provider of its own"
    control = "IAM-06"
    resources = ("aws_iam_saml_provider",)

    def judge(self, conf: Conf) -> Judgement:
        return failed("the account trusts a SAML provider of its own; people come through Identity Center")


check = IamNoSaml()
