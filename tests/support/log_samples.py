"""Lines as AWS writes them into a log archive, at the paths at which it writes them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

NOW = datetime.now(UTC)
ROLE = "arn:aws:iam::222222222222:role/acme-prod-fraud-pipeline"


def event(source: str, name: str, **fields: Any) -> dict[str, Any]:
    """One record of CloudTrail, version 1.11, of a role's session; a management event unless it says otherwise."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:run",
            "arn": "arn:aws:sts::222222222222:assumed-role/acme-prod-fraud-pipeline/run",
            "accountId": "222222222222",
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLE",
                    "arn": ROLE,
                    "accountId": "222222222222",
                    "userName": "acme-prod-fraud-pipeline",
                },
                "attributes": {"creationDate": "2026-11-23T05:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "aws-cli/2",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "5b1c",
        "eventID": f"{source}-{name}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "222222222222",
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3"},
        **fields,
    }


def signed_in(kind: str, *, mfa: str) -> dict[str, Any]:
    """A sign-in to the console."""
    arn = "arn:aws:iam::222222222222:" + ("root" if kind == "Root" else "user/ann")
    identity = {"type": kind, "principalId": "222222222222", "arn": arn, "accountId": "222222222222"}
    return event(
        "signin",
        "ConsoleLogin",
        userIdentity=identity,
        eventType="AwsConsoleSignIn",
        responseElements={"ConsoleLogin": "Success"},
        additionalEventData={"LoginTo": "https://console.aws.amazon.com/console/home", "MFAUsed": mfa},
    )


def write_trail(root: Path, records: Sequence[Mapping[str, Any]], *, account: str, region: str, day: str) -> None:
    """A log file of the organisation's trail."""
    stamp = day.replace("/", "")
    name = f"{account}_CloudTrail_{region}_{stamp}T0005Z_aBcDeFgHiJkLmNoP.json.gz"
    _gzipped(root / f"AWSLogs/o-ours/{account}/CloudTrail/{region}/{day}/{name}", json.dumps({"Records": records}))


def write_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """JSON lines, compressed where the name says it."""
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    if path.suffix == ".gz":
        _gzipped(path, text)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def looked_up(name: str, **fields: Any) -> dict[str, Any]:
    """A query that Route 53 Resolver answered."""
    return {
        "version": "1.100000",
        "account_id": "222222222222",
        "region": "eu-west-1",
        "vpc_id": "vpc-fraud",
        "query_timestamp": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "query_name": name,
        "query_type": "A",
        "query_class": "IN",
        "rcode": "NOERROR",
        "answers": [{"Rdata": "203.0.113.9", "Type": "A", "Class": "IN"}],
        "srcaddr": "10.1.0.4",
        "srcport": "41067",
        "transport": "UDP",
        "srcids": {"instance": "i-0d15cd0d3adcbc9b1"},
        **fields,
    }


def delivered(group: str, *messages: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """What CloudWatch Logs sends of a log stream."""
    return {
        "messageType": kind,
        "owner": "222222222222",
        "logGroup": group,
        "logStream": "one",
        "subscriptionFilters": ["acme"],
        "logEvents": [
            {
                "id": f"3195310660696698337880902507980421114328961542429{index}",
                "timestamp": 1432826855000,
                "message": each,
            }
            for index, each in enumerate(messages)
        ],
    }


# Of https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html, with the types of Parquet that it names.
FLOW: Mapping[str, tuple[str, object]] = {
    "version": ("INTEGER", 5),
    "account_id": ("VARCHAR", "222222222222"),
    "interface_id": ("VARCHAR", "eni-1"),
    "srcaddr": ("VARCHAR", "10.1.0.4"),
    "dstaddr": ("VARCHAR", "10.2.0.9"),
    "srcport": ("INTEGER", 41067),
    "dstport": ("INTEGER", 443),
    "protocol": ("INTEGER", 6),
    "packets": ("BIGINT", 10),
    "bytes": ("BIGINT", 5_000_000_000),
    "start": ("BIGINT", int(NOW.timestamp()) - 60),
    "end": ("BIGINT", int(NOW.timestamp())),
    "action": ("VARCHAR", "ACCEPT"),
    "log_status": ("VARCHAR", "OK"),
    "vpc_id": ("VARCHAR", "vpc-fraud"),
    "subnet_id": ("VARCHAR", "subnet-1"),
    "instance_id": ("VARCHAR", "-"),
    "tcp_flags": ("INTEGER", 2),
    "type": ("VARCHAR", "IPv4"),
    "pkt_srcaddr": ("VARCHAR", "10.1.0.4"),
    "pkt_dstaddr": ("VARCHAR", "10.2.0.9"),
    "region": ("VARCHAR", "eu-west-1"),
    "az_id": ("VARCHAR", "euw1-az1"),
    "sublocation_type": ("VARCHAR", "-"),
    "sublocation_id": ("VARCHAR", "-"),
    "pkt_src_aws_service": ("VARCHAR", "-"),
    "pkt_dst_aws_service": ("VARCHAR", "-"),
    "flow_direction": ("VARCHAR", "egress"),
    "traffic_path": ("INTEGER", 1),
}
_TRANSIT_NAMES = (
    *("resource_type", "account_id", "tgw_id", "tgw_attachment_id", "tgw_src_vpc_account_id", "tgw_dst_vpc_account_id"),
    *("tgw_src_vpc_id", "tgw_dst_vpc_id", "tgw_src_subnet_id", "tgw_dst_subnet_id", "tgw_src_eni", "tgw_dst_eni"),
    *("tgw_src_az_id", "tgw_dst_az_id", "tgw_pair_attachment_id", "srcaddr", "dstaddr", "log_status", "type", "region"),
    *("flow_direction", "pkt_src_aws_service", "pkt_dst_aws_service"),
)
# Of https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
TRANSIT_FLOW: Mapping[str, tuple[str, object]] = {
    **{name: ("VARCHAR", name) for name in _TRANSIT_NAMES},
    **{name: FLOW[name] for name in ("version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end")},
    **{f"packets_lost_{why}": ("BIGINT", 0) for why in ("no_route", "blackhole", "mtu_exceeded", "ttl_expired")},
    "tcp_flags": ("INTEGER", 2),
}


def write_flows(root: Path, shape: Mapping[str, tuple[str, object]], rows: Sequence[Mapping[str, object]]) -> None:
    """A file of flow logs in Parquet, as of this hour, in folders that Hive understands; `root` is above AWSLogs."""
    hour = NOW.strftime("year=%Y/month=%m/day=%d/hour=%H")
    account = "999999999999" if "tgw_id" in shape else "222222222222"
    folder = root / f"AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region=eu-west-1/{hour}"
    folder.mkdir(parents=True)
    values = ", ".join(
        "(" + ", ".join(f"CAST('{row.get(name, usual)}' AS {kind})" for name, (kind, usual) in shape.items()) + ")"
        for row in rows
    )
    names = ", ".join(f'"{name}"' for name in shape)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM (VALUES {values}) AS flows ({names})) "
            f"TO '{folder}/{account}_vpcflowlogs_eu-west-1_fl-1_x.log.parquet' (FORMAT parquet)"
        )


def _gzipped(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
