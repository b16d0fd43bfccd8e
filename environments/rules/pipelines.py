"""Rules of the pipelines: the tokens of their jobs are those that AWS is told to trust."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from environments import ci_settings
from environments.configuration import Configuration
from environments.tiers import tier
from environments.vocabulary import TIERS
from modules.core.errors import Problem


def _the_host_issues_the_tokens(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content.delivery, configuration.organization.tree
    if content.ci and not ci_settings.issues(content.ci.host, content.oidc.issuer, content.repository):
        issuers = {
            "github": "https://token.actions.githubusercontent.com, or https://HOST/_services/token of a server",
            "gitlab": f"https://{content.repository.partition('/')[0]}, where the repository lies",
        }
        message = f"must be {issuers[content.ci.host]}, as delivery.ci.host is {content.ci.host}"
        yield tree.problem(("delivery", "oidc", "issuer"), f"{message} (got {content.oidc.issuer})")


def _the_pipelines_may_apply(configuration: Configuration) -> Iterator[Problem]:
    """Each job that applies has a subject of the list; what else is in the list would go round their approvals."""
    content, tree = configuration.organization.content.delivery, configuration.organization.tree
    if content.ci is None:
        return
    found = {tier(declared.account.environment) for declared in configuration.declared()}
    tiers = [each for each in TIERS if each in found]
    needed = ci_settings.apply_subjects(content.ci.host, content.repository, content.branch, tiers)
    missing = [
        subject for subject, form in needed.items() if not any(form.fullmatch(each) for each in content.apply_subjects)
    ]
    if missing:
        message = f"must hold the subjects as which the pipelines apply; it lacks {', '.join(missing)}"
        yield tree.problem(("delivery", "apply_subjects"), message)
    for place, subject in enumerate(content.apply_subjects):
        if not any(form.fullmatch(subject) for form in needed.values()):
            message = f"must be one as which the pipelines apply ({', '.join(needed)}): who has it needs no approval"
            yield tree.problem(("delivery", "apply_subjects", place), f"{message} (got {subject})")


def _the_pipelines_may_plan(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content.delivery, configuration.organization.tree
    if content.ci is None:
        return
    examples = ci_settings.plan_subjects(content.ci.host, content.repository, content.branch)
    missing = [each for each in examples if not any(fnmatchcase(each, pattern) for pattern in content.plan_subjects)]
    if missing:
        message = f"must match the subjects as which the pipelines plan, such as {', '.join(missing)}"
        yield tree.problem(("delivery", "plan_subjects"), message)


RULES = (_the_host_issues_the_tokens, _the_pipelines_may_apply, _the_pipelines_may_plan)
