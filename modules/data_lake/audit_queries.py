"""What an auditor asks of the organisation trail about the use of data. No cdktf here.

Lake Formation reads objects as its location role. Who asked it to stands in its own event GetDataAccess, which names
the session under which the objects were read:
https://docs.aws.amazon.com/lake-formation/latest/dg/logging-using-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from modules.core.trail_table import TRAIL, WHO, since
from modules.data_lake.names import AUDIT
from modules.data_lake.queries import Query

DAYS = 7  # how far a query looks back as it stands: each day costs what it scans
_SERVICES = ("athena", "glue", "kms", "lakeformation", "s3", "sagemaker")
_DENIED = ("AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedOperation")

# Who asks may be of another account than the table: both record it, and only the asker's record names him.
_ASKED = (
    "eventsource = 'lakeformation.amazonaws.com'",
    "eventname = 'GetDataAccess'",
    "recipientaccountid = useridentity.accountid",
)


@dataclass(frozen=True, slots=True)
class Audited:
    """Where a data domain has its data: the id of its account, and the names of its zones' buckets."""

    account_id: str
    buckets: Sequence[str]


def audit_queries(domains: Mapping[str, Audited]) -> Iterator[Query]:
    """Reads of each domain's objects; access by table; denied requests; data events by bucket."""
    for name, domain in sorted(domains.items()):
        yield _object_reads(name, domain)
    yield Query(
        "access-by-table",
        f"Who was given credentials for which table of the central catalogue, last {DAYS} days",
        AUDIT,
        f"""SELECT json_extract_scalar(additionaleventdata, '$.lakeFormationPrincipal') AS principal,
       json_extract_scalar(requestparameters, '$.tableArn') AS data_table,
       json_extract_scalar(additionaleventdata, '$.requesterService') AS engine,
       count(*) AS accesses,
       count(errorcode) AS refused,
       max(eventtime) AS latest
{_from(*_ASKED)}
GROUP BY 1, 2, 3
ORDER BY accesses DESC
""",
    )
    services = ", ".join(f"'{name}.amazonaws.com'" for name in _SERVICES)
    yield Query(
        "denied-requests",
        f"Who was denied what by the services that hold and read data, last {DAYS} days",
        AUDIT,
        f"""SELECT account,
       {WHO} AS principal,
       eventsource,
       eventname,
       count(*) AS denials,
       min(eventtime) AS earliest,
       max(eventtime) AS latest,
       arbitrary(errormessage) AS example
{_from(f"eventsource IN ({services})", f"errorcode IN ({_quoted(_DENIED)})")}
GROUP BY 1, 2, 3, 4
ORDER BY denials DESC
""",
    )
    yield Query(
        "data-events-by-bucket",
        f"How many data events each bucket made, in the hundred thousands that CloudTrail bills, last {DAYS} days",
        AUDIT,
        f"""SELECT account,
       json_extract_scalar(requestparameters, '$.bucketName') AS bucket,
       count_if(readonly = 'true') AS reads,
       count_if(readonly <> 'true') AS writes,
       count(*) / 1e5 AS hundred_thousands
{_from("eventcategory = 'Data'", "eventsource = 's3.amazonaws.com'")}
GROUP BY 1, 2
ORDER BY hundred_thousands DESC
""",
    )


def _object_reads(name: str, domain: Audited) -> Query:
    """The account of the bucket records every read of it, from whatever account."""
    bucket = "json_extract_scalar(requestparameters, '$.bucketName')"
    reads = _from(
        f"account = '{domain.account_id}'",
        "eventsource = 's3.amazonaws.com'",
        "eventname IN ('GetObject', 'SelectObjectContent')",
        f"{bucket} IN ({_quoted(domain.buckets)})",
    )
    return Query(
        f"object-reads-{name}",
        f"Who read which object of the data domain {name}, through Lake Formation or past it, last {DAYS} days",
        AUDIT,
        f"""WITH access AS (
SELECT DISTINCT json_extract_scalar(additionaleventdata, '$.lakeFormationRoleSessionName') AS session,
       json_extract_scalar(additionaleventdata, '$.lakeFormationPrincipal') AS principal
{_from(*_ASKED)}
), reads AS (
SELECT eventtime,
       split_part(useridentity.principalid, ':', 2) AS session,
       {WHO} AS role,
       {bucket} AS bucket,
       json_extract_scalar(requestparameters, '$.key') AS object,
       sourceipaddress,
       errorcode
{reads}
)
SELECT reads.eventtime,
       coalesce(access.principal, reads.role) AS principal,
       access.principal IS NOT NULL AS through_lake_formation,
       reads.bucket,
       reads.object,
       reads.sourceipaddress,
       reads.errorcode
FROM reads LEFT JOIN access ON access.session = reads.session
ORDER BY reads.eventtime DESC
""",
    )


def _from(*conditions: str) -> str:
    return f'FROM "{AUDIT}"."{TRAIL}"\nWHERE ' + "\n  AND ".join((since(DAYS), *conditions))


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
