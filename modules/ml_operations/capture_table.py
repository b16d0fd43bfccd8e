"""What an endpoint was asked and answered, as a table."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from constructs import Construct

from modules.core.file_table import file_table
from modules.core.naming import Naming
from modules.core.projection import JSON_LINES, FileTable, each_hour
from modules.core.table_grants import grant_tables
from modules.ml_operations import names
from modules.ml_operations.capture_queries import COLUMNS, HOUR_FORM, TABLE, capture_queries
from modules.ml_operations.serving_store import KEEP_DAYS


class CaptureTable(Construct):
    """The table `capture` of what the project's endpoint keeps of requests, with queries in the workgroup `workgroup`.

    Partitions are computed, not stored: by hour, as far back as the bucket keeps data. `reader` is the role of the
    team's jobs, which may read these objects; `governed`: Lake Formation is in charge of the account's catalogue, so
    that it needs its grants, too. Nobody else reads the table: the objects hold data of customers.

    Guarantees:
    - the table is where the endpoint writes, and a query that names hours reads them alone;
    - a new version of the model changes nothing of it;
    - the reader sees this table and no other of its database.

    Controls: SM-36, DATA-15 (NIST 800-53 AC-6, AU-6).
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, project: str, workgroup: str, reader: str, governed: bool
    ) -> None:
        super().__init__(scope, id_)
        database = GlueCatalogDatabase(
            self,
            "database",
            name=names.capture_database(project),
            description=f"What the model of {project} was asked and answered",
        ).name
        folder = f"{names.uri(naming, project, names.CAPTURE)}/{names.endpoint(naming, project)}/{names.VARIANT}/"
        described = FileTable(
            TABLE,
            "Requests with their answers, as the endpoint keeps them",
            COLUMNS,
            (each_hour("hour", HOUR_FORM, KEEP_DAYS),),
            folder,
            "{hour}",
            JSON_LINES,
        )
        table = file_table(self, TABLE, described, database=database)
        if governed:
            grant_tables(self, role_arn=naming.role_arn(reader), database=database, tables={TABLE: table})
        for query in capture_queries(names.capture_database(project)):
            AthenaNamedQuery(
                self,
                query.name,
                name=f"{project}-{query.name}",
                description=query.description,
                workgroup=naming.name(workgroup),
                database=database,
                query=query.sql,
            )
