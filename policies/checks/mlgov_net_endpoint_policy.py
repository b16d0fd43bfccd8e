"""A VPC endpoint is no way to the resources of others."""

from __future__ import annotations

import re

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.iam import Statement, statements
from policies.perimeter import MEMBERS

OUR_IDENTITIES = (*MEMBERS, "aws:principalaccount")
OUR_RESOURCES = ("aws:resourceorgid", "aws:resourceorgpaths", "aws:resourceaccount")
# An ARN whose account is named, or has none and begins with a name: whatever else it leaves open, it is of somebody.
NAMED = re.compile(r"arn:[^:]+:[^:]+:[^:]*:(?:[^:*?]+:.|:[^*?])")
SERVICE = ("aws:principalisawsservice", ("true",))


class NetEndpointPolicy(PlatformCheck):
    """What the policy allows is bound to resources of the organisation, or to resources that it names.

    Where it allows whole services, it is bound to identities of the organisation as well. AWS's services, which use the
    endpoint in their own name, need neither. Left out, the policy allows everyone everything.
    """

    policy = "CKV_MLGOV_385"
    title = "VPC endpoint policy is bound to the organisation"
    control = "NET-04"
    resources = ("aws_vpc_endpoint",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("policy"):
            return failed("policy is not set, and AWS allows everyone everything")
        return holds(*(_problem(statement) for statement in statements(conf, "policy") if statement.allows))


def _problem(statement: Statement) -> str | None:
    if any((test.key, test.values) == SERVICE and test.operator == "bool" for test in statement.conditions):
        return None
    if not (statement.narrowed_by(*OUR_RESOURCES) or _names_resources(statement)):
        return f"statement {statement.sid} reaches resources of any organisation"
    whole = any(action.endswith("*") for action in statement.actions)
    if whole and not statement.narrowed_by(*OUR_IDENTITIES):
        return f"statement {statement.sid} allows whole services to identities of any organisation"
    return None


def _names_resources(statement: Statement) -> bool:
    return bool(statement.resources) and all(NAMED.match(resource) for resource in statement.resources)


check = NetEndpointPolicy()
