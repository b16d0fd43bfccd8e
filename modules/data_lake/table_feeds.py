"""What fills the tables of a domain from what is dropped for them."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake import names
from modules.data_lake.glue_job import GlueJob
from modules.data_lake.job_code import JobCode
from modules.data_lake.job_environment import JobEnvironment
from modules.data_lake.raw_crawler import RawCrawler
from modules.data_lake.settings import DomainLake
from modules.data_lake.table_plans import TablePlan
from modules.data_lake.workflow import Chain, Workflow
from modules.foundations.network.contract import SpokeContract

# Kind of job -> what it does, and whether a bookmark says what is new: the ingest job takes away what it read.
_KINDS = {"ingest": ("to text in the raw zone", False), "curate": ("to rows of the declared types", True)}


class TableFeeds(Construct):
    """An ingest and a curate job for each of `tables`, in the domain's workflow, and the crawler over its raw zone.

    `tables` have a source. `raw_database` is the link to the raw database in the catalogue of `catalog_id`.
    `writer_arn` is the role that Terraform applies as.

    Guarantees: those of JobCode, JobEnvironment, GlueJob, RawCrawler and Workflow.
    Controls: DATA-14 (NIST 800-53 SI-7, SI-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        settings: DomainLake,
        tables: Sequence[TablePlan],
        catalog_id: str,
        raw_database: str,
        network: SpokeContract,
        data_key_arn: str,
        logs_key_arn: str,
        writer_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        specs = {table.id: table.spec for table in tables if table.spec}
        environment = JobEnvironment(
            self,
            "environment",
            naming=naming,
            domain=domain,
            network=network,
            data_key_arn=data_key_arn,
            logs_key_arn=logs_key_arn,
        )
        code = JobCode(
            self,
            "code",
            naming=naming,
            what=names.code_bucket(domain, settings),
            key_arn=data_key_arn,
            writer_arn=writer_arn,
            access_logs=naming.bucket(names.access_log_bucket(domain, settings)),
            specs=list(specs.values()),
        )
        made = {
            (table.id, kind): GlueJob(
                self,
                f"{table.id}-{kind}",
                naming=naming,
                settings=settings.pipelines,
                what=f"{table.id}-{kind}",
                description=f"{table.called} of the data domain {domain}, {words}",
                script=code.scripts[kind],
                packages=code.packages,
                role_arn=naming.role_arn(names.domain_role(domain, names.JOB)),
                environment=environment,
                arguments={"--spec": code.specs[table.called], "--catalog_id": catalog_id},
                bookmark=bookmark,
            ).name
            for table in tables
            for kind, (words, bookmark) in _KINDS.items()
        }
        crawler = RawCrawler(
            self,
            "crawler",
            naming=naming,
            domain=domain,
            catalog_id=catalog_id,
            database=raw_database,
            folders=[spec.raw for spec in specs.values()],
            security_configuration=environment.security_configuration,
        )
        Workflow(
            self,
            "workflow",
            naming=naming,
            domain=domain,
            schedule=settings.pipelines.schedule,
            chains={table.id: Chain(made[table.id, "ingest"], made[table.id, "curate"]) for table in tables},
            crawler=crawler.name,
        )
