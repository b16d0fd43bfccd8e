"""Flow logs of a VPC in the log archive."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.flow_log import FlowLog, FlowLogDestinationOptions
from constructs import Construct

from modules.core.iam import policy_variable
from modules.observability.contract import LogArchiveContract

# Version 2's fields, and those of versions 3 to 5 that tell who spoke to which AWS service over which path.
FIELDS = (
    *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"),
    *("bytes", "start", "end", "action", "log-status", "vpc-id", "subnet-id", "instance-id", "tcp-flags", "type"),
    *("pkt-srcaddr", "pkt-dstaddr", "region", "az-id", "sublocation-type", "sublocation-id", "pkt-src-aws-service"),
    *("pkt-dst-aws-service", "flow-direction", "traffic-path"),
)


class VpcFlowLogs(Construct):
    """All traffic of a VPC, accepted and rejected, delivered as Parquet to the log archive.

    Guarantees: all fields of version 5; one-minute windows; partitioned by hour as Athena reads it.
    Controls: NET-01 (FSBP EC2.6; NIST 800-53 AU-12, SI-4).
    """

    def __init__(self, scope: Construct, id_: str, *, vpc_id: str, logs: LogArchiveContract) -> None:
        super().__init__(scope, id_)
        FlowLog(
            self,
            "log",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=logs.bucket_arn,
            log_format=" ".join(policy_variable(field) for field in FIELDS),
            max_aggregation_interval=60,
            destination_options=FlowLogDestinationOptions(
                file_format="parquet", hive_compatible_partitions=True, per_hour_partition=True
            ),
        )
