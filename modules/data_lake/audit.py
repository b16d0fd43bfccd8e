"""The use of data, for those who audit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement, account_root
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.trail_table import TRAIL
from modules.core.workgroup import Workgroup
from modules.data_lake.audit_location import AuditLocation
from modules.data_lake.audit_queries import Audited, audit_queries
from modules.data_lake.audit_table import TAGS, AuditTable
from modules.data_lake.grant import Grant, Tagged
from modules.data_lake.grants import Grants
from modules.data_lake.named_queries import NamedQueries
from modules.data_lake.names import AUDIT, AUDIT_READER
from modules.data_lake.settings import AuditSettings
from modules.observability.contract import LogArchiveContract, trail_prefix


class Audit(Construct):
    """A table over the organisation trail, the role that reads it, and a workgroup with what auditors ask.

    `domains` are the data domains by name; `account_ids` and `regions` are those whose events are in the table, which
    reaches `keep_days` back. `audits` is the edge to the log archive.

    Guarantees:
    - only the roles that match `readers` become the auditor, in this account; the auditor reads the trail, no table of
      a data domain, and changes nothing but results;
    - queries run in one workgroup, whose results are under a key of their own, and which cancels what scans too much;
    - ready are: reads of objects by domain with who asked for them, access by table, denials, data events by bucket.

    Controls: DATA-12, DATA-13, DATA-15, LOG-02 (NIST 800-53 AU-6, AU-7, AU-9(4)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AuditSettings,
        keep_results_days: int,
        logs: LogArchiveContract,
        organization_id: str,
        boundary_arn: str,
        audits: Edge,
        account_ids: Sequence[str],
        regions: Sequence[str],
        keep_days: int,
        domains: Mapping[str, Audited],
    ) -> None:
        super().__init__(scope, id_)
        AuditLocation(
            self,
            "location",
            naming=naming,
            logs=logs,
            organization_id=organization_id,
            audits=audits,
            boundary_arn=boundary_arn,
        )
        table = AuditTable(
            self,
            "catalogue",
            location=f"s3://{logs.bucket_name}/{trail_prefix(organization_id)}",
            account_ids=account_ids,
            regions=regions,
            keep_days=keep_days,
        ).table
        key_arn = Key(self, "key", naming=naming, purpose=AUDIT).arn
        workgroup = Workgroup(
            self,
            "workgroup",
            naming=naming,
            what=AUDIT,
            key_arn=key_arn,
            scan_limit_gb=settings.scan_limit_gb,
            keep_results_days=keep_results_days,
        )
        reader = Role(
            self,
            "reader",
            naming=naming,
            what=AUDIT_READER,
            description="Auditors ask as this role who used data",
            trust=[_readers(naming, settings)],
            boundary_arn=boundary_arn,
            statements=[*_read(naming), *workgroup.statements],
        )
        Grants(self, "grants", naming=naming, grants=_grants(naming), after=[reader.resource, table])
        NamedQueries(
            self,
            "queries",
            naming=naming,
            what=AUDIT,
            queries=audit_queries(domains),
            databases={AUDIT: table.database_name},
            after=[workgroup.resource],
        )


def _readers(naming: Naming, settings: AuditSettings) -> Statement:
    patterns = [naming.arn("iam", f"role/{pattern}", region=False) for pattern in settings.readers]
    return Statement(
        "Auditors",
        actions=("sts:AssumeRole",),
        principals=account_root(naming.partition, naming.account_id),
        conditions={"ArnLike": {"aws:PrincipalArn": patterns}},
    )


def _read(naming: Naming) -> Sequence[Statement]:
    catalogue = [naming.arn("glue", what) for what in ("catalog", f"database/{AUDIT}", f"table/{AUDIT}/{TRAIL}")]
    return (
        Statement("AskLakeFormation", actions=("lakeformation:GetDataAccess",), resources=("*",)),
        Statement(
            "FindTrail",
            actions=("glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"),
            resources=catalogue,
        ),
    )


def _grants(naming: Naming) -> Mapping[str, Grant]:
    """By the tags of the trail, which no table of a data domain carries."""
    reader, catalog_id = naming.role_arn(AUDIT_READER), naming.account_id
    tags = {key: (value,) for key, value in TAGS.items()}
    return {
        "database": Grant(reader, ("DESCRIBE",), Tagged("DATABASE", tags), catalog_id),
        "table": Grant(reader, ("DESCRIBE", "SELECT"), Tagged("TABLE", tags), catalog_id),
    }
