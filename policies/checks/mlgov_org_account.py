"""An account is never closed because a line of YAML went."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class OrgAccount(PlatformCheck):
    """Terraform refuses to destroy the account, and would not close it if it did."""

    policy = "CKV_MLGOV_13"
    title = "Organisation account cannot be closed by Terraform"
    control = "ORG-10"
    resources = ("aws_organizations_account",)

    def judge(self, conf: Conf) -> Judgement:
        protected = any(lifecycle.true("prevent_destroy") for lifecycle in conf.blocks("lifecycle"))
        return holds(
            "close_on_deletion is true" if conf.true("close_on_deletion") else None,
            None if protected else "lifecycle.prevent_destroy is not true",
        )


check = OrgAccount()
