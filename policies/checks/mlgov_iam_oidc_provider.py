"""The account knows no OIDC provider but the platform's CI."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among
from policies.limits import limits

AUDIENCE = "sts.amazonaws.com"


class IamOidcProvider(PlatformCheck):
    """The issuer is one of `limits.ci_issuers`, and its tokens must be made out to AWS STS alone."""

    policy = "CKV_MLGOV_305"
    title = "OIDC provider is the CI's, for the audience of AWS STS alone"
    control = "IAM-06"
    resources = ("aws_iam_openid_connect_provider",)

    def judge(self, conf: Conf) -> Judgement:
        audiences = conf.values("client_id_list")
        return holds(
            among(conf, "url", limits().ci_issuers),
            None if audiences == [AUDIENCE] else f"client_id_list is not {AUDIENCE} alone",
        )


check = IamOidcProvider()
