"""What a team's people may do with the source of its projects, in CodeCommit. No cdktf here.

No role approves or merges (SOD-04): a lead does so as the person who signed in, as with models.
"""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.iam import Statement
from modules.ml_use_case.names import pipeline
from modules.ml_use_case.workplace import Workplace

_READ = (
    "codecommit:BatchGet*",
    "codecommit:Describe*",
    "codecommit:EvaluatePullRequestApprovalRules",
    "codecommit:Get*",
    "codecommit:GitPull",
    "codecommit:ListBranches",
    "codecommit:ListPullRequests",
)
_WORK = (
    "codecommit:CreateBranch",
    "codecommit:CreatePullRequest",
    "codecommit:DeleteBranch",
    "codecommit:GitPush",
    "codecommit:PostComment*",
    "codecommit:UpdateComment",
    "codecommit:UpdatePullRequestDescription",
    "codecommit:UpdatePullRequestStatus",
    "codecommit:UpdatePullRequestTitle",
)
# What changes a branch without a pull request. CreateBranch is none of them: it makes a branch that is not there yet.
_PAST_REVIEW = (
    "codecommit:CreateCommit",
    "codecommit:DeleteBranch",
    "codecommit:DeleteFile",
    "codecommit:GitPush",
    "codecommit:MergeBranches*",
    "codecommit:PutFile",
)


def reads_source(place: Workplace) -> Iterator[Statement]:
    """Reading the repositories of the team's projects; nothing where it has none."""
    if place.projects:
        yield Statement("ReadSource", actions=_READ, resources=_repositories(place))


def writes_source(place: Workplace) -> Iterator[Statement]:
    """Writing them on branches of one's own; somebody else merges them into what is built (SOD-04).

    https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-conditional-branch.html
    """
    if place.projects:
        yield Statement("WriteSource", actions=_WORK, resources=_repositories(place))
        yield Statement(
            "NeverPastReview",
            actions=_PAST_REVIEW,
            resources=_repositories(place),
            effect="Deny",
            conditions={
                "StringEqualsIfExists": {"codecommit:References": [f"refs/heads/{each}" for each in place.branches]},
                "Null": {"codecommit:References": "false"},
            },
        )


def _repositories(place: Workplace) -> tuple[str, ...]:
    return tuple(place.naming.arn("codecommit", pipeline(place.naming, project)) for project in place.projects)
