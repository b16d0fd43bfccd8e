"""One file per AWS service that goes beyond moto; the file's `SERVICE` is listed here."""

from delivery.emulator.service import Service
from delivery.emulator.services import (
    accessanalyzer,
    ec2,
    flow_logs,
    iam,
    kms,
    lambda_,
    networkfirewall,
    organizations,
    ram,
    s3,
    sqs,
    sso,
    transit_gateway,
    transit_gateway_routes,
)

SERVICES: tuple[Service, ...] = (
    accessanalyzer.SERVICE,
    ec2.SERVICE,
    flow_logs.SERVICE,
    iam.SERVICE,
    kms.SERVICE,
    lambda_.SERVICE,
    networkfirewall.SERVICE,
    organizations.SERVICE,
    ram.SERVICE,
    s3.SERVICE,
    sqs.SERVICE,
    sso.SERVICE,
    transit_gateway.SERVICE,
    transit_gateway_routes.SERVICE,
)
