"""Rules of where ML projects are built and what they learn from. All other files are in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from environments.configuration import Configuration, Parsed
from environments.datasets import inputs, readable
from environments.files import DomainFile, TeamFile
from environments.messages import suggestion
from environments.project import Project
from environments.units import lineage
from environments.yaml_tree import Path
from modules.core.errors import Problem
from modules.data_lake.reading import ReadTable
from modules.feature_store.settings import FeatureGroupSpec
from modules.ml_use_case.project_settings import PublishedTable

_PUBLISHED: Path = ("data", "published")
_TIMES = ("date", "timestamp")


@dataclass(frozen=True, slots=True)
class _Project:
    """A project with its team, and what either may name."""

    spec: Project
    parsed: Parsed[Project]
    team: TeamFile
    domains: Mapping[str, DomainFile]
    features: Mapping[str, FeatureGroupSpec]

    def problem(self, path: Path, message: str) -> Problem:
        return self.parsed.tree.problem(path, message)

    @property
    def tables(self) -> tuple[ReadTable, ...]:
        """What its jobs read of the domain that it names."""
        published = self.spec.data.published
        domain = self.domains.get(published.domain) if published else None
        consumption = self.team.consumes.get(published.domain) if published else None
        if published is None or domain is None or consumption is None:
            return ()
        return readable(self.team.team, published.domain, domain, consumption)

    def table(self, published: PublishedTable) -> ReadTable | None:
        """The table that it learns from, as its jobs see it."""
        found = (each for each in self.tables if (each.product, each.name) == (published.product, published.table))
        return next(found, None)

    def features_of(self, name: str) -> tuple[str, ...]:
        """The columns that a feature group brings."""
        group = self.features.get(name)
        return self.spec.features[name].columns or (inputs(group) if group else ())


def _projects(configuration: Configuration) -> Iterator[_Project]:
    """Those whose team still works there."""
    teams = {each.content.team: each.content for each in configuration.teams}
    domains = {each.content.domain: each.content for each in configuration.domains}
    features = {each.content.feature_group: each.content for each in configuration.features}
    for parsed in configuration.projects:
        if (team := teams.get(parsed.content.team)) and team.offboarding is None:
            yield _Project(parsed.content, parsed, team, domains, features)


def _projects_are_built_in_a_network(configuration: Configuration) -> Iterator[Problem]:
    home = configuration.organization.content.home_region
    declared = {each.account.name: each.account for each in configuration.declared()}
    dev = {each.owner: each.account_name for each in configuration.sources() if each.environment == "dev"}
    for project in _projects(configuration):
        account = declared.get(dev[project.team.team])
        if account and ("network" not in account.vpcs or home not in account.networks):
            message = f"needs a network in {home} to be built in: give the account {account.name} a cidr"
            yield project.problem(("team",), message)


def _data_is_read_by_the_team(configuration: Configuration) -> Iterator[Problem]:
    domains = configuration.domain_names
    for project in _projects(configuration):
        published, team = project.spec.data.published, project.team
        if published is None:
            continue
        domain = project.domains.get(published.domain)
        if published.domain not in domains or (domain and domain.offboarding == "closed"):
            message = f"names the unknown data domain {published.domain}{suggestion(published.domain, domains)}"
            yield project.problem((*_PUBLISHED, "domain"), message)
        elif published.domain not in team.consumes:
            message = f"names {published.domain}, which {team.team} does not consume: add it to teams/{team.team}.yaml"
            yield project.problem((*_PUBLISHED, "domain"), message)
        elif domain and project.table(published) is None:
            known = [f"{each.product}.{each.name}" for each in project.tables]
            wanted = f"{published.product}.{published.table}"
            message = f"names {wanted}, which jobs of {team.team} do not read in dev{suggestion(wanted, known)}"
            yield project.problem((*_PUBLISHED, "table"), message)


def _features_are_read_by_the_team(configuration: Configuration) -> Iterator[Problem]:
    for project in _projects(configuration):
        for name, use in project.spec.features.items():
            path, group = ("features", name), project.features.get(name)
            if group is None:
                if name not in configuration.feature_names:
                    known = configuration.feature_names
                    yield project.problem(path, f"names the unknown feature group {name}{suggestion(name, known)}")
                continue
            if not group.offline:
                yield project.problem(path, f"names {name}, which keeps no history to learn from: set offline there")
            if not _reads(configuration, project.team, group):
                message = f"names {name}, which {project.team.team} does not read: ask its owner, {group.owner}"
                yield project.problem(path, message)
            for place, column in enumerate(use.columns):
                if column not in inputs(group):
                    message = f"names {column}, which {name} does not have{suggestion(column, inputs(group))}"
                    yield project.problem((*path, "columns", place), message)


def _columns_are_there(configuration: Configuration) -> Iterator[Problem]:
    for project in _projects(configuration):
        spec, published = project.spec, project.spec.data.published
        table = project.table(published) if published else None
        if published is None or table is None:
            continue
        yield from _times(project, published, table)
        seen = set(table.columns)
        for name, use in spec.features.items():
            if use.on not in seen:
                message = f"names {use.on}, which is no column that the team reads{suggestion(use.on, seen)}"
                yield project.problem(("features", name, "on"), message)
        brought = set(seen)
        for name in spec.features:
            if twice := sorted(brought.intersection(project.features_of(name))):
                message = f"brings {', '.join(twice)}, which there is already: name the columns that are wanted"
                yield project.problem(("features", name), message)
            brought.update(project.features_of(name))
        named: list[tuple[Path, str]] = [(("target",), spec.target)]
        named += [(("not_inputs", place), column) for place, column in enumerate(spec.not_inputs)]
        named += [(("facets", column), column) for column in spec.facets]
        named += [(("text",), spec.text)] if spec.text else []
        for path, column in named:
            if column not in brought:
                message = f"names {column}, which is neither a column that the team reads nor a feature"
                yield project.problem(path, message + suggestion(column, brought))


def _times(project: _Project, published: PublishedTable, table: ReadTable) -> Iterator[Problem]:
    """Features are joined by key and time: both are there, and the time is one."""
    event_time = published.event_time
    if event_time and event_time not in table.columns:
        message = f"names {event_time}, which is no column that the team reads{suggestion(event_time, table.columns)}"
        yield project.problem((*_PUBLISHED, "event_time"), message)
    elif event_time and (kind := table.table.columns[event_time].type) not in _TIMES:
        message = f"names {event_time}, which is of type {kind}: features are joined by a date or a timestamp"
        yield project.problem((*_PUBLISHED, "event_time"), message)
    if project.spec.features and not (table.table.key and set(table.table.key) <= set(table.columns)):
        message = f"names {table.product}.{table.name}, whose rows have no key that the team reads: features need one"
        yield project.problem((*_PUBLISHED, "table"), message)


def _reads(configuration: Configuration, team: TeamFile, group: FeatureGroupSpec) -> bool:
    """Its own group in dev, or a central one that is given to it or to a unit above its dev account."""
    if group.team == team.team:
        return True
    if group.central is None:
        return False
    access = group.central.access
    dev = next(each for each in configuration.sources() if (each.owner, each.environment) == (team.team, "dev"))
    unit = next((each.account.unit for each in configuration.declared() if each.account.name == dev.account_name), None)
    above = lineage(unit, configuration.organization.content.units) if unit else ()
    reaches = (access.read, access.read_write, access.admin)
    return any(team.team in each.teams or not set(above).isdisjoint(each.units) for each in reaches)


RULES = (
    _projects_are_built_in_a_network,
    _data_is_read_by_the_team,
    _features_are_read_by_the_team,
    _columns_are_there,
)
