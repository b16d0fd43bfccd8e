"""`adopt` of `organization.yaml`: what was there before mlgov, and is managed from now on. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.adopted import AdoptedNames
from modules.core.settings import AccountName, Shape, Strict, TeamName, UnitKey, distinct
from modules.ml_platform.products import PortfolioName

OrganizationId = Annotated[str, Shape(r"o-[a-z0-9]{10,32}", "the id of an organisation such as o-a1b2c3d4e5", 34)]
UnitId = Annotated[
    str, Shape(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}", "the id of an organisational unit such as ou-ab12-34567890", 68)
]
ExistingAccountName = Annotated[str, Shape(r"[ -;=?-~]+", "the name that AWS shows for the account", 50)]
TrailName = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9](?:[._-]?[A-Za-z0-9])+",
        "the name of a trail: letters, digits and single periods, underscores and hyphens",
        128,
        shortest=3,
    ),
]
PortfolioId = Annotated[str, Shape(r"port-[a-z0-9]{13}", "the id of a portfolio such as port-abcdefghijklm", 18)]
DomainId = Annotated[
    str, Shape(r"d-[a-z0-9]{1,61}", "the id of a SageMaker domain such as d-a1b2c3d4e5f6", 63, shortest=3)
]
ExistingDomainName = Annotated[
    str, Shape(r"[A-Za-z0-9](?:-*[A-Za-z0-9])*", "the name of a SageMaker domain: letters, digits and hyphens", 63)
]
BucketName = Annotated[
    str,
    Shape(
        r"[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]",
        "the name of a bucket: lower-case letters, digits, hyphens and single periods",
        63,
        shortest=3,
    ),
]
StackId = Annotated[str, Shape(r"[a-z0-9][a-z0-9-]*", "the id of a stack, as `mlgov graph` lists them", 80)]
Address = Annotated[
    str,
    Shape(
        r"[a-z0-9]+(?:_[a-z0-9]+)+\.[A-Za-z_][A-Za-z0-9_-]*",
        "a Terraform address such as aws_kms_key.key_1A2B3C4D",
        320,
    ),
]
# Terraform reads an import id as a template: what would begin an expression is kept out.
ImportId = Annotated[str, Shape(r"[^\s$%{}]+", "an import id, without spaces and without $, % and braces", 1024)]

# What a bucket may lack: resource types, less `aws_s3_bucket_`.
Companion = Literal[
    "inventory",
    "lifecycle_configuration",
    "logging",
    "notification",
    "object_lock_configuration",
    "ownership_controls",
    "policy",
    "public_access_block",
    "replication_configuration",
    "server_side_encryption_configuration",
    "versioning",
]


class AdoptedDomain(Strict):
    """A SageMaker domain that is there: its id, and the name that it keeps."""

    id: DomainId
    name: ExistingDomainName


class AdoptedBucket(Strict):
    """A bucket that is there, by the name that it keeps. What it `lacks` of its configuration is made, not imported."""

    name: BucketName
    lacks: Annotated[tuple[Companion, ...], AfterValidator(distinct)] = ()


class Adoption(Strict):
    """What is imported, once; an entry whose import is done may stay.

    Keys are our own words for a thing, values what AWS calls it. `accounts`: the name that AWS shows; the id stands
    where the account is declared. `buckets`: by the name that mlgov would give. `resources` is the general form:
    stack -> Terraform address -> import id. `forget`: stack -> addresses that leave its state, though what is in AWS
    stays, such as those that another stack imports.
    """

    organization: OrganizationId | None = None
    units: dict[UnitKey, UnitId] = Field(default_factory=dict)
    accounts: dict[AccountName, ExistingAccountName] = Field(default_factory=dict)
    trail: TrailName | None = None
    portfolios: dict[PortfolioName, PortfolioId] = Field(default_factory=dict)
    domains: dict[TeamName, AdoptedDomain] = Field(default_factory=dict)
    buckets: dict[BucketName, AdoptedBucket] = Field(default_factory=dict)
    resources: dict[StackId, dict[Address, ImportId]] = Field(default_factory=dict)
    forget: dict[StackId, Annotated[tuple[Address, ...], AfterValidator(distinct)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _nothing_both_imported_and_forgotten(self) -> Self:
        for stack, addresses in self.forget.items():
            if both := sorted(set(addresses) & set(self.resources.get(stack, {}))):
                raise ValueError(f"must not import into the stack {stack} and forget there: {', '.join(both)}")
        return self

    @property
    def names(self) -> AdoptedNames:
        """The names that stay as they are."""
        return AdoptedNames(
            buckets={made: bucket.name for made, bucket in self.buckets.items()},
            domains={team: domain.name for team, domain in self.domains.items()},
            trail=self.trail,
        )
