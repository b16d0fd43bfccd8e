"""Rules of the pipelines: where `delivery.ci` stands, AWS trusts the tokens of their jobs, and no others to apply."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.load import load
from tests.environments.spoiled import CONFIG, ORGANIZATION, Case, assert_complaints, case, copy_of_small, spoil

SUBJECT = "repo:minnow/platform:ref:refs/heads/main"
GITHUB = "  repository: github.com/minnow/platform\n  ci: { host: github }\n"
GITLAB = "  repository: gitlab.com/minnow/platform\n  ci: { host: gitlab }\n"
BRANCH = "project_path:minnow/platform:ref_type:branch:ref:main"
CASES = (
    case(
        "an apply subject that is no environment of the pipelines, which lack theirs",
        *(ORGANIZATION, f'"{SUBJECT}"', f'"{SUBJECT}" '),
        ("apply_subjects", "delivery.apply_subjects", "it lacks repo:minnow/platform:environment:mlgov-foundation"),
        ("apply_subjects", "delivery.apply_subjects[0]", "who has it needs no approval (got repo:minnow/platform:ref"),
    ),
    case(
        "a subject beside the environments, which would apply without approval",
        *(ORGANIZATION, f'"{SUBJECT}"', f'"repo:minnow/platform:environment:mlgov-foundation", "{SUBJECT}"'),
        ("apply_subjects", "delivery.apply_subjects[1]", "who has it needs no approval"),
    ),
    case(
        "an environment of a tier that has no stack",
        *(
            ORGANIZATION,
            f'"{SUBJECT}"',
            '"repo:minnow/platform:environment:mlgov-foundation", "repo:minnow/platform:environment:mlgov-production"',
        ),
        ("apply_subjects", "delivery.apply_subjects[1]", "must be one as which the pipelines apply"),
    ),
    case(
        "plan subjects that leave pull requests out",
        *(ORGANIZATION, '"repo:minnow/platform:*"', '"repo:minnow/platform:ref:refs/heads/main"'),
        ("plan_subjects", "delivery.plan_subjects", "such as repo:minnow/platform:pull_request"),
    ),
    case(
        "an issuer of another host",
        *(ORGANIZATION, "https://token.actions.githubusercontent.com", "https://gitlab.com"),
        ("issuer", "delivery.oidc.issuer", "must be https://token.actions.githubusercontent.com, or"),
    ),
)


def _with_pipelines(config: Path, block: str, *changes: tuple[str, str]) -> None:
    """Give the small organisation pipelines."""
    file = config / ORGANIZATION
    text = file.read_text(encoding="utf-8").replace("  repository: github.com/minnow/platform\n", block)
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("bad", CASES, ids=[each.fact for each in CASES])
def test_what_aws_would_not_trust_is_refused(bad: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is told with file, line and path, and what would be right."""
    environment = "repo:minnow/platform:environment:mlgov-foundation"
    right = [] if "apply_subjects" in str(bad.expected) else [(f'"{SUBJECT}"', f'"{environment}"')]
    _with_pipelines(copy_of_small(tmp_path, monkeypatch), GITHUB, *right)
    spoil(bad)
    assert_complaints(bad.expected)


@pytest.mark.parametrize(
    "subject",
    [
        "repo:minnow/platform:environment:mlgov-foundation",
        "repo:minnow@4711/platform@42:environment:mlgov-foundation",
    ],
    ids=["names", "immutable ids"],
)
def test_the_environments_of_github_are_trusted(subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With or without the ids that GitHub can put behind owner and name."""
    _with_pipelines(copy_of_small(tmp_path, monkeypatch), GITHUB, (f'"{SUBJECT}"', f'"{subject}"'))
    assert load(CONFIG).delivery.apply_subjects == (subject,)


def test_the_branch_of_gitlab_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its subject names the branch; the issuer is the host of the repository."""
    _with_pipelines(
        copy_of_small(tmp_path, monkeypatch),
        GITLAB,
        ("https://token.actions.githubusercontent.com", "https://gitlab.com"),
        (f'"{SUBJECT}"', f'"{BRANCH}"'),
        ('"repo:minnow/platform:*"', '"project_path:minnow/platform:*"'),
    )
    assert load(CONFIG).delivery.ci is not None


def test_without_pipelines_any_subject_may_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who delivers with Atlantis or a CI system of their own is held to no form of ours."""
    copy_of_small(tmp_path, monkeypatch)
    assert load(CONFIG).delivery.apply_subjects == (SUBJECT,)
