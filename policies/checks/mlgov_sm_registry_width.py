"""Who shares a model package group may use it, not rule it."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.iam import Statement, statements

USES = (
    "sagemaker:addtags",
    "sagemaker:batchdescribemodelpackage",
    "sagemaker:createmodel",
    "sagemaker:createmodelpackage",
    "sagemaker:describe*",
    "sagemaker:list*",
    "sagemaker:updatemodelpackage",
)


class SmRegistryWidth(StackCheck):
    """Each Allow names actions that read, register or deploy; none deletes, shares on, or takes a whole service.

    The approval of a package is an update; who may give it is told by the guardrail of SM-42.
    """

    policy = "CKV_MLGOV_171"
    title = "SageMaker model package group policy grants use alone"
    control = "SM-45"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_model_package_group_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        allowed = [statement for statement in statements(subject, "resource_policy") if statement.allows]
        return holds(*(_problem(statement) for statement in allowed))


def _problem(statement: Statement) -> Problem:
    wide = [action for action in statement.actions if not any(fnmatchcase(action, use) for use in USES)]
    return f"statement {statement.sid} allows {', '.join(wide)}" if wide else None


check = SmRegistryWidth()
