"""What people of a team may do with the source of its projects."""

from __future__ import annotations

from dataclasses import replace

from modules.foundations.persona_team import ml_team_lead
from modules.foundations.persona_words import Scope
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


def test_no_role_approves_or_merges_source() -> None:
    """A lead does so as the person who signed in, by a permission set that pushes nothing (SOD-04)."""
    review = {"codecommit:MergePullRequest*", "codecommit:UpdatePullRequestApprovalState"}
    roles: tuple[TeamRole, ...] = ("data-scientist", "ml-engineer", "ml-team-lead")
    for role in roles:
        assert not review & {action for each in changes_source(role, PLACE) for action in each.actions}
    people = {action for each in ml_team_lead(Scope("aws", "acme")) for action in each.actions}
    assert review <= people
    assert not {action for action in people if "Push" in action or "PutFile" in action or "CreateCommit" in action}
    assert [each.sid for each in changes_source("ml-team-lead", PLACE)] == ["ReadSource"]
    assert changes_source("pipeline", PLACE) == ()
    assert changes_source("data-scientist", replace(PLACE, projects=())) == ()
