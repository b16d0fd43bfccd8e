"""What people of a team may do with the source of its projects."""

from __future__ import annotations

from dataclasses import replace

from modules.ml_use_case.role_statements import TeamRole, changes_source
from modules.ml_use_case.workplace import Workplace
from tests.support.rendering import NAMING

PLACE = Workplace(
    naming=NAMING,
    team="fraud",
    develops=True,
    projects=("card-fraud",),
    key_arns={},
    security_group_id="sg-1",
    instance_types=("ml.*",),
    image_accounts=(),
    branches=("main", "release"),
)


def test_nobody_pushes_to_the_branch_that_is_built() -> None:
    """Who writes code works on branches of their own: what is built changes by a pull request alone."""
    writers: tuple[TeamRole, ...] = ("data-scientist", "ml-engineer")
    for role in writers:
        denied = next(each for each in changes_source(role, PLACE) if each.effect == "Deny")
        assert {"codecommit:GitPush", "codecommit:PutFile", "codecommit:MergeBranches*"} <= set(denied.actions)
        assert denied.conditions == {
            "StringEqualsIfExists": {"codecommit:References": ["refs/heads/main", "refs/heads/release"]},
            "Null": {"codecommit:References": "false"},
        }


def test_nobody_of_a_team_overrides_a_rule_for_approvals() -> None:
    """No role changes or overrides what a pull request must have."""
    roles: tuple[TeamRole, ...] = ("data-scientist", "ml-engineer", "ml-team-lead", "pipeline", "serving")
    allowed = [
        action
        for role in roles
        for each in changes_source(role, PLACE)
        if each.effect == "Allow"
        for action in each.actions
    ]
    assert not any("OverridePullRequestApprovalRules" in each or "ApprovalRuleTemplate" in each for each in allowed)


def test_who_merges_writes_nothing() -> None:
    """The lead alone approves and merges, and pushes nothing; jobs and endpoints have no part in source."""

    def allowed(role: TeamRole) -> set[str]:
        return {action for each in changes_source(role, PLACE) if each.effect == "Allow" for action in each.actions}

    review = {"codecommit:MergePullRequest*", "codecommit:UpdatePullRequestApprovalState"}
    assert review <= allowed("ml-team-lead")
    assert not {"codecommit:GitPush", "codecommit:CreateBranch", "codecommit:PutFile"} & allowed("ml-team-lead")
    assert not review & (allowed("data-scientist") | allowed("ml-engineer"))
    assert changes_source("pipeline", PLACE) == ()
    assert changes_source("data-scientist", replace(PLACE, projects=())) == ()
