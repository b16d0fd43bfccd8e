"""One file per AWS service that goes beyond moto; the file's `SERVICE` is listed here."""

from delivery.emulator.service import Service
from delivery.emulator.services import (
    accessanalyzer,
    cloudcontrol,
    cloudformation,
    controltower,
    controltower_controls,
    ec2,
    iam,
    kms,
    lambda_,
    organization_access,
    organizations,
    s3,
    sqs,
    sso,
)

SERVICES: tuple[Service, ...] = (
    accessanalyzer.SERVICE,
    cloudcontrol.SERVICE,
    cloudformation.SERVICE,
    controltower.SERVICE,
    controltower_controls.SERVICE,
    ec2.SERVICE,
    iam.SERVICE,
    kms.SERVICE,
    lambda_.SERVICE,
    *organization_access.SERVICES,
    organizations.SERVICE,
    s3.SERVICE,
    sqs.SERVICE,
    sso.SERVICE,
)
