"""Who means to spend how much in the whole organisation, and who hears of it. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from environments.model import Account, Organization, Team
from environments.vocabulary import STAGES


def finops(organization: Organization) -> str:
    """Who hears of all costs."""
    return organization.contacts.billing.email


def team_budget(team: Team) -> int | None:
    """What the team means to spend in a month in all stages, in USD; None without a budget."""
    return sum(team.monthly_budget_usd.values()) or None


def product_budgets(organization: Organization) -> Mapping[str, tuple[int, tuple[str, ...]]]:
    """What each product with a budget costs at most in a month, in USD, and whose it is, by name of the product.

    A product means to spend what its projects do together; an owner is that of a project, else of its team.
    """
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for project in organization.projects:
        if project.monthly_budget_usd is not None:
            usd, owners = found.get(project.product_name, (0, ()))
            owner = project.owner or organization.team(project.team).owner
            found[project.product_name] = usd + project.monthly_budget_usd, tuple(sorted({*owners, owner}))
    return dict(sorted(found.items()))


def lines_of_business(organization: Organization) -> Mapping[str, tuple[str, ...]]:
    """Who hears of the costs of each line of business, beside FinOps: its owner, where it has a budget."""
    budgets = organization.settings("org").cost_reporting.billing.budgets.lines_of_business
    names = dict.fromkeys(team.line_of_business for team in organization.teams)
    return {name: (budgets[name].owner,) if name in budgets else () for name in names}


def braked_accounts(organization: Organization, team: Team) -> Iterator[Account]:
    """The team's own accounts for dev and test, where a brake stops no service."""
    for stage in STAGES:
        account = organization.account(team.account(stage))
        if stage != "prod" and account.name == f"{team.name}-{stage}":
            yield account
