"""What cloud administrators ask of the log archive. No cdktf here."""

from __future__ import annotations

from modules.core.trail_table import TRAIL, WHO
from modules.observability.log_questions import FLOW_HOURS, TRAIL_DAYS, LogQuestion, of_events, of_flows, of_trail
from modules.observability.log_tables import LOG_EVENTS, NETWORK_FLOWS, TRANSIT

_FAILED = r"regexp_like(event.message, '(?i)(error|exception)\b|\b(failed|traceback)\b')"
_LOST = "packets_lost_no_route + packets_lost_blackhole + packets_lost_mtu_exceeded + packets_lost_ttl_expired"
_OUTSIDE = r"NOT regexp_like(pkt_dstaddr, '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)')"
ASKED = (
    LogQuestion(
        "cloud-administrator",
        "rejected-flows",
        f"What security groups and network ACLs rejected, by account, last {FLOW_HOURS} hours",
        NETWORK_FLOWS,
        f"""SELECT account, region, srcaddr, dstaddr, dstport, protocol, count(*) AS flows, sum(packets) AS packets,
       date_format(from_unixtime(max("end")), '%Y-%m-%dT%H:%i:%sZ') AS latest
{of_flows(NETWORK_FLOWS, "action = 'REJECT'")}
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY flows DESC
LIMIT 1000
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "packets-lost-between-networks",
        f"What the Transit Gateways dropped, between which accounts and why, last {FLOW_HOURS} hours",
        TRANSIT,
        f"""SELECT region, tgw_src_vpc_account_id, tgw_dst_vpc_account_id, srcaddr, dstaddr, dstport,
       sum(packets_lost_no_route) AS no_route, sum(packets_lost_blackhole) AS blackhole,
       sum(packets_lost_mtu_exceeded) AS too_large, sum(packets_lost_ttl_expired) AS too_far
{of_flows(TRANSIT, f"{_LOST} > 0")}
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY blackhole DESC, no_route DESC
LIMIT 1000
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "flows-to-outside",
        f"Which networks sent how much past the private addresses, by service, last {FLOW_HOURS} hours",
        NETWORK_FLOWS,
        f"""SELECT account, vpc_id, pkt_dst_aws_service, pkt_dstaddr, sum(bytes) / 1e9 AS gigabytes, count(*) AS flows
{of_flows(NETWORK_FLOWS, "action = 'ACCEPT'", "flow_direction = 'egress'", _OUTSIDE)}
GROUP BY 1, 2, 3, 4
ORDER BY gigabytes DESC
LIMIT 1000
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "denied-calls",
        f"Which calls were denied to whom, in all accounts, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT account, {WHO} AS principal, eventsource, eventname, count(*) AS denials, max(eventtime) AS latest,
       arbitrary(errormessage) AS example
{of_trail("(errorcode LIKE '%AccessDenied%' OR errorcode LIKE '%Unauthorized%')")}
GROUP BY 1, 2, 3, 4
ORDER BY denials DESC
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "cost-of-data-events",
        f"How many data events each bucket, endpoint and feature group made, in the hundred thousands that CloudTrail "
        f"bills, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT account, eventsource,
       coalesce(
           json_extract_scalar(requestparameters, '$.bucketName'),
           json_extract_scalar(requestparameters, '$.endpointName'),
           json_extract_scalar(requestparameters, '$.featureGroupName')
       ) AS resource,
       count(*) / 1e5 AS hundred_thousands
{of_trail("eventcategory = 'Data'")}
GROUP BY 1, 2, 3
ORDER BY hundred_thousands DESC
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "errors-by-log-group",
        "Which log groups hold how many errors, since yesterday",
        LOG_EVENTS,
        f"""SELECT account, region, loggroup, sum(cardinality(logevents)) AS events,
       sum(cardinality(filter(logevents, event -> {_FAILED}))) AS errors
{of_events()}
GROUP BY 1, 2, 3
HAVING sum(cardinality(filter(logevents, event -> {_FAILED}))) > 0
ORDER BY errors DESC
""",
    ),
    LogQuestion(
        "cloud-administrator",
        "log-volume",
        "Which log groups bring how much into the archive, since yesterday: it is paid for three times",
        LOG_EVENTS,
        f"""SELECT account, region, loggroup, sum(cardinality(logevents)) AS events,
       sum(length(array_join(transform(logevents, event -> event.message), ''))) / 1e9 AS gigabytes
{of_events()}
GROUP BY 1, 2, 3
ORDER BY gigabytes DESC
""",
    ),
)
