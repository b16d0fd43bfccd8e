"""A guardrail denies, is written as AWS takes it, and fits."""

from __future__ import annotations

import re

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable
from policies.iam import Statement, statements

# Characters of a document, white space included (AWS Organizations, quotas; service control policies since May 2026).
QUOTA = {"SERVICE_CONTROL_POLICY": 10_240, "RESOURCE_CONTROL_POLICY": 5_120}
# Stands for what Terraform knows later; no id of AWS's that a guardrail names is longer than an organisation's.
LONGEST_ID = "o-" + "0" * 32
REFERENCE = re.compile(r"\$\{[^{}]*\}")


class OrgGuardrail(PlatformCheck):
    """A control policy is literal JSON of Deny statements within AWS's quota.

    An Allow beside AWS's own FullAWSAccess widens what every later detachment leaves open, so there is none. A resource
    control policy speaks of everyone, and of services by name, else AWS refuses it. Left out, `type` is a service
    control policy.
    """

    policy = "CKV_MLGOV_330"
    title = "Guardrail denies only, and is a document that AWS takes"
    control = "ORG-13"
    resources = ("aws_organizations_policy",)

    def judge(self, conf: Conf) -> Judgement:
        kind = conf.literal("type") or "SERVICE_CONTROL_POLICY"
        if not isinstance(kind, str):
            raise Unprovable("type", kind)
        if kind not in QUOTA:
            return NOT_APPLICABLE
        found = list(statements(conf, "content"))
        size = len(REFERENCE.sub(LONGEST_ID, str(conf.value("content"))))
        return holds(
            None if found else "content has no statement",
            f"content has {size} characters, and AWS takes {QUOTA[kind]}" if size > QUOTA[kind] else None,
            *(_problem(statement, kind) for statement in found),
        )


def _problem(statement: Statement, kind: str) -> str | None:
    if statement.allows:
        return f"statement {statement.sid} allows; a guardrail only denies"
    if not ({"Action", "NotAction"} & statement.body.keys() and {"Resource", "NotResource"} & statement.body.keys()):
        return f"statement {statement.sid} has no action or no resource"
    if kind == "RESOURCE_CONTROL_POLICY" and ("Action" not in statement.body or "*" in statement.actions):
        return f"statement {statement.sid} names no service, which AWS refuses in a resource control policy"
    if kind == "RESOURCE_CONTROL_POLICY" and statement.body.get("Principal") != "*":
        return f"statement {statement.sid} has a Principal other than *, which AWS refuses in a resource control policy"
    return None


check = OrgGuardrail()
