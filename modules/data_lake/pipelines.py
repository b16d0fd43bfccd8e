"""What works on the data of one domain, in its account."""

from __future__ import annotations

from constructs import Construct

from modules.core.event_forwarding import EventForwarding
from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.data_lake import names
from modules.data_lake.links import ResourceLinks
from modules.data_lake.pipeline_alarms import PipelineAlarms
from modules.data_lake.quality_results import results
from modules.data_lake.quality_runs import QualityRuns
from modules.data_lake.settings import DomainLake
from modules.data_lake.table_feeds import TableFeeds
from modules.data_lake.table_plans import table_plans
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract


class Pipelines(Construct):
    """Links to the domain's central databases, what fills its tables, what judges them, and what tells its owner.

    `governance` is the account of the central catalogue. `user` as in ResourceLinks. `data_key_arn` is the domain's
    key, `email` who is told. `produces` and `reports` are the domain's edges. The roles are those of DomainRoles.

    Guarantees:
    - those of ResourceLinks, TableFeeds, QualityRuns, EventForwarding and PipelineAlarms;
    - a table with a source is filled, one with rules is judged and its results are reported; both are watched.

    Controls: DATA-12, DATA-14, PLAT-03 (NIST 800-53 SI-7, SI-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        email: str,
        settings: DomainLake,
        governance: Naming,
        user: str | None,
        data_key_arn: str,
        baseline: BaselineContract,
        network: SpokeContract,
        access: AccessContract,
        produces: Edge,
        reports: Edge,
    ) -> None:
        super().__init__(scope, id_)
        tables = table_plans(naming, domain, settings, user)
        filled = [table for table in tables if table.spec]
        judged = [table for table in tables if table.quality]
        logs_key_arn, messages_key_arn = baseline.key_arns["account-logs"], baseline.key_arns["messages"]
        links = self._links(naming, domain, settings, governance, user, produces)
        if filled:
            TableFeeds(
                self,
                "feeds",
                naming=naming,
                domain=domain,
                settings=settings,
                tables=filled,
                catalog_id=governance.account_id,
                raw_database=links.names[names.raw_database(domain)],
                network=network,
                data_key_arn=data_key_arn,
                logs_key_arn=logs_key_arn,
                writer_arn=access.apply_role_arn,
            )
        queues = {}
        if judged:
            runs = QualityRuns(
                self,
                "quality",
                naming=naming,
                domain=domain,
                tables=judged,
                databases=links.names,
                schedule=settings.pipelines.schedule,
                key_arn=logs_key_arn,
                boundary_arn=access.boundary_arn,
            )
            queues["quality"] = runs.dead_letters
        report = EventForwarding(
            self,
            "report",
            naming=naming,
            what=names.domain_role(domain, names.REPORTER),
            description=f"Results of data quality of {domain}, for the governance account",
            pattern=results(naming, domain),
            bus_arn=governance.arn("events", f"event-bus/{names.events_bus(governance)}"),
            target="governance",
            key_arn=messages_key_arn,
            boundary_arn=access.boundary_arn,
            edge=reports,
        )
        PipelineAlarms(
            self,
            "alarms",
            naming=naming,
            domain=domain,
            tables=tables,
            queues={**queues, "reporter": report.dead_letters},
            late_after_hours=settings.pipelines.late_after_hours,
            email=email,
            logs_key_arn=logs_key_arn,
            messages_key_arn=messages_key_arn,
            boundary_arn=access.boundary_arn,
        )

    def _links(
        self, naming: Naming, domain: str, settings: DomainLake, governance: Naming, user: str | None, produces: Edge
    ) -> ResourceLinks:
        links = ResourceLinks(
            self,
            "links",
            naming=naming,
            catalog_id=governance.account_id,
            databases={names.raw_database(domain), *(names.database(domain, each) for each in settings.products)},
            readers=[names.domain_role(domain, what) for what in (names.CRAWLER, names.JOB)],
            user=user,
        )
        produces.render(holder(self), "links")
        return links
