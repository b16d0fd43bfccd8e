"""What an observability account shows of the accounts that report to it, by the rules that name what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from environments.features import stores
from environments.lake import Desk, desks, working
from environments.model import Domain, Organization, Team
from environments.ownership import told_apart
from environments.project import Project
from environments.stacks.panels import (
    DAY,
    FIVE_MINUTES,
    HOUR,
    MINUTE,
    VISIBLE,
    bytes_read,
    of_builds,
    of_domain,
    of_ingestion,
    queue_metric,
)
from environments.stacks.watched import kinds_of
from environments.workplaces import (
    building_desk,
    projects_at,
    release_account,
    served_at,
    served_projects,
    serving_desks,
)
from modules.core.dashboard import AlarmStatus, Board, Graph, Metric, Panel
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.data_lake.names import publisher, workgroup
from modules.data_lake.table_plans import TablePlan, table_plans
from modules.feature_store.names import group_name
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

_BUILD, _RELEASE = ("build", "test", "register"), ("prepare", "passport")


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
        waiting = [queue_metric(each, each.name(queue, limit=QUEUE_LIMIT), VISIBLE) for each in accounts]
        yield Graph("Alarms that were not forwarded", "Maximum", FIVE_MINUTES, waiting)
        topics = [self.here.name(alarm_topic(listener)) for listener in (OPERATORS, SECURITY)]
        for metric, title in (
            ("NumberOfMessagesPublished", "Alarms told"),
            ("NumberOfNotificationsFailed", "Not told"),
        ):
            yield Graph(
                f"Alarms: {title.lower()}",
                "Sum",
                HOUR,
                [Metric("AWS/SNS", metric, {"TopicName": topic}) for topic in topics],
            )
        at_work = [naming for name, naming in self.reporting.items() if self._has_functions(name)]
        for metric in ("Errors", "Throttles") if at_work else ():
            lines = [Metric("AWS/Lambda", metric, {}, each.account_id, {"label": each.account}) for each in at_work]
            yield Graph(f"Functions: {metric.lower()}, by account", "Sum", FIVE_MINUTES, lines)
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
        yield from of_builds(registry, parts, failed="Releases: failed builds", errors="Releases: errors")
        taken = [Metric(MODELS, metric, {}, registry.account_id) for metric in (TAKEN, UNDECLARED)]
        yield Graph("The model registry", "Maximum", DAY, taken)

    def _pipelines(self) -> Iterator[Panel]:
        governance = self.reporting.get(self.organization.account_for("data-governance", "org").name)
        for domain in working(self.organization):
            naming = self.reporting.get(domain.account)
            if naming and (tables := self._tables(domain, naming)):
                yield from of_domain(domain.name, naming, tables)
            if governance:
                function = governance.name(publisher(domain.name))
                lines = [
                    Metric("AWS/Lambda", metric, {"FunctionName": function}, governance.account_id)
                    for metric in ("Invocations", "Errors")
                ]
                yield Graph(f"{domain.name}: publications", "Sum", HOUR, lines)

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
                    yield from of_ingestion(naming, spec.feature_group)
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
                    yield Graph(f"{group}: units consumed", "Sum", MINUTE, lines)

    def _team(self, team: Team, models: Sequence[_Model]) -> Iterator[Panel]:
        if alarms := [arn for model in models for arn in model.alarms]:
            yield AlarmStatus("Alarms of models that are served", alarms)
        there = [(desk, self.reporting[desk.account.name]) for desk in self._desks(team)]
        for desk, naming in there:
            projects = [each.project for each in projects_at(self.organization, desk) if self._built_at(each, desk)]
            parts = [naming.name(build_part(project, stage)) for project in projects for stage in _BUILD]
            yield from of_builds(naming, parts, failed="Failed builds", errors="Errors of builds")
        if read := [bytes_read(naming, naming.name(workgroup(team.name))) for _, naming in there]:
            yield Graph("Bytes that queries read", "Sum", DAY, read)
        for model in models:
            yield from model.endpoint
            yield from model.drift

    def _desks(self, team: Team) -> Iterator[Desk]:
        every = (desk for desk in desks(self.organization) if desk.team == team)
        return (desk for desk in every if desk.account.name in self.reporting)

    def _built_at(self, project: Project, desk: Desk) -> bool:
        return building_desk(self.organization, project) == desk
