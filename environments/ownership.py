"""Whose an account is, as tags."""

from __future__ import annotations

from environments.model import Account, Organization


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
