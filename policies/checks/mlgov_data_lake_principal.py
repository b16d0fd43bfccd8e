"""Grants of Lake Formation go to somebody, not to everybody."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf, Unprovable, is_expression

EVERYBODY = ("IAM_ALLOWED_PRINCIPALS", "*:IAMPrincipals")
# An expression that cannot be one of these groups: an ARN with a part that is not known, or the arn of a resource.
SOMEBODY = re.compile(r"^arn:|^\$\{(data\.)?aws_[\w.-]+(\[[^\]]+\])?\.arn\}$")


class DataLakePrincipal(PlatformCheck):
    """The principal is no group of all IAM principals: such a grant hands the decision back to IAM policies."""

    policy = "CKV_MLGOV_221"
    title = "Lake Formation grant names a principal, not all of IAM"
    control = "DATA-12"
    resources = ("aws_lakeformation_permissions",)

    def judge(self, conf: Conf) -> Judgement:
        principal = conf.value("principal")
        if not conf.given("principal"):
            return failed("principal is not set")
        if is_expression(principal) and not SOMEBODY.match(principal):
            raise Unprovable("principal", principal)
        everybody = any(fnmatchcase(str(principal), group) for group in EVERYBODY)
        return holds(f"principal is {principal}: name a role, or an account of the organisation" if everybody else None)


check = DataLakePrincipal()
