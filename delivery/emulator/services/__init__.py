"""One file per AWS service that goes beyond moto; the file's `SERVICE` is listed here."""

from delivery.emulator.service import Service
from delivery.emulator.services import (
    accessanalyzer,
    detective,
    ec2,
    ec2_ipam,
    guardduty,
    guardduty_lists,
    iam,
    inspector2,
    kms,
    lambda_,
    macie2,
    organizations,
    s3,
    securityhub,
    securityhub_findings,
    sqs,
    sso,
)

SERVICES: tuple[Service, ...] = (
    accessanalyzer.SERVICE,
    detective.SERVICE,
    ec2.SERVICE,
    ec2_ipam.SERVICE,
    guardduty.SERVICE,
    guardduty_lists.SERVICE,
    iam.SERVICE,
    inspector2.SERVICE,
    kms.SERVICE,
    lambda_.SERVICE,
    macie2.SERVICE,
    organizations.SERVICE,
    s3.SERVICE,
    securityhub.SERVICE,
    securityhub_findings.SERVICE,
    sqs.SERVICE,
    sso.SERVICE,
)
