"""CloudTrail's events as a table: one shape for all who ask about them. No cdktf here.

https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.core.projection import FileTable, Format, each_day, one_of

TRAIL = "trail"
FORMAT = Format(
    "cloudtrail",
    "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "org.apache.hive.hcatalog.data.JsonSerDe",
)
# What `day` looks like, for Java and for date_format.
DAY_FORM, DAY = "yyyy/MM/dd", "%Y/%m/%d"
_ISSUER = "struct<type:string,principalid:string,arn:string,accountid:string,username:string>"
_SESSION = f"struct<sessionissuer:{_ISSUER},attributes:struct<mfaauthenticated:string,creationdate:string>>"
# Fields of an event. Those whose shape differs from service to service are text, read by json_extract_scalar.
COLUMNS: Mapping[str, str] = {
    "eventversion": "string",
    "useridentity": "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,"
    f"accesskeyid:string,username:string,sessioncontext:{_SESSION}>",
    "eventtime": "string",
    "eventsource": "string",
    "eventname": "string",
    "awsregion": "string",
    "sourceipaddress": "string",
    "useragent": "string",
    "errorcode": "string",
    "errormessage": "string",
    "requestparameters": "string",
    "responseelements": "string",
    "additionaleventdata": "string",
    "requestid": "string",
    "eventid": "string",
    "readonly": "string",
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "eventtype": "string",
    "recipientaccountid": "string",
    "serviceeventdetails": "string",
    "sharedeventid": "string",
    "vpcendpointid": "string",
    "eventcategory": "string",
}
# Who called. The account of a bucket is told of a caller of another account no more than his principal id.
WHO = (
    "coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby, "
    "useridentity.principalid)"
)


def since(days: int) -> str:
    """The condition that bounds a query to the last `days`: each day costs what it scans."""
    return f"day >= date_format(current_date - interval '{days}' day, '{DAY}')"


def trail_table(location: str, *, account_ids: Sequence[str], regions: Sequence[str], keep_days: int) -> FileTable:
    """The table `trail` below `location`, where the folders of accounts are; `keep_days` back, partitioned by day.

    So a new day needs no crawler, and a query that names accounts, regions or days scans these alone.
    """
    return FileTable(
        TRAIL,
        "Events of CloudTrail of every account, management and data events alike",
        COLUMNS,
        (one_of("account", account_ids), one_of("region", regions), each_day("day", DAY_FORM, keep_days)),
        location,
        "{account}/CloudTrail/{region}/{day}",
        FORMAT,
    )
