"""Who means to spend how much in which account: the budgets of teams and data domains."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account, Organization
from environments.vocabulary import STAGES
from modules.foundations.account.budget import Budget


def budgets(organization: Organization, account: Account, *, default_usd: int | None) -> tuple[Budget, ...]:
    """The budgets of the account: of each team and data domain that works there and has one, else the default.

    A team that uses the account for several stages means to spend the sum of theirs. Where several owners work in
    the account, each budget counts what carries its owner's tag. AWS Budgets exists in the partition `aws` alone.
    """
    if organization.partition != "aws":
        return ()
    found = (*_of_teams(organization, account), *_of_domains(organization, account))
    if not found and default_usd is not None:
        return (Budget(account.name, default_usd, organization.contacts.operations.email),)
    return found


def _of_teams(organization: Organization, account: Account) -> Iterator[Budget]:
    for team in organization.teams:
        amounts = [team.monthly_budget_usd.get(stage) for stage in STAGES if team.account(stage) == account.name]
        if total := sum(amount for amount in amounts if amount is not None):
            yield Budget(team.name, total, team.owner, _tag(organization, account, "Team", team.name))


def _of_domains(organization: Organization, account: Account) -> Iterator[Budget]:
    for domain in organization.domains:
        if domain.account == account.name and domain.monthly_budget_usd is not None:
            tag = _tag(organization, account, "DataDomain", domain.name)
            yield Budget(f"data-{domain.name}", domain.monthly_budget_usd, domain.owner, tag)


def _tag(organization: Organization, account: Account, key: str, owner: str) -> tuple[str, str] | None:
    teams = {team.name for team in organization.teams if account.name in map(team.account, STAGES)}
    domains = {domain.name for domain in organization.domains if domain.account == account.name}
    return (key, owner) if len(teams) + len(domains) > 1 else None
