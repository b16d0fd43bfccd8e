"""What an observability account shows of the accounts that report to it, by the rules that name what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from environments.features import stores
from environments.lake import Desk, desks, working
from environments.model import Domain, Organization, Team
from environments.ownership import told_apart
from environments.project import Project
from environments.stacks.served_desk import served_at
from environments.stacks.watched import kinds_of
from environments.workplaces import building_desk, projects_at, release_account, served_projects, serving_desks
from modules.core.dashboard import AlarmStatus, Board, Graph, LogTable, Metric, Panel
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.data_lake.functions.measure_pipelines.metrics import NAMESPACE as LAKE
from modules.data_lake.names import publisher, workgroup
from modules.data_lake.table_plans import TablePlan, table_plans
from modules.feature_store.functions.ingest_records.metrics import NAMESPACE as FEATURES
from modules.feature_store.names import group_name, ingest_queue, queue_name
from modules.ml_operations import names
from modules.ml_operations.endpoint_graphs import drift_graphs, endpoint_graphs
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.serving_settings import ServedAs
from modules.ml_operations.unwell_alarm import SYMPTOMS, UNWELL
from modules.ml_platform.functions.take_inventory.snapshot import NAMESPACE as MODELS
from modules.ml_platform.functions.take_inventory.snapshot import TAKEN, UNDECLARED
from modules.ml_use_case.names import build_part
from modules.observability.alarm_events import OPERATORS, SECURITY
from modules.observability.names import alarm_forwarding, alarm_topic

_MINUTE, _FIVE_MINUTES, _HOUR, _DAY = 60, 300, 3600, 86_400
_BUILD, _RELEASE = ("build", "test", "register"), ("prepare", "passport")
_ERRORS = "filter @message like /(?i)error/ | fields @timestamp, @log, @message | sort @timestamp desc | limit 50"


@dataclass(frozen=True, slots=True)
class _Model:
    """A model where it is served, how, and by which kinds of monitors it is watched."""

    project: Project
    naming: Naming
    served: ServedAs
    kinds: tuple[MonitorKind, ...]

    def graphs(self, found: Iterator[Graph]) -> Iterator[Graph]:
        """With titles that say whose they are, as a board shows several."""
        where = f"{self.project.project} in {self.naming.account}"
        return (replace(graph, title=f"{where}: {graph.title}") for graph in found)

    @property
    def endpoint(self) -> Iterator[Graph]:
        return self.graphs(endpoint_graphs(self.naming, self.project.project, self.served, account=self.account))

    @property
    def drift(self) -> Iterator[Graph]:
        return self.graphs(drift_graphs(self.project.project, self.kinds, account=self.account))

    @property
    def account(self) -> str:
        return self.naming.account_id

    @property
    def alarms(self) -> Iterator[str]:
        symptoms = (*SYMPTOMS, UNWELL) if self.served.has_endpoint else ()
        for what in (*symptoms, *(f"{kind}-drift" for kind in self.kinds)):
            yield self.naming.arn("cloudwatch", f"alarm:{names.alarm(self.naming, self.project.project, what)}")


@dataclass(frozen=True, slots=True)
class Boards:
    """The dashboards of the account of `here`. `reporting`: name -> naming of each account that reports to it."""

    organization: Organization
    here: Naming
    reporting: Mapping[str, Naming]

    def __iter__(self) -> Iterator[Board]:
        models = tuple(self._models())
        yield Board("platform", list(self._platform()))
        for name, panels in (
            ("endpoints", [panel for model in models for panel in model.endpoint]),
            ("model-quality", [panel for model in models for panel in model.drift]),
            ("data-pipelines", list(self._pipelines())),
            ("feature-store", list(self._features())),
        ):
            if panels:
                yield Board(name, panels)
        for team in self.organization.teams:
            if panels := list(self._team(team, [model for model in models if model.project.team == team.name])):
                yield Board(f"team-{team.name}", panels)

    def _models(self) -> Iterator[_Model]:
        for project in served_projects(self.organization):
            for desk in serving_desks(self.organization, project):
                if naming := self.reporting.get(desk.account.name):
                    served = served_at(project, desk)
                    settings = self.organization.settings(desk.account.environment).ml_operations.monitoring
                    yield _Model(project, naming, served, kinds_of(project, served, settings))

    def _platform(self) -> Iterator[Panel]:
        accounts = list(self.reporting.values())
        queue = f"{alarm_forwarding(None)}-dead-letters"
        waiting = [_queue(each, each.name(queue, limit=QUEUE_LIMIT), _VISIBLE) for each in accounts]
        yield Graph("Alarms that were not forwarded", "Maximum", _FIVE_MINUTES, waiting)
        topics = [self.here.name(alarm_topic(listener)) for listener in (OPERATORS, SECURITY)]
        for metric, title in (
            ("NumberOfMessagesPublished", "Alarms told"),
            ("NumberOfNotificationsFailed", "Not told"),
        ):
            yield Graph(
                f"Alarms: {title.lower()}",
                "Sum",
                _HOUR,
                [Metric("AWS/SNS", metric, {"TopicName": topic}) for topic in topics],
            )
        at_work = [naming for name, naming in self.reporting.items() if self._has_functions(name)]
        for metric in ("Errors", "Throttles") if at_work else ():
            lines = [Metric("AWS/Lambda", metric, {}, each.account_id, {"label": each.account}) for each in at_work]
            yield Graph(f"Functions: {metric.lower()}, by account", "Sum", _FIVE_MINUTES, lines)
        yield from self._releases()

    def _has_functions(self, name: str) -> bool:
        """Where functions stand for certain: with the registry, domains, their catalogue and central features."""
        domains, account = list(working(self.organization)), self.organization.account(name)
        central = any(store.desk is None and store.account == account for store in stores(self.organization))
        governs = bool(domains) and account == self.organization.account_for("data-governance", "org")
        return (
            "ml-shared-services" in account.roles
            or central
            or governs
            or any(each.account == name and each.lake.products for each in domains)
        )

    def _releases(self) -> Iterator[Panel]:
        registry = self.reporting.get(release_account(self.organization).name)
        if registry is None:
            return
        projects = [each.project for each in served_projects(self.organization)]
        parts = [registry.name(names.build_role(project, step)) for project in projects for step in _RELEASE]
        if parts:
            lines = [_builds(registry, part, "FailedBuilds") for part in parts]
            yield Graph("Releases: failed builds", "Sum", _HOUR, lines)
            yield LogTable("Releases: errors", [_build_log(part) for part in parts], _ERRORS, registry.account_id)
        taken = [Metric(MODELS, metric, {}, registry.account_id) for metric in (TAKEN, UNDECLARED)]
        yield Graph("The model registry", "Maximum", _DAY, taken)

    def _pipelines(self) -> Iterator[Panel]:
        governance = self.reporting.get(self.organization.account_for("data-governance", "org").name)
        for domain in working(self.organization):
            naming = self.reporting.get(domain.account)
            if naming and (tables := self._tables(domain, naming)):
                yield from _of_domain(domain.name, naming, tables)
            if governance:
                function = governance.name(publisher(domain.name))
                lines = [
                    Metric("AWS/Lambda", metric, {"FunctionName": function}, governance.account_id)
                    for metric in ("Invocations", "Errors")
                ]
                yield Graph(f"{domain.name}: publications", "Sum", _HOUR, lines)

    def _tables(self, domain: Domain, naming: Naming) -> tuple[TablePlan, ...]:
        user = told_apart(self.organization.account(domain.account), domain.name)
        return table_plans(naming, domain.name, domain.lake, user)

    def _features(self) -> Iterator[Panel]:
        for store in stores(self.organization):
            naming = self.reporting.get(store.account.name)
            if naming is None:
                continue
            for spec in store.groups:
                group = group_name(naming, spec.feature_group)
                if store.desk is None:
                    yield from _ingestion(naming, spec.feature_group)
                if spec.online is not None:
                    lines = [
                        Metric(
                            "AWS/SageMaker/FeatureStore",
                            f"Consumed{kind}RequestsUnits",
                            {"FeatureGroupName": group, "OperationName": operation},
                            naming.account_id,
                        )
                        for kind, operation in (("Read", "GetRecord"), ("Write", "PutRecord"))
                    ]
                    yield Graph(f"{group}: units consumed", "Sum", _MINUTE, lines)

    def _team(self, team: Team, models: Sequence[_Model]) -> Iterator[Panel]:
        if alarms := [arn for model in models for arn in model.alarms]:
            yield AlarmStatus("Alarms of models that are served", alarms)
        there = [(desk, self.reporting[desk.account.name]) for desk in self._desks(team)]
        for desk, naming in there:
            projects = [each.project for each in projects_at(self.organization, desk) if self._built_at(each, desk)]
            parts = [naming.name(build_part(project, stage)) for project in projects for stage in _BUILD]
            if parts:
                lines = [_builds(naming, part, "FailedBuilds") for part in parts]
                yield Graph("Failed builds", "Sum", _HOUR, lines)
                yield LogTable("Errors of builds", [_build_log(part) for part in parts], _ERRORS, naming.account_id)
        if read := [_read_bytes(naming, naming.name(workgroup(team.name))) for _, naming in there]:
            yield Graph("Bytes that queries read", "Sum", _DAY, read)
        for model in models:
            yield from model.endpoint
            yield from model.drift

    def _desks(self, team: Team) -> Iterator[Desk]:
        every = (desk for desk in desks(self.organization) if desk.team == team)
        return (desk for desk in every if desk.account.name in self.reporting)

    def _built_at(self, project: Project, desk: Desk) -> bool:
        return building_desk(self.organization, project) == desk


_VISIBLE = "ApproximateNumberOfMessagesVisible"


def _queue(naming: Naming, name: str, metric: str) -> Metric:
    return Metric("AWS/SQS", metric, {"QueueName": name}, naming.account_id, {"label": naming.account})


def _builds(naming: Naming, project: str, metric: str) -> Metric:
    return Metric("AWS/CodeBuild", metric, {"ProjectName": project}, naming.account_id)


def _build_log(project: str) -> str:
    return f"/aws/codebuild/{project}"


def _read_bytes(naming: Naming, name: str) -> Metric:
    dimensions = {"WorkGroup": name, "QueryType": "DML", "QueryState": "SUCCEEDED"}
    return Metric("AWS/Athena", "ProcessedBytes", dimensions, naming.account_id, {"label": naming.account})


def _of_domain(domain: str, naming: Naming, tables: Sequence[TablePlan]) -> Iterator[Panel]:
    account = naming.account_id
    failures = [Metric(LAKE, "Failures", {"Domain": domain}, account)]
    yield Graph(f"{domain}: failed jobs, crawls and judgements", "Sum", _HOUR, failures)
    for metric, stat, shown in (
        ("Curated", "Sum", [table for table in tables if table.spec]),
        ("QualityScore", "Minimum", [table for table in tables if table.quality]),
    ):
        if shown:
            lines = [Metric(LAKE, metric, {"Domain": domain, "Table": table.called}, account) for table in shown]
            yield Graph(f"{domain}: {metric}", stat, _HOUR, lines)
    functions = [f"/aws/lambda/{naming.name(f'{domain}-measure')}", f"/aws-glue/{naming.name(domain)}"]
    yield LogTable(f"{domain}: errors", functions, _ERRORS, account)


def _ingestion(naming: Naming, group: str) -> Iterator[Panel]:
    name, account = group_name(naming, group), naming.account_id
    for title, stat, metrics in (
        ("records", "Sum", ("Written", "Fresh", "Refused", "Duplicates")),
        ("seconds from event to store", "p99", ("LagSeconds",)),
    ):
        lines = [Metric(FEATURES, metric, {"FeatureGroup": name}, account) for metric in metrics]
        yield Graph(f"{name}: {title}", stat, _FIVE_MINUTES, lines)
    queue = queue_name(naming, ingest_queue(group))
    oldest = [_queue(naming, queue, "ApproximateAgeOfOldestMessage")]
    yield Graph(f"{name}: seconds that the oldest record waits", "Maximum", _FIVE_MINUTES, oldest)
    yield LogTable(f"{name}: errors", [f"/aws/lambda/{naming.name(ingest_queue(group))}"], _ERRORS, account)
