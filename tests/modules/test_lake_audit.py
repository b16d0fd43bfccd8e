"""The audit of who used data: who may ask, what there is to ask, and that it opens nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import account_root
from modules.core.trail_table import COLUMNS
from modules.data_lake.audit import Audit
from modules.data_lake.audit_queries import Audited, audit_queries
from modules.data_lake.edges import AUDITS
from modules.data_lake.queries import Query
from modules.data_lake.settings import AuditSettings
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.log_archive import LogArchive
from modules.observability.log_reading import LogReader
from modules.observability.settings import LogArchiveSettings
from tests.support.rendering import NAMING, Rendered, render, statements

GOVERNANCE = replace(NAMING, environment="org", account="data-governance", account_id="444444444444")
ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="555555555555")
LOGS = LogArchiveContract(**LogArchiveContract.names(ARCHIVE), key_arn="arn:aws:kms:eu-west-1:555555555555:key/logs")
EDGE = Edge(AUDITS, "data-governance", "the log archive")
TRAIL = "arn:aws:s3:::acme-org-logs/AWSLogs/o-ours"
DOMAINS = {"orders": Audited("333333333333", ("acme-prod-orders-raw", "acme-prod-orders-curated"))}
READER = "arn:aws:iam::444444444444:role/acme-org-audit-reader"


@pytest.fixture(name="audit", scope="module")
def _audit() -> Rendered:
    def build(scope: Construct) -> None:
        Audit(
            scope,
            "audit",
            naming=GOVERNANCE,
            settings=AuditSettings(scan_limit_gb=5),
            keep_results_days=30,
            logs=LOGS,
            organization_id="o-ours",
            boundary_arn="arn:aws:iam::444444444444:policy/boundary",
            audits=EDGE,
            account_ids=("333333333333", "444444444444"),
            regions=("eu-west-1", "us-east-1"),
            keep_days=2557,
            domains=DOMAINS,
        )

    return render(build)


@pytest.fixture(name="archive", scope="module")
def _archive() -> Rendered:
    role = "arn:aws:iam::444444444444:role/acme-org-audit-location"
    reader = LogReader("Audit", EDGE, account_root("aws", "444444444444"), role, ["AWSLogs/o-ours/"])
    return render(
        lambda scope: LogArchive(
            scope,
            "archive",
            naming=ARCHIVE,
            settings=LogArchiveSettings(),
            trail=TrailContract(**TrailContract.names(NAMING)),
            organization_id="o-ours",
            management_account_id="111111111111",
            intake_regions=["eu-west-1"],
            boundary_arn="arn:aws:iam::555555555555:policy/boundary",
            readers=[reader],
        )
    )


def _role(audit: Rendered, what: str) -> dict[str, dict[str, object]]:
    (policy,) = (body["policy"] for body in audit.all("aws_iam_role_policy").values() if body["name"] == what)
    return statements(policy)


def test_only_auditors_become_the_reader(audit: Rendered) -> None:
    """Roles of the account that match the patterns, by default what Identity Center makes for security auditors."""
    (role,) = (body for body in audit.all("aws_iam_role").values() if body["name"] == "acme-org-audit-reader")
    statement = statements(role["assume_role_policy"])["Auditors"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::444444444444:root"}
    assert statement["Condition"]["ArnLike"]["aws:PrincipalArn"].endswith("AWSReservedSSO_mlgov-security-auditor_*")


def test_the_auditor_is_granted_the_trail_and_no_table_of_a_domain(audit: Rendered) -> None:
    """The grants ask for all four tags of the trail, and `domain=audit` is no data domain's."""
    tagged = [body["lf_tag"] for body in audit.all("aws_lakeformation_resource_lf_tag").values()]
    tags = {tag["key"]: tag["value"] for (tag,) in tagged}
    assert tags == {"domain": "audit", "layer": "curated", "sensitivity": "restricted", "stage": "published"}
    found = {}
    for grant in audit.all("aws_lakeformation_permissions").values():
        asked = {each["key"]: each["values"] for each in grant["lf_tag_policy"]["expression"]}
        assert asked == {key: [value] for key, value in tags.items()}
        assert grant["principal"] == READER
        found[grant["lf_tag_policy"]["resource_type"]] = grant["permissions"]
    assert found == {"DATABASE": ["DESCRIBE"], "TABLE": ["DESCRIBE", "SELECT"]}


def test_the_auditor_writes_nothing_but_results(audit: Rendered) -> None:
    """Of S3 it has its workgroup's results, of the catalogue and Lake Formation only what reads."""
    policy = _role(audit, "audit-reader")
    assert policy["FindTrail"]["Resource"] == [
        f"arn:aws:glue:eu-west-1:444444444444:{what}" for what in ("catalog", "database/audit", "table/audit/trail")
    ]
    written = [sid for sid, each in policy.items() if each["Effect"] == "Allow" and "s3:PutObject" in each["Action"]]
    assert [policy[sid]["Resource"] for sid in written] == ["arn:aws:s3:::acme-org-audit/results/*"]


def test_lake_formation_reads_the_trail_and_no_other_log(audit: Rendered) -> None:
    """The location is the organisation's part of the bucket, which is what its role may read."""
    assert audit.one("aws_lakeformation_resource")["arn"] == TRAIL
    policy = _role(audit, "audit-location")
    assert policy["ReadTrail"]["Resource"] == f"{TRAIL}/*"
    assert policy["DecryptThroughS3"]["Resource"] == LOGS.key_arn
    assert {action for each in policy.values() for action in [each["Action"]]} == {
        "s3:ListBucket",
        "s3:GetObject",
        "kms:Decrypt",
    }


def test_the_archive_admits_the_auditor_to_the_trail_alone(archive: Rendered) -> None:
    """As its role, of the organisation; to read, below the trail's prefix; the key through S3 only."""
    bucket = next(
        statements(body["policy"])
        for name, body in archive.all("aws_s3_bucket_policy").items()
        if name.startswith("archive_bucket_")
    )
    as_role = {
        "StringEquals": {"aws:PrincipalOrgID": "o-ours"},
        "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444444444444:role/acme-org-audit-location"},
    }
    assert bucket["AuditReads"]["Resource"] == f"{TRAIL}/*"
    assert bucket["AuditReads"]["Action"] == "s3:GetObject"
    assert bucket["AuditReads"]["Condition"] == as_role
    assert bucket["AuditLists"]["Condition"] == as_role | {"StringLike": {"s3:prefix": "AWSLogs/o-ours/*"}}
    key = archive.policy("aws_kms_key")["AuditDecrypts"]
    assert key["Action"] == "kms:Decrypt"
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"


def test_every_account_region_and_day_is_in_the_table(audit: Rendered) -> None:
    """Partitions are computed from where CloudTrail writes, as far back as logs are kept."""
    table = audit.one("aws_glue_catalog_table")
    parameters = table["parameters"]
    assert parameters["projection.account.values"] == "333333333333,444444444444"
    assert parameters["projection.region.values"] == "eu-west-1,us-east-1"
    assert parameters["projection.day.range"] == "NOW-2557DAYS,NOW"
    # The variables are Athena's: Terraform must leave them alone.
    location = "s3://acme-org-logs/AWSLogs/o-ours/$${account}/CloudTrail/$${region}/$${day}"
    assert parameters["storage.location.template"] == location
    assert [key["name"] for key in table["partition_keys"]] == ["account", "region", "day"]


def test_a_query_that_scans_too_much_is_cancelled(audit: Rendered) -> None:
    """The limit of the settings holds for whoever queries; results are under the audit's own key."""
    workgroup = audit.one("aws_athena_workgroup")["configuration"]
    assert workgroup["bytes_scanned_cutoff_per_query"] == 5 * 10**9
    assert workgroup["enforce_workgroup_configuration"] is True
    encryption = workgroup["result_configuration"]["encryption_configuration"]
    assert encryption["kms_key_arn"].startswith("${aws_kms_key.audit_key_")


def test_questions_wait_for_their_workgroup(audit: Rendered) -> None:
    """Athena refuses a query of a workgroup that is not there yet."""
    (workgroup,) = audit.all("aws_athena_workgroup")
    waiting = [query["depends_on"] for query in audit.all("aws_athena_named_query").values()]
    assert waiting == [[f"aws_athena_workgroup.{workgroup}"]] * 4


def test_the_auditors_questions_are_ready() -> None:
    """Reads of each domain's objects, access by table, denials, and data events by bucket, each over a week."""
    queries = {query.name: query.sql for query in audit_queries(DOMAINS)}
    assert list(queries) == ["object-reads-orders", "access-by-table", "denied-requests", "data-events-by-bucket"]
    assert all("interval '7' day" in sql for sql in queries.values())
    reads = queries["object-reads-orders"]
    assert "account = '333333333333'" in reads
    assert "IN ('acme-prod-orders-raw', 'acme-prod-orders-curated')" in reads


@pytest.mark.parametrize("query", list(audit_queries(DOMAINS)), ids=lambda query: query.name)
def test_queries_name_columns_that_the_table_has(query: Query) -> None:
    """Each word that is no SQL is a column, a partition, or a name that the query gives itself."""
    sql = re.sub(r"'[^']*'", "", query.sql)
    given = set(re.findall(r"\bAS (\w+)", sql)) | set(re.findall(r"(?:WITH|,) (\w+) AS \(", sql))
    words = set(re.findall(r"\b[a-z_]\w*(?=\b(?!\s*\())", sql)) - given
    nested = set(re.findall(r"\w+", " ".join(COLUMNS.values())))
    known = {*COLUMNS, *nested, "account", "region", "day", "audit", "trail", "current_date", "interval", "e5"}
    assert words <= known
