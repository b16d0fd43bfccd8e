"""`delivery.ci`: pipelines of the code host that do without Atlantis. No cdktf here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from modules.core.settings import RoleArn, Shape, Strict

Host = Literal["github", "gitlab"]
RunnerName = Annotated[
    str, Shape(r"[A-Za-z0-9][A-Za-z0-9._-]*", "the label or tag of a runner such as ubuntu-24.04", 100)
]
Image = Annotated[
    str,
    Shape(r"[a-z0-9][a-z0-9._:/@-]*", "a container image, best with its digest, such as python:3.12-bookworm", 255),
]
# What GitHub and GitLab take alike: numbers, lists, ranges and steps in UTC. Names of months and days are left out.
PipelineSchedule = Annotated[
    str,
    Shape(
        r"[0-9*/,-]+(?: [0-9*/,-]+){4}",
        "the five fields of a cron schedule in UTC, such as 17 4 * * 1-5",
        60,
    ),
]
GITHUB_ISSUER = re.compile(
    r"https://(?:token\.actions\.githubusercontent\.com(?:/.+)?|token\.actions\..+\.ghe\.com|.+/_services/token)"
)


class CiSettings(Strict):
    """For whose runners the pipelines are written, and on what they run (ADR 42).

    `runner`: label of the machines (GitHub), tag of the runners (GitLab, where without one any runner takes the jobs).
    `image`: GitLab's container; it has Python 3.11 to 3.13, git, make and bash. GitHub's jobs need none.
    `code_scanning`: hand the gate's findings to GitHub's code scanning, which private repositories pay for.
    `drift_schedule`: when drift is looked for; in GitLab the schedule itself is made in the project's settings.
    `findings_role_arn`: a role that may import drift into Security Hub, in its administrator's account, and trusts the
    tokens of the branch through an identity provider of that account. Without it nothing is imported.
    """

    host: Host
    runner: RunnerName | None = None
    image: Image = "python:3.12-bookworm"
    code_scanning: bool = True
    drift_schedule: PipelineSchedule = "17 4 * * 1-5"
    findings_role_arn: RoleArn | None = None


def environment(tier: str) -> str:
    """The environment of the code host that holds the approvals of a tier."""
    return f"mlgov-{tier}"


def issues(host: Host, issuer: str, repository: str) -> bool:
    """Whether `issuer` may be that of the host's tokens; `repository` is host, owner and name."""
    if host == "github":
        return bool(GITHUB_ISSUER.fullmatch(issuer))
    return issuer == f"https://{repository.partition('/')[0]}"


def apply_subjects(host: Host, repository: str, branch: str, tiers: Sequence[str]) -> dict[str, re.Pattern[str]]:
    """The subjects that the tokens of applying jobs have, as GitHub and GitLab document them, with their forms.

    GitHub's is that of the job's environment, one for each tier; owner and name may carry their immutable ids.
    GitLab's is that of the branch, as its environments are not in the subject.
    """
    path = repository.partition("/")[2]
    if host == "gitlab":
        subject = f"project_path:{path}:ref_type:branch:ref:{branch}"
        return {subject: re.compile(re.escape(subject))}
    owner, _, name = path.partition("/")
    form = rf"repo:{re.escape(owner)}(?:@\d+)?/{re.escape(name)}(?:@\d+)?:environment:"
    return {
        f"repo:{path}:environment:{environment(tier)}": re.compile(form + re.escape(environment(tier)))
        for tier in tiers
    }


def plan_subjects(host: Host, repository: str, branch: str) -> tuple[str, ...]:
    """Examples of the subjects that the tokens of planning jobs have: one of a pull request, one of the branch."""
    path = repository.partition("/")[2]
    if host == "gitlab":
        return tuple(f"project_path:{path}:ref_type:branch:ref:{ref}" for ref in ("a-change", branch))
    return f"repo:{path}:pull_request", f"repo:{path}:ref:refs/heads/{branch}"
