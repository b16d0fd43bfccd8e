"""Registered models are shared inside the organisation alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.iam import Statement, statements
from policies.perimeter import MEMBERS

ACCOUNT = re.compile(r"\d{12}|arn:[^:]+:iam::(\d{12}|\$\{[^}]+\}):(root|role/[^*]+)")
OTHERS = ("CanonicalUser", "Federated", "Service")


class SmRegistrySharing(StackCheck):
    """Each Allow names accounts, or holds for callers of the organisation alone; none is for everybody.

    A policy that is no literal document says nothing that could be proved.
    """

    policy = "CKV_MLGOV_145"
    title = "SageMaker model package group is shared with named accounts or the organisation"
    control = "SM-45"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_model_package_group_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        return holds(*(_problem(statement) for statement in statements(subject, "resource_policy") if statement.allows))


def _problem(statement: Statement) -> Problem:
    named = (*statement.principals("AWS"), *(other for kind in OTHERS for other in statement.principals(kind)))
    accounts = named and all(ACCOUNT.fullmatch(principal) for principal in named)
    if accounts or statement.narrowed_by(*MEMBERS):
        return None
    who = ", ".join(sorted(set(named))) or "nobody by name"
    return f"statement {statement.sid} allows {who}: it names neither accounts nor aws:PrincipalOrgID"


check = SmRegistrySharing()
