"""Whose an account is: as tags, and in names."""

from __future__ import annotations

from environments.model import Account, Organization
from environments.vocabulary import STAGES


def owner_tags(organization: Organization, account: Account) -> dict[str, str]:
    """The tags of the team or data domain that alone owns `account`; none for an account of the platform."""
    for team in organization.teams:
        if team.name == account.team:
            return {
                "Team": team.name,
                "LineOfBusiness": team.line_of_business,
                "CostCenter": team.cost_center,
                "Owner": team.owner,
            }
    for domain in organization.domains:
        if domain.name == account.domain:
            return {"DataDomain": domain.name, "Owner": domain.owner}
    return {}


def told_apart(account: Account, subject: str) -> str | None:
    """`subject`, a team or data domain, where names in the account must say whose a thing is.

    None in an account that was made for it: that account is called after it.
    """
    own = {f"data-{subject}", *(f"{subject}-{stage}" for stage in STAGES)}
    return None if account.name in own else subject
