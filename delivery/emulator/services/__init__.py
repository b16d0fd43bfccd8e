"""One file per AWS service that goes beyond moto; the file's `SERVICE` is listed here."""

from delivery.emulator.service import Service
from delivery.emulator.services import (
    accessanalyzer,
    backup,
    budgets,
    ec2,
    iam,
    kms,
    lambda_,
    organizations,
    s3,
    servicequotas,
    sqs,
    sso,
)

SERVICES: tuple[Service, ...] = (
    accessanalyzer.SERVICE,
    backup.SERVICE,
    budgets.SERVICE,
    ec2.SERVICE,
    iam.SERVICE,
    kms.SERVICE,
    lambda_.SERVICE,
    organizations.SERVICE,
    s3.SERVICE,
    servicequotas.SERVICE,
    sqs.SERVICE,
    sso.SERVICE,
)
