"""VPC endpoints: what AWS refuses and moto takes. No packet passes one."""

from __future__ import annotations

import inspect
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.vpcs import VPCBackend

from delivery.emulator.service import Service

SERVICE = Service("ec2")


@SERVICE.mend
def private_names_are_there_once() -> None:
    """Private DNS needs a VPC that resolves names, and no other endpoint that answers the same ones in it."""
    create = VPCBackend.create_vpc_endpoint
    signature = inspect.signature(create)

    def create_vpc_endpoint(self: Any, *given: Any, **named: Any) -> Any:
        wanted = signature.bind(self, *given, **named).arguments
        vpc_id, service_name = wanted["vpc_id"], wanted["service_name"]
        vpc = self.get_vpc(vpc_id)
        if wanted["endpoint_type"] == "Interface" and wanted.get("private_dns_enabled"):
            if "false" in (str(vpc.enable_dns_support).lower(), str(vpc.enable_dns_hostnames).lower()):
                raise EC2ClientError(
                    "InvalidParameter", f"private DNS needs DNS support and DNS hostnames in the VPC {vpc_id}"
                )
            for other in self.vpc_end_points.values():
                same = (other.vpc_id, other.service_name) == (vpc_id, service_name)
                if same and other.private_dns_enabled and other.state != "deleted":
                    raise EC2ClientError(
                        "InvalidParameter", f"{other.id} has the private DNS names of {service_name} in {vpc_id}"
                    )
        for subnet_id in wanted.get("subnet_ids") or []:
            if self.get_subnet(subnet_id).vpc_id != vpc_id:
                raise EC2ClientError("InvalidSubnetID.NotFound", f"the subnet {subnet_id} is not in the VPC {vpc_id}")
        return create(self, *given, **named)

    VPCBackend.create_vpc_endpoint = create_vpc_endpoint
