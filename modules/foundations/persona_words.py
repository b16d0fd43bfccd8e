"""The words of persona policies: what is a team's, what everyone sees, and what ARNs are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.core.iam import Conditions, Statement, policy_variable

TEAM = policy_variable("aws:PrincipalTag/Team")
OWNED: Conditions = {"StringEquals": {"aws:ResourceTag/Team": TEAM}}
# Who tags a thing as the team's must not take it from another team by that.
TAGGED: Conditions = {
    "StringEquals": {"aws:RequestTag/Team": TEAM},
    "StringEqualsIfExists": {"aws:ResourceTag/Team": TEAM},
}
MADE: Conditions = {"StringEquals": {"aws:RequestTag/Team": TEAM}}
SEE_ML = (
    "cloudwatch:Describe*",
    "cloudwatch:Get*",
    "cloudwatch:List*",
    "logs:Describe*",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "sagemaker:Describe*",
    "sagemaker:GetSearchSuggestions",
    "sagemaker:List*",
    "sagemaker:QueryLineage",
    "sagemaker:Search",
)
SEE_PIPELINES = ("codebuild:BatchGet*", "codebuild:List*", "codepipeline:Get*", "codepipeline:List*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What ARNs are made of: the partition, and the organisation's name, with which physical names begin."""

    partition: str
    organization: str

    def arn(self, service: str, resource: str) -> str:
        """What `resource` matches in every account and region: which account it is, the assignment says."""
        return f"arn:{self.partition}:{service}:*:*:{resource}"

    def models(self) -> list[str]:
        """The versions in the model groups of the caller's team: `<organisation>-<environment>-<team>-...`."""
        return [self.arn("sagemaker", f"model-package/{name}-*/*") for name in self._of_the_team()]

    def pass_roles(self, service: str, *roles: str) -> Statement:
        """These roles of the caller's team may be handed to `service`, and to no other; without any all of ours."""
        names = [f"{name}-{role}" for role in roles for name in self._of_the_team()] or [f"{self.organization}-*"]
        return Statement(
            "PassRoles",
            actions=("iam:PassRole",),
            resources=[f"arn:{self.partition}:iam::*:role/{name}" for name in names],
            conditions={"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}},
        )

    def _of_the_team(self) -> list[str]:
        return [f"{self.organization}-{stage}-{TEAM}" for stage in ("dev", "test", "prod", "org")]


def may(sid: str, *names: str, resources: Sequence[str] = ("*",), conditions: Conditions | None = None) -> Statement:
    """A grant; on everything unless `resources` or `conditions` narrow it."""
    return Statement(sid, actions=names, resources=resources, conditions=conditions)


def actions(service: str, *verbs: str) -> list[str]:
    """The patterns `<service>:<verb>*`."""
    return [f"{service}:{verb}*" for verb in verbs]
