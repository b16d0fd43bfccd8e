"""Whose a cost is: the one model that cost categories of AWS and the views over the exports both render. No cdktf here.

A cost has one owner at each level: line of business, team, product and project. A level is a list of rules; the first
that matches gives the value, as AWS Cost Categories reads them, and what no rule matches gets the level's default:
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostCategoryRule.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

# The levels; a level's name is the name of its cost category, and of its column in views.
LINE_OF_BUSINESS, TEAM, PRODUCT, PROJECT = "LineOfBusiness", "Team", "Product", "Project"
# Owners that are no team: what all use of the platform and of the data, and what nobody owns. Capitals keep them apart
# from names of teams, products and projects.
PLATFORM, DATA, UNALLOCATED = "Shared platform", "Shared data", "Unallocated"
SHARED = (PLATFORM, DATA)
RESERVED = (*SHARED, UNALLOCATED)
NO_PRODUCT, NO_PROJECT = "No product", "No project"
# The keys of the tags that rules ask for.
TEAM_TAG, DOMAIN_TAG, PRODUCT_TAG, PROJECT_TAG = "Team", "DataDomain", "Product", "Project"

Method = Literal["PROPORTIONAL", "EVEN", "FIXED"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A cost matches whose resource carries the tag `key` with one of `values`."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A cost matches that has one of `values` at the level called `level`, which stands before the rule's own."""

    level: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`value` is the owner of every cost that matches all conditions that are given, of which there is at least one.

    `accounts` are the ids of accounts in which a cost arises; each may be a Terraform reference.
    """

    value: str
    accounts: tuple[str, ...] = ()
    tag: Tag | None = None
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """Who owns costs at one level: rules in their order, and the owner of what no rule matches."""

    name: str
    rules: tuple[Rule, ...]
    default: str

    @property
    def values(self) -> tuple[str, ...]:
        """Every owner at this level, each once, in the order of the rules, the default last."""
        return tuple(dict.fromkeys((*(rule.value for rule in self.rules), self.default)))


@dataclass(frozen=True, slots=True)
class Split:
    """The cost of `source`, a line of business' value that all share, is charged to `targets`.

    PROPORTIONAL by what each target costs itself, EVEN in equal parts, FIXED by `percent` (target -> whole per cent,
    100 in all).
    """

    source: str
    targets: tuple[str, ...]
    method: Method
    percent: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Every level, each after those that its rules ask for, and how what all share is split."""

    levels: tuple[Level, ...]
    splits: tuple[Split, ...]

    def level(self, name: str) -> Level:
        """The level called `name`; raises LookupError when there is none."""
        for level in self.levels:
            if level.name == name:
                return level
        raise LookupError(f"costs have no level {name}")


@dataclass(frozen=True, slots=True)
class TeamCosts:
    """A team, and the ids of the accounts that it alone owns. What it has elsewhere carries its tag."""

    name: str
    line_of_business: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductCosts:
    """A product of a team, and the projects that it is made of."""

    name: str
    team: str
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedCosts:
    """What all share: accounts of data domains and of the platform by id, and the names of the domains."""

    domains: tuple[str, ...] = ()
    domain_accounts: tuple[str, ...] = ()
    platform_accounts: tuple[str, ...] = ()


def allocate(
    teams: Sequence[TeamCosts],
    products: Sequence[ProductCosts],
    shared: SharedCosts,
    *,
    method: Method = "PROPORTIONAL",
    percent: Mapping[str, int] | None = None,
) -> Allocation:
    """The allocation of everything that the organisation costs.

    An account that one team or data domain owns is theirs, whatever its resources are tagged with: no tag moves a cost
    out of it. Elsewhere the tags decide, and what is left in accounts of the platform is everybody's. A product or a
    project owns what carries its tag among the costs of its own team.

    Guarantees:
    - each cost has exactly one owner at each level;
    - all costs of a team are those of one line of business, and all costs of a product those of one team;
    - all that is shared is split among all lines of business, and nothing else is.
    """
    lines = tuple(dict.fromkeys(team.line_of_business for team in teams))
    levels = (_teams(teams, shared), _lines(teams, lines), _products(products), _projects(products))
    splits = (Split(source, lines, method, dict(percent or {})) for source in SHARED)
    return Allocation(levels, tuple(splits) if lines else ())


def _teams(teams: Sequence[TeamCosts], shared: SharedCosts) -> Level:
    domains = Tag(DOMAIN_TAG, shared.domains)
    rules = (
        *(Rule(team.name, accounts=team.accounts) for team in teams if team.accounts),
        *((Rule(DATA, accounts=shared.domain_accounts),) if shared.domain_accounts else ()),
        *(Rule(team.name, tag=Tag(TEAM_TAG, (team.name,))) for team in teams),
        *((Rule(DATA, tag=domains),) if shared.domains else ()),
        *((Rule(PLATFORM, accounts=shared.platform_accounts),) if shared.platform_accounts else ()),
    )
    return Level(TEAM, rules, UNALLOCATED)


def _lines(teams: Sequence[TeamCosts], lines: Sequence[str]) -> Level:
    of_line = {line: tuple(team.name for team in teams if team.line_of_business == line) for line in lines}
    rules = (
        *(Rule(line, within=Within(TEAM, names)) for line, names in of_line.items()),
        *(Rule(source, within=Within(TEAM, (source,))) for source in SHARED),
    )
    return Level(LINE_OF_BUSINESS, rules, UNALLOCATED)


def _products(products: Sequence[ProductCosts]) -> Level:
    # By the project first: one that moves to another product takes along what was tagged before.
    rules = (
        *(Rule(each.name, tag=Tag(PROJECT_TAG, each.projects), within=_of(each)) for each in products),
        *(Rule(each.name, tag=Tag(PRODUCT_TAG, (each.name,)), within=_of(each)) for each in products),
    )
    return Level(PRODUCT, rules, NO_PRODUCT)


def _projects(products: Sequence[ProductCosts]) -> Level:
    rules = (
        Rule(project, tag=Tag(PROJECT_TAG, (project,)), within=_of(product))
        for product in products
        for project in product.projects
    )
    return Level(PROJECT, tuple(rules), NO_PROJECT)


def _of(product: ProductCosts) -> Within:
    return Within(TEAM, (product.team,))
