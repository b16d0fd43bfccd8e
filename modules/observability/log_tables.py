"""What the log archive holds, as tables: where each kind of log lies, and its fields. No cdktf here.

Accounts of the organisation are told by the paths, as AWS writes them. A query that names no hour or day reads as far
back as logs are kept: each of ours does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.projection import JSON_LINES, PARQUET, FileTable, each_day, each_hour, one_of
from modules.core.trail_table import DAY_FORM, trail_table
from modules.observability.contract import TRANSIT_FLOWS, trail_prefix
from modules.observability.names import LOG_GROUPS

NETWORK_FLOWS, TRANSIT, NAME_QUERIES, LOG_EVENTS = "network_flows", "transit_flows", "name_queries", "log_events"
# How AWS writes hours into paths that Hive understands, for Java and for date_format.
HOUR_FORM = "'year='yyyy'/month='MM'/day='dd'/hour='HH"
HOUR = "year=%Y/month=%m/day=%d/hour=%H"
# Where log groups lie, days are written like this.
PLAIN_DAY_FORM, PLAIN_DAY = "yyyy-MM-dd", "%Y-%m-%d"
_FLOWS = "aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/{hour}"
_NUMBERS: Mapping[str, str] = {
    **dict.fromkeys(("version", "srcport", "dstport", "tcp-flags", "traffic-path"), "int"),
    **dict.fromkeys(("protocol", "packets", "bytes", "start", "end"), "bigint"),
    **dict.fromkeys(
        (f"packets-lost-{why}" for why in ("no-route", "blackhole", "mtu-exceeded", "ttl-expired")), "bigint"
    ),
}
# The default format, in which AWS puts all fields: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
TRANSIT_FIELDS = (
    *("version", "resource-type", "account-id", "tgw-id", "tgw-attachment-id", "tgw-src-vpc-account-id"),
    *("tgw-dst-vpc-account-id", "tgw-src-vpc-id", "tgw-dst-vpc-id", "tgw-src-subnet-id", "tgw-dst-subnet-id"),
    *("tgw-src-eni", "tgw-dst-eni", "tgw-src-az-id", "tgw-dst-az-id", "tgw-pair-attachment-id", "srcaddr", "dstaddr"),
    *("srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "log-status", "type"),
    *("packets-lost-no-route", "packets-lost-blackhole", "packets-lost-mtu-exceeded", "packets-lost-ttl-expired"),
    *("tcp-flags", "region", "flow-direction", "pkt-src-aws-service", "pkt-dst-aws-service"),
)
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
_NAME_QUERY: Mapping[str, str] = {
    **dict.fromkeys(("version", "account_id", "region", "vpc_id", "query_timestamp", "query_name"), "string"),
    **dict.fromkeys(("query_type", "query_class", "rcode"), "string"),
    "answers": "array<struct<rdata:string,type:string,class:string>>",
    **dict.fromkeys(("srcaddr", "srcport", "transport"), "string"),
    "srcids": "struct<instance:string,resolver_endpoint:string>",
    **dict.fromkeys(("firewall_rule_action", "firewall_rule_group_id", "firewall_domain_list_id"), "string"),
}
# What CloudWatch Logs sends of a log stream: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
_LOG_EVENTS: Mapping[str, str] = {
    **dict.fromkeys(("messagetype", "owner", "loggroup", "logstream"), "string"),
    "subscriptionfilters": "array<string>",
    "logevents": "array<struct<id:string,timestamp:bigint,message:string>>",
}


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC whose names are resolved under the organisation's query log, and the account it is in."""

    account_id: str
    vpc_id: str


@dataclass(frozen=True, slots=True)
class Logged:
    """Whose logs there are. `flow_fields` are those of networks' flow logs, as AWS calls them.

    Events of the trail come from `trail_regions`, none where the trail lies elsewhere; all else from `regions`. Transit
    Gateways are `hub_id`'s.
    """

    organization_id: str
    account_ids: Sequence[str]
    networked_ids: Sequence[str]
    hub_id: str
    networks: Sequence[Network]
    regions: Sequence[str]
    trail_regions: Sequence[str]
    flow_fields: Sequence[str]


def log_tables(logged: Logged, *, bucket: str, keep_days: int) -> tuple[FileTable, ...]:
    """A table over each kind of log in `bucket`, as far back as `keep_days`."""
    root = f"s3://{bucket}/"
    regions = one_of("region", logged.regions)
    trail = trail_table(
        f"{root}{trail_prefix(logged.organization_id)}",
        account_ids=logged.account_ids,
        regions=logged.trail_regions,
        keep_days=keep_days,
    )
    return (
        *([trail] if logged.trail_regions else []),
        FileTable(
            NETWORK_FLOWS,
            "Flows of every network, accepted and rejected, by the minute",
            _columns(logged.flow_fields),
            (one_of("account", logged.networked_ids), regions, each_hour("hour", HOUR_FORM, keep_days)),
            f"{root}AWSLogs/",
            _FLOWS,
            PARQUET,
        ),
        FileTable(
            TRANSIT,
            "Flows through the Transit Gateways, by the minute, with what they lost and why",
            _columns(TRANSIT_FIELDS),
            (one_of("account", [logged.hub_id]), regions, each_hour("hour", HOUR_FORM, keep_days)),
            f"{root}{TRANSIT_FLOWS}AWSLogs/",
            _FLOWS,
            PARQUET,
        ),
        FileTable(
            NAME_QUERIES,
            "Names that were looked up from each network, with what was answered",
            _NAME_QUERY,
            # Account and network as one: each network is in one account, and no path of another pair is looked up.
            (
                one_of("network", [f"{each.account_id}/vpcdnsquerylogs/{each.vpc_id}" for each in logged.networks]),
                each_day("day", DAY_FORM, keep_days),
            ),
            f"{root}AWSLogs/",
            "{network}/{day}",
            JSON_LINES,
        ),
        FileTable(
            LOG_EVENTS,
            "What was logged to log groups of CloudWatch, a line for each delivery of a log stream",
            _LOG_EVENTS,
            (one_of("account", logged.account_ids), regions, each_day("day", PLAIN_DAY_FORM, keep_days)),
            f"{root}{LOG_GROUPS}",
            "account={account}/region={region}/day={day}",
            JSON_LINES,
        ),
    )


def read_prefixes(organization_id: str) -> tuple[str, ...]:
    """Below which prefixes of the log bucket these tables lie, with `*` for any account."""
    return (
        trail_prefix(organization_id),
        "AWSLogs/aws-account-id=*/aws-service=vpcflowlogs/",
        f"{TRANSIT_FLOWS}AWSLogs/aws-account-id=*/aws-service=vpcflowlogs/",
        "AWSLogs/*/vpcdnsquerylogs/",
        LOG_GROUPS,
    )


def _columns(fields: Sequence[str]) -> dict[str, str]:
    """In Parquet AWS writes underscores for hyphens. What may be long is long; the region is told by the path."""
    return {name.replace("-", "_"): _NUMBERS.get(name, "string") for name in fields if name != "region"}
