"""Rules of the data lake: names that are given once, zones and networks that are needed, and what teams consume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from environments.configuration import DOMAIN_ENVIRONMENT, Configuration, Parsed
from environments.files import DomainFile
from environments.messages import suggestion
from environments.vocabulary import Environment
from modules.core.errors import Problem
from modules.core.lf_tags import SENSITIVITIES, Sensitivity
from modules.core.naming import BUCKET_LIMIT
from modules.cost_reporting.names import EXPORTS, REPORTS
from modules.cost_reporting.names import QUERIES as COST_QUERIES
from modules.data_lake.names import AUDIT, bucket_stem, buckets, database, raw_database, workgroup
from modules.data_lake.product_settings import Product, Table
from modules.data_lake.settings import Consumption
from modules.feature_store.names import OFFLINE_BUCKET, store
from modules.feature_store.names import WORKGROUP as FEATURE_QUERIES
from modules.foundations.contract import STATE
from modules.ml_operations.names import PASSPORTS
from modules.ml_platform.names import (
    ARTIFACT_BUCKET,
    INVENTORY,
    INVENTORY_ROWS,
    MODEL_BUCKET,
    TEMPLATE_BUCKET,
    team_artifacts,
)
from modules.ml_use_case.names import workspace
from modules.observability.contract import LOG_COPY
from modules.observability.names import LOG_QUERIES, invocation_log

_PLATFORM = (
    "logs",
    LOG_COPY,
    LOG_QUERIES,
    EXPORTS,
    REPORTS,
    COST_QUERIES,
    STATE,
    "findings",
    AUDIT,
    OFFLINE_BUCKET,
    FEATURE_QUERIES,
    ARTIFACT_BUCKET,
    TEMPLATE_BUCKET,
    MODEL_BUCKET,
    PASSPORTS,
    INVENTORY,
    INVENTORY_ROWS,
)
_OF_TEAMS = (workgroup, store, workspace, team_artifacts)


def _buckets(configuration: Configuration) -> Iterator[tuple[Parsed[DomainFile], str]]:
    """Every bucket of every domain, also of one that is given up: what it held stays."""
    prefix = configuration.organization.content.name
    accounts = configuration.organization.content.accounts
    for domain in configuration.domains:
        lake, name = domain.content, domain.content.domain
        used = accounts.get(lake.account.use or "")
        environment: Environment = used.environment if used else DOMAIN_ENVIRONMENT
        for what in buckets(name, lake):
            yield domain, f"{prefix}-{environment}-{what}"


def _bucket_names_are_given_once(configuration: Configuration) -> Iterator[Problem]:
    owners: dict[str, Parsed[DomainFile]] = {}
    told = set()
    for domain, bucket in _buckets(configuration):
        other = owners.setdefault(bucket, domain)
        if other is not domain and (pair := (domain.content.domain, other.content.domain)) not in told:
            told.add(pair)
            where = f"{other.tree.file}:{other.tree.find(_stem_path(other)).line}"
            message = f"gives a zone the bucket {bucket}, as the data domain {other.content.domain} does ({where})"
            yield domain.tree.problem(_stem_path(domain), f"{message}: set another bucket_prefix")


def _bucket_names_are_as_short_as_aws_wants(configuration: Configuration) -> Iterator[Problem]:
    longest: dict[str, tuple[Parsed[DomainFile], str]] = {}
    for domain, bucket in _buckets(configuration):
        if len(bucket) > len(longest.get(domain.content.domain, (domain, ""))[1]):
            longest[domain.content.domain] = (domain, bucket)
    for domain, bucket in longest.values():
        if len(bucket) > BUCKET_LIMIT:
            message = f"makes the bucket name {bucket} of {len(bucket)} characters, and S3 allows {BUCKET_LIMIT}"
            yield domain.tree.problem(_stem_path(domain), f"{message}: set a shorter bucket_prefix")


def _bucket_prefixes_are_no_names_of_the_platform(configuration: Configuration) -> Iterator[Problem]:
    """The logs of access to the platform's buckets, and to those of teams, lie in buckets named after these."""
    regions = configuration.organization.content.governed_regions
    accounts = [declared.account.name for declared in configuration.declared()]
    taken = bucket_names_of_others([team.content.team for team in configuration.teams], accounts, regions)
    for domain in configuration.domains:
        stem = bucket_stem(domain.content.domain, domain.content)
        if stem in taken and domain.content.domain != AUDIT:  # which is refused for itself
            message = f"must not begin the names of buckets with {stem}, as others do: set another bucket_prefix"
            yield domain.tree.problem(_stem_path(domain), message)


def bucket_names_of_others(teams: Sequence[str], accounts: Sequence[str], regions: Sequence[str]) -> frozenset[str]:
    """What other buckets are called behind `<organisation>-<environment>-`, of which each has one of access logs."""
    findings = (f"findings-{region}" for region in regions)
    of_teams = (name(team) for team in teams for name in _OF_TEAMS)
    return frozenset((*_PLATFORM, *findings, *of_teams, *map(invocation_log, accounts)))


def _stem_path(domain: Parsed[DomainFile]) -> tuple[str]:
    return ("bucket_prefix",) if domain.content.bucket_prefix else ("domain",)


def _the_audit_keeps_its_name(configuration: Configuration) -> Iterator[Problem]:
    for domain in configuration.domains:
        if domain.content.domain == AUDIT:
            message = f"must not be {AUDIT}: the trail's own database is tagged so, and its grants would open the data"
            yield domain.tree.problem(("domain",), message)


def _database_names_are_given_once(configuration: Configuration) -> Iterator[Problem]:
    owners = {
        raw_database(domain.content.domain): f"what crawlers find in the raw zone of {domain.content.domain}"
        for domain in configuration.domains
        if domain.content.products
    }
    for domain in configuration.domains:
        for product in domain.content.products:
            name = database(domain.content.domain, product)
            if name in owners:
                message = f"makes the database {name}, which there is already for {owners[name]}: rename the product"
                yield domain.tree.problem(("products", product), message)
            else:
                where = f"{domain.tree.file}:{domain.tree.find(('products', product)).line}"
                owners[name] = f"the product {product} of {domain.content.domain} ({where})"


def _products_have_the_zones_they_need(configuration: Configuration) -> Iterator[Problem]:
    for domain in configuration.domains:
        zones = domain.content.zones
        for name, product in domain.content.products.items():
            path = ("products", name)
            if product.layer not in zones:
                message = f"needs the zone {product.layer}, in which its tables lie: add it to zones"
                yield domain.tree.problem((*path, "layer"), message)
            for table_name, table in product.tables.items():
                if table.source and "raw" not in zones:
                    message = "needs the zone raw, in which the files are dropped: add it to zones"
                    yield domain.tree.problem((*path, "tables", table_name, "source"), message)


def _products_have_a_network(configuration: Configuration) -> Iterator[Problem]:
    home = configuration.organization.content.home_region
    declared = {each.account.name: each.account for each in configuration.declared()}
    producing = {
        domain.content.domain
        for domain in configuration.domains
        if domain.content.products and domain.content.offboarding not in ("suspended", "closed")
    }
    for source in configuration.sources():
        account = declared.get(source.account_name)
        if source.role != "data-domain" or source.owner not in producing or account is None:
            continue
        if home not in account.networks or "network" not in account.vpcs:
            key = "use" if source.account.use else "cidr"
            message = f"is an account without a network in {home}, and jobs make its products in one: give it a cidr"
            yield source.place.problem(message if key == "cidr" else f"{message} in organization.yaml", key)


def _consumed_layers_exist(configuration: Configuration) -> Iterator[Problem]:
    domains = {domain.content.domain: domain.content for domain in configuration.domains}
    for team in configuration.teams:
        for name, consumption in team.content.consumes.items():
            zones = domains[name].zones if name in domains else consumption.layers
            for place, layer in enumerate(consumption.layers):
                if layer not in zones:
                    readable = [zone for zone in zones if zone != "raw"]
                    message = f"names the layer {layer}, which {name} has not{suggestion(layer, readable)}"
                    yield team.tree.problem(("consumes", name, "layers", place), message)


def _consumed_filters_filter_something(configuration: Configuration) -> Iterator[Problem]:
    domains = {domain.content.domain: domain.content for domain in configuration.domains}
    for team in configuration.teams:
        for name, consumption in team.content.consumes.items():
            if name not in domains:
                continue
            for table, filtered in consumption.filters.items():
                if wrong := _wrong_filter(domains[name], table, filtered, consumption):
                    yield team.tree.problem(("consumes", name, "filters", table), wrong)


def _wrong_filter(domain: DomainFile, called: str, filtered: str, consumption: Consumption) -> str | None:
    tables = {
        f"{product_name}.{table_name}": (product, table)
        for product_name, product in domain.products.items()
        for table_name, table in product.tables.items()
    }
    if called not in tables:
        return f"names no table of {domain.domain}, as <product>.<table>{suggestion(called, tables)}"
    product, table = tables[called]
    if filtered not in table.filters:
        return f"names the unknown filter {filtered}{suggestion(filtered, table.filters)}"
    if _wholly_seen(product, table, consumption):
        return f"filters nothing: who is cleared for {consumption.sensitivity} sees the whole table"
    return None


def _wholly_seen(product: Product, table: Table, consumption: Consumption) -> bool:
    own = table.sensitivity or product.sensitivity
    highest = max(_rank(column.sensitivity or own) for column in table.columns.values())
    cleared = highest <= _rank(consumption.sensitivity)
    return cleared and product.layer in consumption.layers and not product.deprecated


def _rank(sensitivity: Sensitivity) -> int:
    return SENSITIVITIES.index(sensitivity)


RULES = (
    _bucket_names_are_given_once,
    _bucket_names_are_as_short_as_aws_wants,
    _bucket_prefixes_are_no_names_of_the_platform,
    _the_audit_keeps_its_name,
    _database_names_are_given_once,
    _products_have_the_zones_they_need,
    _products_have_a_network,
    _consumed_layers_exist,
    _consumed_filters_filter_something,
)
