"""What may be set for images, packages, artefacts and events that ML teams share. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict, distinct

_SLUG = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
RepositoryName = Annotated[
    str, Shape(_SLUG, "lower-case letters, digits and single dots, hyphens or underscores (such as training)", 60, 2)
]
CachePrefix = Annotated[
    str, Shape(_SLUG, "lower-case letters, digits and single dots, hyphens or underscores (such as docker-hub)", 30, 2)
]
SecretArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:ecr-pullthroughcache/[A-Za-z0-9/_+=.@-]+",
        "the ARN of a secret whose name begins with ecr-pullthroughcache/, as ECR demands",
        512,
    ),
]
# Upstream registries from which images are cached, and whether they want credentials.
Upstream = Literal[
    "ghcr.io", "public.ecr.aws", "quay.io", "registry-1.docker.io", "registry.gitlab.com", "registry.k8s.io"
]
_WITH_CREDENTIALS = ("ghcr.io", "registry-1.docker.io", "registry.gitlab.com")
ArchiveDays = Annotated[int, Field(ge=1, le=2557)]
Days = Annotated[int, Field(ge=1, le=3650)]


class ImageCache(Strict):
    """Images of another registry, fetched when they are first pulled. `credentials`: the secret to sign in with."""

    upstream: Upstream
    credentials: SecretArn | None = None

    @model_validator(mode="after")
    def _signs_in(self) -> ImageCache:
        if self.upstream in _WITH_CREDENTIALS and self.credentials is None:
            raise ValueError(f"must have credentials: {self.upstream} answers ECR only when it signs in")
        if self.upstream not in _WITH_CREDENTIALS and self.credentials is not None:
            raise ValueError(f"must not have credentials: ECR signs in to {self.upstream} by itself or not at all")
        return self


class ImageSettings(Strict):
    """The central container images.

    `caches`: what the repositories of a cache begin with -> where its images come from. Images that no tag names go
    `untagged_days` after they were pushed, cached ones after `cached_days`: they are fetched again when pulled.
    """

    repositories: Annotated[tuple[RepositoryName, ...], Field(min_length=1), AfterValidator(distinct)] = (
        "base",
        "inference",
        "studio",
        "training",
    )
    caches: dict[CachePrefix, ImageCache] = Field(
        default_factory=lambda: {"ecr-public": ImageCache(upstream="public.ecr.aws")}
    )
    untagged_days: Days = 14
    cached_days: Days = 180


class PackageSettings(Strict):
    """The proxy of Python packages. `pypi`: whether packages come from PyPI; else only those published there."""

    pypi: bool = True


class EventSettings(Strict):
    """The central event bus: how many days what it heard can be replayed."""

    archive_days: ArchiveDays = 365


class ArtifactsSettings(Strict):
    """Images, packages, artefacts and events of the ML platform.

    `noncurrent_days`: how long an artefact that was overwritten or deleted can be had back.
    """

    noncurrent_days: Days = 365
    images: ImageSettings = ImageSettings()
    packages: PackageSettings = PackageSettings()
    events: EventSettings = EventSettings()
