"""What a project learns from, as its team's catalogue in dev has it: what the build stack asks. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from environments.features import own_store, user_at
from environments.lake import Desk
from environments.model import Account, Organization
from environments.ownership import told_apart
from environments.project import Project
from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.data_lake.edges import READS
from modules.data_lake.names import link, workgroup
from modules.data_lake.reading import Reading, ReadTable
from modules.data_lake.settings import Consumption, DomainLake
from modules.feature_store.names import database, table
from modules.feature_store.settings import FeatureGroupSpec
from modules.ml_use_case import names
from modules.ml_use_case.dataset import Dataset, FileDataset, JoinedFeatures, LakeDataset
from modules.ml_use_case.project_settings import PublishedTable


def dataset(organization: Organization, desk: Desk, naming: Naming, project: Project) -> Dataset:
    """What the project of the team at `desk` learns from. Raises ConfigError when the team does not read it there."""
    published, files = project.data.published, project.data.files
    if files is not None:
        bucket = naming.bucket(names.project_bucket(project.project))
        return FileDataset(f"s3://{bucket}/{names.DATA}{files.prefix}/", files.format)
    if published is None:
        raise ConfigError(f"projects/{project.project}.yaml data must have either published or files")
    found = _table(organization, desk, project, published)
    return LakeDataset(
        workgroup=naming.name(workgroup(desk.team.name)),
        domain=published.domain,
        product=published.product,
        database=_linked(organization.account_for("data-governance", "org"), desk, found.database),
        table=found.name,
        columns=found.columns,
        key=found.table.key,
        event_time=published.event_time,
        features=tuple(_features(organization, desk, project)),
    )


def _table(organization: Organization, desk: Desk, project: Project, published: PublishedTable) -> ReadTable:
    """The table as the team's jobs see it there; a team that is leaving keeps its builds as they were."""
    lake, consumption = organization.domain(published.domain).lake, desk.team.consumes.get(published.domain)
    for each in readable(desk.name, published.domain, lake, consumption) if consumption else ():
        if (each.product, each.name) == (published.product, published.table):
            return each
    raise ConfigError(
        f"projects/{project.project}.yaml data.published: jobs of the team {desk.team.name} read no table "
        f"{published.product}.{published.table} of {published.domain} in {desk.account.name}"
    )


def readable(reader: str, domain: str, lake: DomainLake, consumption: Consumption) -> tuple[ReadTable, ...]:
    """The tables of the domain that jobs may read in dev, with the columns that they see; none where they read none."""
    if "pipeline" not in consumption.personas or "dev" not in consumption.stages:
        return ()
    edge = Edge(READS, reader, f"domain {domain}")
    return Reading(domain, lake, consumption, consumption.personas, edge).tables


def _features(organization: Organization, desk: Desk, project: Project) -> Iterator[JoinedFeatures]:
    """The central history where the team reads it, else the one that the team develops."""
    groups = {group.feature_group: group for group in organization.features}
    user, store = user_at(organization, desk), own_store(organization, desk)
    own = {group.feature_group for group in store.groups} if store else set()
    for name, use in project.features.items():
        central = name not in own or (user is not None and name in user.levels)
        group = groups[name]
        yield JoinedFeatures(
            group=name,
            database=_linked(organization.account_for("feature-store", "org"), desk, database())
            if central
            else database(desk.team.name),
            table=table(name),
            record_id=group.record_id,
            event_time=group.event_time,
            seconds=group.features[group.event_time].type == "fractional",
            on=use.on,
            columns=use.columns or inputs(group),
        )


def inputs(group: FeatureGroupSpec) -> tuple[str, ...]:
    """What a model may learn from: neither whose the record is nor when it was."""
    return tuple(name for name in group.features if name not in (group.record_id, group.event_time))


def _linked(owner: Account, desk: Desk, name: str) -> str:
    """How the team's catalogue calls a database of `owner`, as the stack `links` does."""
    return name if owner == desk.account else link(name, told_apart(desk.account, desk.team.name))
