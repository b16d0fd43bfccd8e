"""The gateway endpoints of a VPC: S3 and DynamoDB, without a charge and without a hop over the hub."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.endpoint_policies import Perimeter


class GatewayEndpoints(Construct):
    """S3 and DynamoDB over the route tables given.

    Guarantees: only the organisation's identities reach only the organisation's buckets and tables, and what AWS
    itself hands out: see `Perimeter`.

    Controls: NET-04 (NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        vpc_id: str,
        route_table_ids: Sequence[str],
        perimeter: Perimeter,
    ) -> None:
        super().__init__(scope, id_)
        endpoints = [
            VpcEndpoint(
                self,
                service,
                vpc_id=vpc_id,
                service_name=f"com.amazonaws.{naming.region}.{service}",
                vpc_endpoint_type="Gateway",
                route_table_ids=list(route_table_ids),
                policy=perimeter.policy(service),
                tags={"Name": naming.name(service)},
            )
            for service in ("s3", "dynamodb")
        ]
        self.prefix_lists = {"s3": endpoints[0].prefix_list_id, "dynamodb": endpoints[1].prefix_list_id}
