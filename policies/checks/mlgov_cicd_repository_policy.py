"""Images and packages are shared within the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.iam import statements
from policies.perimeter import outsider, own_accounts

POLICIES: Mapping[str, str] = {
    "aws_codeartifact_domain_permissions_policy": "policy_document",
    "aws_codeartifact_repository_permissions_policy": "policy_document",
    "aws_ecr_registry_policy": "policy",
    "aws_ecr_repository_policy": "policy",
}


class CicdRepositoryPolicy(StackCheck):
    """Who is not of the stack's own account is admitted under a condition on the organisation alone.

    checkov's CKV_AWS_32 looks for everybody, in policies of ECR repositories.
    """

    policy = "CKV_MLGOV_262"
    title = "ECR or CodeArtifact policy admits nobody outside the organisation"
    control = "CICD-09"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*POLICIES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        own = own_accounts(stack)
        attribute = POLICIES[subject.address.partition(".")[0]]
        return holds(*(outsider(statement, own) for statement in statements(subject, attribute)))


check = CicdRepositoryPolicy()
