"""The AWS services that the platform reaches by interface endpoints, as data. No cdktf here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from modules.foundations.network.endpoint_settings import EndpointGroup

COMMERCIAL, GOVERNMENT = "aws", "aws-us-gov"


@dataclass(frozen=True, slots=True)
class EndpointService:
    """One service. `name` stands behind the region in its endpoint's name, `provider` before it.

    `partitions` are those in which AWS offers the service: the region tables of AWS GovCloud (US).
    """

    name: str
    group: EndpointGroup
    provider: str = "com.amazonaws"
    partitions: tuple[str, ...] = (COMMERCIAL, GOVERNMENT)

    @property
    def key(self) -> str:
        """The name as part of a construct id."""
        return self.name.replace(".", "-")

    def service_name(self, region: str) -> str:
        """The name that AWS PrivateLink knows the service by, such as `com.amazonaws.eu-west-1.sagemaker.api`."""
        return f"{self.provider}.{region}.{self.name}"


def _of(group: EndpointGroup, *names: str) -> tuple[EndpointService, ...]:
    return tuple(EndpointService(name, group) for name in names)


# AWS, "Services that integrate with AWS PrivateLink". `execute-api` serves private APIs of API Gateway alone: where it
# stands, names of public APIs in the same region lead to it, too, and are refused.
SERVICES: tuple[EndpointService, ...] = (
    *_of("core", "ec2messages", "ecr.api", "ecr.dkr", "events", "kms", "logs", "monitoring"),
    *_of("core", "secretsmanager", "ssm", "ssmmessages", "sts"),
    *_of("ml", "sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.metrics", "sagemaker.runtime"),
    EndpointService("notebook", "ml", "aws.sagemaker"),
    EndpointService("studio", "ml", "aws.sagemaker"),
    *_of("ml", "execute-api", "servicecatalog"),
    EndpointService("codeartifact.api", "ml", partitions=(COMMERCIAL,)),
    EndpointService("codeartifact.repositories", "ml", partitions=(COMMERCIAL,)),
    *_of("data", "athena", "glue", "lakeformation"),
    *_of("cicd", "codebuild", "codepipeline"),
    EndpointService("codeconnections.api", "cicd", partitions=(COMMERCIAL,)),
    *_of("bedrock", "bedrock", "bedrock-runtime"),
)


def services(groups: Collection[EndpointGroup], partition: str) -> tuple[EndpointService, ...]:
    """The services of `groups` that AWS offers in `partition`."""
    return tuple(service for service in SERVICES if service.group in groups and partition in service.partitions)
