"""Rules of whose costs are: lines of business and products, as AWS Cost Categories take them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.vocabulary import Stage
from modules.core.errors import Problem
from modules.cost_reporting.allocation import RESERVED, ProductCosts, SharedCosts, TeamCosts, allocate
from modules.cost_reporting.names import line_slug

# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-limits.html
_RULES_LIMIT = 500
_BRAKED: tuple[Stage, ...] = ("dev", "test")
# https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostCategoryRule.html
_VALUE, _VALUE_LIMIT = re.compile(r"[A-Za-z0-9 _-]+"), 50


def _lines_of_business_are_values_of_cost_categories(configuration: Configuration) -> Iterator[Problem]:
    for team in configuration.teams:
        line = team.content.line_of_business
        if line in RESERVED:
            message = f"must not be {line}: reports call so what is nobody's own; choose another name"
            yield team.tree.problem(("line_of_business",), message)
        elif not _VALUE.fullmatch(line) or len(line) > _VALUE_LIMIT:
            message = f"must be letters, digits, single spaces, - and _, {_VALUE_LIMIT} at most, as cost categories are"
            yield team.tree.problem(("line_of_business",), message)


def _a_product_is_of_one_team(configuration: Configuration) -> Iterator[Problem]:
    owners: dict[str, tuple[str, str]] = {}
    for project in configuration.projects:
        product, team, name = project.content.product_name, project.content.team, project.content.project
        first_team, first = owners.setdefault(product, (team, name))
        if first_team != team:
            message = f"makes the project part of {product}, which is of the team {first_team} by its project {first}"
            key = "product" if project.content.product else "project"
            yield project.tree.problem((key,), f"{message}: name a product that no other team has")


def _fixed_shares_name_the_lines_of_business(configuration: Configuration) -> Iterator[Problem]:
    lines = {team.content.line_of_business for team in configuration.teams}
    organization = configuration.organization
    split = organization.content.cost_reporting.split
    if split.method == "FIXED" and set(split.percent) != lines:
        message = f"must name each line of business, and no other: {', '.join(sorted(lines)) or 'there is none'}"
        yield organization.tree.problem(("cost_reporting", "split", "percent"), message)


def _levels_fit(configuration: Configuration) -> Iterator[Problem]:
    """As many teams and products as AWS has rules for in a cost category."""
    teams = [
        TeamCosts(team.content.team, team.content.line_of_business, ("its accounts",)) for team in configuration.teams
    ]
    projects = [project.content for project in configuration.projects]
    products = [ProductCosts(name, "", ()) for name in sorted({project.product_name for project in projects})]
    for level in allocate(teams, products, SharedCosts(("its",), ("its",), ("its",))).levels:
        if (count := len(level.rules)) > _RULES_LIMIT:
            message = f"has so many teams or products that the cost category {level.name} needs {count} rules"
            advice = f"and AWS takes {_RULES_LIMIT}: let projects share a product, or teams an entry"
            yield configuration.organization.tree.problem((), f"{message}, {advice}")


def _lines_of_business_have_names_of_their_own(configuration: Configuration) -> Iterator[Problem]:
    known = {line_slug(each): each for each in RESERVED}
    for team in configuration.teams:
        line = team.content.line_of_business
        first = known.setdefault(line_slug(line), line)
        if not line_slug(line):
            yield team.tree.problem(("line_of_business",), "must have a letter or a digit, of which names are made")
        elif first != line:
            message = f"must be told apart from {first} by letters and digits: {line_slug(line)} names"
            yield team.tree.problem(("line_of_business",), f"{message} its reports and its budget")


def _settings_name_lines_of_business(configuration: Configuration) -> Iterator[Problem]:
    organization, lines = configuration.organization, {team.content.line_of_business for team in configuration.teams}
    costs = organization.content.cost_reporting
    for path, named in (
        (("billing", "budgets", "lines_of_business"), costs.billing.budgets.lines_of_business),
        (("reports", "showback", "recipients"), costs.reports.showback.recipients),
    ):
        for line in named:
            if line not in lines:
                message = f"names the unknown line of business {line}{suggestion(line, lines)}"
                yield organization.tree.problem(("cost_reporting", *path, line), message)


def _brakes_are_for_teams_with_budgets(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization
    teams = {team.content.team: team.content for team in configuration.teams}
    for index, name in enumerate(organization.content.cost_reporting.billing.budgets.brakes):
        place = ("cost_reporting", "billing", "budgets", "brakes", index)
        if name not in configuration.team_names:
            message = f"names the unknown team {name}{suggestion(name, configuration.team_names)}"
            yield organization.tree.problem(place, message)
        elif name in teams:
            team = teams[name]
            if not any(team.accounts.of(stage).email for stage in _BRAKED):
                message = f"names {name}, which has no account of its own for dev or test: only such are braked"
                yield organization.tree.problem(place, message)
            if not team.monthly_budget_usd:
                message = f"names {name}, which has no budget: write monthly_budget_usd in teams/{name}.yaml"
                yield organization.tree.problem(place, message)


RULES = (
    _lines_of_business_are_values_of_cost_categories,
    _a_product_is_of_one_team,
    _fixed_shares_name_the_lines_of_business,
    _levels_fit,
    _lines_of_business_have_names_of_their_own,
    _settings_name_lines_of_business,
    _brakes_are_for_teams_with_budgets,
)
