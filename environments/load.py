"""YAML -> `Organization`: the border at which everything is checked once, and every problem told at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from environments.configuration import Configuration, Parsed
from environments.files import DomainFile, EnvironmentFile, ModuleSettings, OrganizationFile, TeamFile
from environments.messages import problems
from environments.model import Domain, Organization, Team
from environments.project import Project
from environments.reading import ORGANIZATION, Trees, read
from environments.rules import broken
from environments.units import resolve
from environments.vocabulary import ENVIRONMENTS, STAGES, Environment, Stage
from environments.yaml_tree import Node, merge, plain
from modules.core.errors import ConfigError, Problem
from modules.data_lake.settings import DomainLake
from modules.feature_store.schema import SchemaLock
from modules.feature_store.settings import FeatureGroupSpec

DEFAULT_CONFIG = Path("environments")

_Content = TypeVar("_Content", bound=BaseModel)


def load(config: Path = DEFAULT_CONFIG, *, locked: bool = True) -> Organization:
    """The organisation that the YAML files in the folder `config` describe.

    `locked`: central feature groups must be as `features.lock.json` says; only what writes it may do without.
    Raises ConfigError with every problem found, sorted by file and line. Rules across files run on the
    files that are valid in themselves, and need `organization.yaml` to be so.
    """
    trees = read(config)
    found = trees.problems
    organization = _validated(OrganizationFile, trees.single.get(ORGANIZATION), found)
    settings: dict[Environment, ModuleSettings | None] = {
        "org": organization.content if organization else None,
        **{stage: _settings(stage, trees, found) for stage in STAGES},
    }
    teams = _named(TeamFile, "team", trees.teams, found)
    domains = _named(DomainFile, "domain", trees.domains, found)
    features = _named(FeatureGroupSpec, "feature_group", trees.features, found)
    projects = _named(Project, "project", trees.projects, found)
    lock = _validated(SchemaLock, trees.feature_lock, found)
    if organization is not None:
        stages = {stage: tree for stage in STAGES if settings[stage] and (tree := trees.single.get(stage))}
        names = (trees.team_names, trees.domain_names, trees.feature_names)
        configuration = Configuration(organization, stages, teams, domains, features, projects, lock, *names)
        found.extend(broken(configuration, locked=locked))
    if found or organization is None:
        raise ConfigError(sorted(set(found)))
    return _organization(configuration, {name: content for name, content in settings.items() if content})


def _validated(model: type[_Content], tree: Node | None, found: list[Problem]) -> Parsed[_Content] | None:
    """The content of a file, or None when there is none or `found` has got its problems."""
    if tree is None:
        return None
    try:
        return Parsed(model.model_validate_json(json.dumps(plain(tree))), tree)
    except ValidationError as error:
        found.extend(problems(error, tree, model))
        return None


def _settings(stage: Stage, trees: Trees, found: list[Problem]) -> ModuleSettings | None:
    """The module settings of `stage`: its own over those of the organisation, validated together."""
    own, base = trees.single.get(stage), trees.single.get(ORGANIZATION)
    if own is None:
        return None
    shared = base.only(ModuleSettings.model_fields) if base else None
    file = _validated(EnvironmentFile, merge(shared, own) if shared else own, found)
    if file is not None and (stated := file.content.environment) != stage:
        found.append(own.problem(("environment",), f"must be {stage}, as the file is called (got {stated})"))
    return file.content if file else None


def _named(
    model: type[_Content], key: str, trees: Mapping[str, Node], found: list[Problem]
) -> tuple[Parsed[_Content], ...]:
    """The valid ones of the files of one folder, each called as it says itself."""
    valid: list[Parsed[_Content]] = []
    for name, tree in trees.items():
        file = _validated(model, tree, found)
        if file is not None and (stated := getattr(file.content, key)) != name:
            found.append(tree.problem((key,), f"must be {name}, as the file is called (got {stated})"))
        elif file is not None:
            valid.append(file)
    return tuple(valid)


def _organization(configuration: Configuration, settings: Mapping[Environment, ModuleSettings]) -> Organization:
    content = configuration.organization.content
    used = {(source.role, source.owner, source.environment): source.account_name for source in configuration.sources()}
    by_name = sorted(configuration.declared(), key=lambda declared: declared.account.name)
    quarantine = content.vending.suspended_unit
    gone = {team.content.team for team in configuration.teams if team.content.offboarding == "closed"}
    settled = [
        (each.account.suspended(quarantine) if each.offboarding in ("suspended", "closed") else each.account, each)
        for each in by_name
    ]
    return Organization(
        name=content.name,
        partition=content.partition,
        home_region=content.home_region,
        governed_regions=tuple(sorted(content.governed_regions)),
        contacts=content.contacts,
        delivery=content.delivery,
        identity=content.identity,
        units=tuple(resolve(key, content.units) for key in sorted(content.units)),
        accounts=tuple(account for account, declared in settled if declared.offboarding != "closed"),
        teams=tuple(
            Team(
                name=team.content.team,
                line_of_business=team.content.line_of_business,
                owner=team.content.owner,
                cost_center=team.content.cost_center,
                dev=used["ml-team", team.content.team, "dev"],
                test=used["ml-team", team.content.team, "test"],
                prod=used["ml-team", team.content.team, "prod"],
                consumes=dict(sorted(team.content.consumes.items())),
                studio=team.content.studio,
                monthly_budget_usd=team.content.monthly_budget_usd.by_stage(),
                offboarding=team.content.offboarding,
            )
            for team in configuration.teams
            if team.content.offboarding != "closed"
        ),
        domains=tuple(
            Domain(
                name=domain.content.domain,
                owner=domain.content.owner,
                description=domain.content.description,
                account=used["data-domain", domain.content.domain, "prod"],
                derived_from=tuple(sorted(domain.content.derived_from)),
                lake=DomainLake(**{name: getattr(domain.content, name) for name in DomainLake.model_fields}),
                monthly_budget_usd=domain.content.monthly_budget_usd,
                offboarding=domain.content.offboarding,
            )
            for domain in configuration.domains
            if domain.content.offboarding != "closed"
        ),
        features=tuple(group.content for group in configuration.features),
        retired_features=configuration.retired_features,
        projects=tuple(project.content for project in configuration.projects if project.content.team not in gone),
        module_settings={
            name: ModuleSettings(**{key: getattr(settings[name], key) for key in ModuleSettings.model_fields})
            for name in ENVIRONMENTS
        },
        suspended_unit=quarantine,
        closed=tuple(account for account, declared in settled if declared.offboarding == "closed"),
        adopt=content.adopt,
    )
