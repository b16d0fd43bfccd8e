"""Glue: whose catalogue is asked, links between catalogues, and what moto forgets of crawlers, jobs and connections.

No crawler and no job ever runs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from moto.glue.models import FakeConnection, GlueBackend, glue_backends
from moto.glue.responses import GlueResponse
from moto.glue.utils import Action, Predicate

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("glue")
# What these methods of moto want to be told, if only that it is nothing.
_CRAWLER = (
    "Classifiers",
    "Configuration",
    "CrawlerSecurityConfiguration",
    "DatabaseName",
    "Description",
    "LineageConfiguration",
    "RecrawlPolicy",
    "Schedule",
    "SchemaChangePolicy",
    "TablePrefix",
    "Tags",
)
_JOB = (
    "AllocatedCapacity",
    "CodeGenConfigurationNodes",
    "Connections",
    "DefaultArguments",
    "Description",
    "ExecutionClass",
    "ExecutionProperty",
    "GlueVersion",
    "LogUri",
    "MaxCapacity",
    "MaxRetries",
    "NonOverridableArguments",
    "NotificationProperty",
    "NumberOfWorkers",
    "SecurityConfiguration",
    "SourceControlDetails",
    "Tags",
    "Timeout",
    "WorkerType",
)
_OF_JOBS = ("JobMode", "JobRunQueuingEnabled", "MaintenanceWindow")  # moto knows none of them


@SERVICE.mend
def the_catalogue_that_is_named() -> None:
    """`CatalogId` names the account whose catalogue is meant; moto always takes the caller's."""

    def glue_backend(self: Any) -> Any:
        return glue_backends[self.parameters.get("CatalogId") or self.current_account][self.region]

    GlueResponse.glue_backend = property(glue_backend)


@SERVICE.mend
def a_link_shows_the_tables_of_its_target() -> None:
    """Tables asked for by a link to a database come from that database, in whichever account."""
    one, several = GlueBackend.get_table, GlueBackend.get_tables

    def target(self: Any, name: str) -> tuple[Any, str]:
        link = self.get_database(name).input.get("TargetDatabase")
        if not link:
            return self, name
        backend = glue_backends[link["CatalogId"]][link.get("Region") or self.region_name]
        return backend, link["DatabaseName"]

    def get_table(self: Any, database_name: str, table_name: str) -> Any:
        backend, name = target(self, database_name)
        return one(backend, name, table_name)

    def get_tables(self: Any, database_name: str, expression: str | None) -> Any:
        backend, name = target(self, database_name)
        return several(backend, name, expression)

    GlueBackend.get_table, GlueBackend.get_tables = get_table, get_tables


@SERVICE.mend
def a_connection_has_a_type() -> None:
    """moto leaves out some of what a connection was made with."""
    describe = FakeConnection.as_dict

    def as_dict(self: Any, hide_password: bool = False) -> dict[str, Any]:
        described: dict[str, Any] = describe(self, hide_password)
        given = {name: self.connection_input.get(name) for name in ("ConnectionType", "MatchCriteria")}
        return {**described, **{name: value for name, value in given.items() if value is not None}}

    FakeConnection.as_dict = as_dict


def _backend(call: Call) -> Any:
    return glue_backends[call.account][call.region]


def _named(kind: str, found: dict[str, Any], name: str) -> Any:
    if name not in found:
        raise catalogue.missing(f"{kind} {name}")
    return found[name]


def _arguments(params: Record, *left_out: str) -> dict[str, Any]:
    """What moto's methods call the members of a request."""
    return {xform_name(name): value for name, value in params.items() if name not in left_out}


def _without_none(described: Record) -> Record:
    return {name: value for name, value in described.items() if value is not None}


@SERVICE.operation("CreateCrawler")
def create_crawler(call: Call) -> Answer:
    """moto drops with whose credentials a crawler reads."""
    params = {**dict.fromkeys(_CRAWLER), **call.params}
    _backend(call).create_crawler(**_arguments(params, "LakeFormationConfiguration"))
    _remember_lake_formation(call)
    return {}


def _remember_lake_formation(call: Call) -> None:
    given = call.params.get("LakeFormationConfiguration")
    if given is not None:
        crawler = _backend(call).crawlers[call.params["Name"]]
        call.store.beside(crawler)["LakeFormationConfiguration"] = given


@SERVICE.operation("GetCrawler")
def get_crawler(call: Call) -> Answer:
    crawler = _named("Crawler", _backend(call).crawlers, call.params["Name"])
    return {"Crawler": {**_without_none(crawler.as_dict()), **call.store.beside(crawler)}}


@SERVICE.operation("UpdateCrawler")
def update_crawler(call: Call) -> Answer:
    crawler = _named("Crawler", _backend(call).crawlers, call.params["Name"])
    for name, value in _arguments(call.params, "Name", "LakeFormationConfiguration").items():
        setattr(crawler, name, value)
    crawler.version, crawler.last_updated = crawler.version + 1, datetime.now(UTC)
    _remember_lake_formation(call)
    return {}


@SERVICE.operation("CreateJob")
def create_job(call: Call) -> Answer:
    known = {**dict.fromkeys(_JOB), **call.params}
    _backend(call).create_job(**_arguments(known, *_OF_JOBS))
    _remember_job(call, call.params["Name"], call.params)
    return {"Name": call.params["Name"]}


def _remember_job(call: Call, name: str, given: Record) -> None:
    """A job is as it was last given; an execution class that nobody gave is not shown."""
    job = _backend(call).jobs[name]
    kept = call.store.beside(job)
    kept.clear()
    kept.update({each: given[each] for each in _OF_JOBS if each in given})
    job.execution_class = given.get("ExecutionClass")


@SERVICE.operation("GetJob")
def get_job(call: Call) -> Answer:
    job = _named("Job", _backend(call).jobs, call.params["JobName"])
    return {"Job": {**_without_none(job.as_dict()), **call.store.beside(job)}}


@SERVICE.operation("UpdateJob")
def update_job(call: Call) -> Answer:
    """Overwrites the job whole, as on AWS."""
    name, given = call.params["JobName"], call.params["JobUpdate"]
    job = _named("Job", _backend(call).jobs, name)
    whole = {**{each: None for each in _JOB if each != "Tags"}, **given}
    for attribute, value in _arguments(whole, *_OF_JOBS).items():
        setattr(job, attribute, value)
    job.execution_property, job.default_arguments = job.execution_property or {}, job.default_arguments or {}
    job.last_modified_on = datetime.now(UTC)
    _remember_job(call, name, given)
    return {"JobName": name}


@SERVICE.operation("UpdateTrigger")
def update_trigger(call: Call) -> Answer:
    """Overwrites the trigger whole; its type, workflow and state stay."""
    trigger = _named("Trigger", _backend(call).triggers, call.params["Name"])
    given = call.params["TriggerUpdate"]
    trigger.actions = [Action(each) for each in given.get("Actions", [])]
    trigger.predicate = Predicate(given["Predicate"]) if "Predicate" in given else None
    for member in ("Schedule", "Description", "EventBatchingCondition"):
        setattr(trigger, xform_name(member), given.get(member))
    return {"Trigger": _without_none(trigger.as_dict())}


@SERVICE.operation("UpdateConnection")
def update_connection(call: Call) -> Answer:
    backend, name = _backend(call), call.params["Name"]
    old = _named("Connection", backend.connections, name)
    tags = backend.get_tags(old.arn)
    backend.connections[name] = FakeConnection(backend, old.catalog_id, call.params["ConnectionInput"], tags)
    return {}


@SERVICE.operation("DeleteConnection")
def delete_connection(call: Call) -> Answer:
    backend, name = _backend(call), call.params["ConnectionName"]
    _named("Connection", backend.connections, name)
    del backend.connections[name]
    return {}


@SERVICE.operation("DeleteDatabase")
def delete_database(call: Call) -> Answer:
    """A database goes with its tables; moto keeps its tags for the next one of that name."""
    catalogue.own(call, call.params.get("CatalogId"))
    backend, name = _backend(call), call.params["Name"]
    _named("Database", backend.databases, name)
    arn = f"arn:aws:glue:{call.region}:{call.account}:database/{name}"
    backend.tagger.delete_all_tags_for_resource(arn)
    del backend.databases[name]
    return {}
