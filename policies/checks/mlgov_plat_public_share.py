"""Nothing of the platform is shared with everyone."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, failed, holds
from policies.document import Conf


class PlatPublicShare(PlatformCheck):
    """A document of Systems Manager is shared with named accounts, an image with accounts or the organisation."""

    policy = "CKV_MLGOV_405"
    title = "No Systems Manager document or machine image is shared with everyone"
    control = "PLAT-07"
    resources = ("aws_ami_launch_permission", "aws_ssm_document")

    def judge(self, conf: Conf) -> Judgement:
        if conf.given("image_id"):
            return failed("the image is shared with the group all") if conf.given("group") else holds()
        shares = conf.blocks("permissions")
        if not shares:
            return NOT_APPLICABLE
        accounts = [part.strip() for share in shares for part in str(share.value("account_ids")).split(",")]
        return holds("the document is shared with all accounts" if "All" in accounts else None)


check = PlatPublicShare()
