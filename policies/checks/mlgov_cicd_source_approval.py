"""A pull request into what is built waits for somebody beside its author."""

from __future__ import annotations

import json
from typing import Any

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem


class CicdSourceApproval(PlatformCheck):
    """The rule asks for at least one approval; CodeCommit counts none of the author's own.

    Content that is no literal document says nothing that could be proved.
    """

    policy = "CKV_MLGOV_476"
    title = "CodeCommit approval rule asks for an approval"
    control = "CICD-10"
    resources = ("aws_codecommit_approval_rule_template",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(_problem(str(conf.literal("content"))))


def _problem(content: str) -> Problem:
    try:
        rule = json.loads(content)
    except ValueError:
        return "content is no JSON document: write the rule as CodeCommit takes it"
    found = rule.get("Statements") if isinstance(rule, dict) else None
    wanted = [_approvals(each) for each in found] if isinstance(found, list) else []
    return (
        None if any(wanted) else "content asks for no approval: give a statement NumberOfApprovalsNeeded of 1 or more"
    )


def _approvals(statement: Any) -> int:
    """How many approvals a statement asks for."""
    number = statement.get("NumberOfApprovalsNeeded") if isinstance(statement, dict) else None
    return number if isinstance(number, int) and statement.get("Type") == "Approvers" else 0


check = CicdSourceApproval()
