"""What is asked of captured requests: their shape, and queries in SQL of Athena. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TABLE = "capture"
# How SageMaker writes hours into paths, for Java and for date_format.
HOUR_FORM, HOUR = "yyyy/MM/dd/HH", "%Y/%m/%d/%H"
DAYS = 7
_SIDE = "struct<observedcontenttype:string,mode:string,data:string,encoding:string>"
# Of https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-results.html
COLUMNS: Mapping[str, str] = {
    "capturedata": f"struct<endpointinput:{_SIDE},endpointoutput:{_SIDE}>",
    "eventmetadata": ("struct<eventid:string,customattributes:array<string>,inferenceid:string,inferencetime:string>"),
    "eventversion": "string",
}


@dataclass(frozen=True, slots=True)
class CaptureQuery:
    """A query that runs as it stands; one with `?` asks for the value first."""

    name: str
    description: str
    sql: str


def capture_queries(database: str) -> Iterator[CaptureQuery]:
    """How much was asked, what was answered how often, and one request with its answer."""
    recent = f"""FROM "{database}"."{TABLE}"
WHERE hour >= date_format(current_timestamp - interval '{DAYS}' day, '{HOUR}')"""
    yield CaptureQuery(
        "requests-by-hour",
        f"How many requests were captured in each hour, last {DAYS} days",
        f"""SELECT hour, count(*) AS requests, min(eventmetadata.inferencetime) AS earliest,
       count(capturedata.endpointoutput.data) AS answered
{recent}
GROUP BY hour
ORDER BY hour DESC
""",
    )
    yield CaptureQuery(
        "answers-by-value",
        f"The hundred most frequent answers, last {DAYS} days: one that stands out may be a default",
        f"""SELECT capturedata.endpointoutput.data AS answer, count(*) AS times,
       max(eventmetadata.inferencetime) AS latest
{recent}
GROUP BY 1
ORDER BY times DESC
LIMIT 100
""",
    )
    yield CaptureQuery(
        "one-request",
        f"A request with its answer, by its inference id or event id, last {DAYS} days",
        f"""SELECT eventmetadata.inferencetime AS answered_at, capturedata.endpointinput.data AS asked,
       capturedata.endpointoutput.data AS answered
{recent}
  AND ? IN (eventmetadata.inferenceid, eventmetadata.eventid)
""",
    )
