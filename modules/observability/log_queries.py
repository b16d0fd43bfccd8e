"""Where people query the log archive."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from constructs import Construct

from modules.core.file_table import file_table
from modules.core.handshake import Edge
from modules.core.iam import Statement, account_root
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.table_grants import grant_tables
from modules.core.wiring import holder
from modules.core.workgroup import Workgroup
from modules.observability import platform_questions, security_questions
from modules.observability.contract import LogArchiveContract
from modules.observability.log_tables import Logged, log_tables, read_prefixes
from modules.observability.names import LOG_DATABASE, LOG_QUERIES
from modules.observability.query_settings import LogQueriesSettings
from modules.observability.security_questions import unexpected_names

_FIND = ("GetDatabase", "GetDatabases", "GetPartitions", "GetTable", "GetTables")


class LogQueries(Construct):
    """The database `logs` over the log archive, the role that reads it, and a workgroup with what people ask.

    `edge` is the way to the archive, None where it is in this account. `home` is the archive's region, `keep_days` how
    long logs are kept. `governed`: Lake Formation is in charge of the account's catalogue, so that the reader needs its
    grants, too. `known_domains` are names that may be looked up.

    Guarantees:
    - only the roles that match `readers` become the reader, in this account;
    - the reader reads what tables there are over, nothing else in the archive, and changes nothing but results;
    - results are under a key of their own, and a query that scans too much is cancelled;
    - every query is bounded in time.

    Controls: LOG-05, DATA-15, IAM-05 (NIST 800-53 AC-6, AU-6(4), AU-7, AU-9(4)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: LogQueriesSettings,
        logs: LogArchiveContract,
        logged: Logged,
        home: str,
        keep_days: int,
        known_domains: Sequence[str],
        boundary_arn: str,
        governed: bool,
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        database = GlueCatalogDatabase(
            self, "database", name=LOG_DATABASE, description="The organisation's logs, as they lie in the log archive"
        ).name
        tables = {
            each.name: file_table(self, each.name, each, database=database)
            for each in log_tables(logged, bucket=logs.bucket_name, keep_days=keep_days)
        }
        workgroup = Workgroup(
            self,
            "workgroup",
            naming=naming,
            what=LOG_QUERIES,
            key_arn=Key(self, "key", naming=naming, purpose=LOG_QUERIES).arn,
            scan_limit_gb=settings.scan_limit_gb,
            keep_results_days=settings.keep_results_days,
        )
        reader = Role(
            self,
            "reader",
            naming=naming,
            what=LOG_QUERIES,
            description="People query the log archive as this role",
            trust=[_readers(naming, settings)],
            boundary_arn=boundary_arn,
            statements=[
                *_read(logs, read_prefixes(logged.organization_id), home),
                *_find(naming, governed=governed),
                *workgroup.statements,
            ],
        )
        if edge is not None:
            edge.render(holder(self), "reader")
        if governed:
            grant_tables(self, role_arn=reader.arn, database=database, tables=tables)
        asked = (*platform_questions.ASKED, *security_questions.ASKED, unexpected_names(known_domains))
        for question in asked:
            if question.table not in tables:
                continue
            AthenaNamedQuery(
                self,
                question.id,
                name=question.id,
                description=question.description,
                workgroup=workgroup.name,
                database=database,
                query=question.sql,
            )


def _readers(naming: Naming, settings: LogQueriesSettings) -> Statement:
    patterns = [naming.arn("iam", f"role/{pattern}", region=False) for pattern in settings.readers]
    return Statement(
        "PeopleWhoQuery",
        actions=("sts:AssumeRole",),
        principals=account_root(naming.partition, naming.account_id),
        conditions={"ArnLike": {"aws:PrincipalArn": patterns}},
    )


def _read(logs: LogArchiveContract, prefixes: Sequence[str], home: str) -> Sequence[Statement]:
    return (
        Statement("FindArchive", actions=("s3:GetBucketLocation",), resources=(logs.bucket_arn,)),
        Statement(
            "ListLogs",
            actions=("s3:ListBucket",),
            resources=(logs.bucket_arn,),
            conditions={"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}},
        ),
        Statement(
            "ReadLogs",
            actions=("s3:GetObject",),
            resources=tuple(f"{logs.bucket_arn}/{prefix}*" for prefix in prefixes),
        ),
        Statement(
            "DecryptLogs",
            actions=("kms:Decrypt",),
            resources=(logs.key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{home}.amazonaws.com"}},
        ),
    )


def _find(naming: Naming, *, governed: bool) -> Sequence[Statement]:
    own = ("catalog", f"database/{LOG_DATABASE}", f"table/{LOG_DATABASE}/*")
    found = Statement(
        "FindTables",
        actions=tuple(f"glue:{verb}" for verb in _FIND),
        resources=tuple(naming.arn("glue", what) for what in own),
    )
    # Where the trail is registered with Lake Formation, its credentials read it: IAM has no resources for them.
    asks = Statement("AskLakeFormation", actions=("lakeformation:GetDataAccess",), resources=("*",))
    return (found, asks) if governed else (found,)
