"""There are no IAM users, and nothing that belongs to one."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed
from policies.document import Conf


class IamNoUser(PlatformCheck):
    """The resource types of users and of their credentials are refused, however they are configured."""

    policy = "CKV_MLGOV_301"
    title = "No IAM user, access key, password or other long-lived credential is made"
    control = "IAM-02"
    resources = (
        "aws_iam_access_key",
        "aws_iam_service_specific_credential",
        "aws_iam_user",
        "aws_iam_user_login_profile",
        "aws_iam_user_ssh_key",
    )

    def judge(self, conf: Conf) -> Judgement:
        return failed("users and their credentials do not end: people come through Identity Center, programs by roles")


check = IamNoUser()
