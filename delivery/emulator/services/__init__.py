"""One file per AWS service that goes beyond moto; the file's `SERVICE` is listed here."""

from delivery.emulator.service import Service
from delivery.emulator.services import (
    accessanalyzer,
    dns_firewall,
    ec2,
    flow_logs,
    iam,
    kms,
    lambda_,
    networkfirewall,
    organizations,
    ram,
    route53profiles,
    route53resolver,
    s3,
    security_groups,
    sqs,
    sso,
    transit_gateway,
    vpc_endpoints,
)

SERVICES: tuple[Service, ...] = (
    accessanalyzer.SERVICE,
    dns_firewall.SERVICE,
    ec2.SERVICE,
    flow_logs.SERVICE,
    iam.SERVICE,
    kms.SERVICE,
    lambda_.SERVICE,
    networkfirewall.SERVICE,
    organizations.SERVICE,
    ram.SERVICE,
    route53profiles.SERVICE,
    route53resolver.SERVICE,
    s3.SERVICE,
    security_groups.SERVICE,
    sqs.SERVICE,
    sso.SERVICE,
    transit_gateway.SERVICE,
    vpc_endpoints.SERVICE,
)
