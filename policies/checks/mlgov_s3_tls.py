"""S3 bucket policies refuse plain HTTP."""

from __future__ import annotations

from policies.checks.base import PASSED, Judgement, PlatformCheck, failed
from policies.document import Conf
from policies.iam import Statement, statements


class S3Tls(PlatformCheck):
    """A statement denies every action on bucket and objects to everyone whose request is not over TLS."""

    policy = "CKV_MLGOV_1"
    title = "S3 bucket policy denies requests without TLS"
    control = "DATA-03"
    resources = ("aws_s3_bucket_policy",)

    def judge(self, conf: Conf) -> Judgement:
        if any(_denies_plain_http(statement) for statement in statements(conf, "policy")):
            return PASSED
        return failed(
            "no statement denies s3:* to every principal on the bucket and its objects"
            " under the sole condition Bool aws:SecureTransport = false"
        )


def _denies_plain_http(statement: Statement) -> bool:
    condition = [(test.operator, test.key, test.values) for test in statement.conditions]
    return (
        not statement.allows
        and condition == [("bool", "aws:securetransport", ("false",))]
        and "NotAction" not in statement.body
        and "NotPrincipal" not in statement.body
        and bool({"*", "s3:*"} & set(statement.actions))
        and "*" in statement.principals("AWS")
        and _bucket_and_objects(set(statement.resources))
    )


def _bucket_and_objects(resources: set[str]) -> bool:
    return "*" in resources or any(f"{resource}/*" in resources for resource in resources)


check = S3Tls()
