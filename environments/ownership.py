"""Whose an account or a stack is: as tags, and in names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from environments.model import Account, Domain, Organization, Team
from environments.node import Node
from environments.vocabulary import STAGES

# Kinds of stacks that are for somebody, and for what kind of subject.
SUBJECTS: Mapping[str, Literal["team", "project", "domain"]] = {
    "build": "project",
    "catalog": "domain",
    "consumer": "team",
    "features": "team",
    "links": "team",
    "operations": "project",
    "pipelines": "domain",
    "release": "project",
    "serving": "project",
    "storage": "domain",
    "studio": "team",
}


def owner_tags(organization: Organization, account: Account) -> dict[str, str]:
    """The tags of the team or data domain that alone owns `account`; none for an account of the platform."""
    for team in organization.teams:
        if team.name == account.team:
            return _team(team)
    for domain in organization.domains:
        if domain.name == account.domain:
            return _domain(domain)
    return {}


def stack_tags(organization: Organization, node: Node) -> dict[str, str]:
    """The tags of whom the stack is for, in an account of several owners, too; else those of the account's owner.

    Raises KeyError for a kind of stack that is for somebody and of which `SUBJECTS` does not say for what.
    """
    if node.subject is None:
        return owner_tags(organization, node.account)
    match SUBJECTS[node.stack]:
        case "team":
            return _team(organization.team(node.subject))
        case "domain":
            return _domain(organization.domain(node.subject))
        case "project":
            project = next(each for each in organization.projects if each.project == node.subject)
            own = {"Product": project.product_name, "Project": project.project}
            return _team(organization.team(project.team)) | own


def _team(team: Team) -> dict[str, str]:
    return {
        "Team": team.name,
        "LineOfBusiness": team.line_of_business,
        "CostCenter": team.cost_center,
        "Owner": team.owner,
    }


def _domain(domain: Domain) -> dict[str, str]:
    return {"DataDomain": domain.name, "Owner": domain.owner}


def told_apart(account: Account, subject: str) -> str | None:
    """`subject`, a team or data domain, where names in the account must say whose a thing is.

    None in an account that was made for it: that account is called after it.
    """
    own = {f"data-{subject}", *(f"{subject}-{stage}" for stage in STAGES)}
    return None if account.name in own else subject
