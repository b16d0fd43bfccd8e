"""`delivery` of `organization.yaml`: where the code lies, who may plan and apply it, and by which way."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from environments.atlantis_settings import AtlantisSettings
from environments.ci_settings import CiSettings
from modules.core.settings import ExternalId, HttpsUrl, RoleName, Shape, Strict, Title, distinct

_SUBJECT_CHARACTERS = r"[A-Za-z0-9_.:/@=#+-]"
ExactSubject = Annotated[
    str,
    Shape(
        f"{_SUBJECT_CHARACTERS}+", "an exact OIDC subject without *, such as repo:acme/mlgov:ref:refs/heads/main", 256
    ),
]
Subject = Annotated[
    str,
    Shape(
        rf"{_SUBJECT_CHARACTERS}{{8,}}\*?",
        "an OIDC subject such as repo:acme/mlgov:pull_request; * may only end it, after 8 or more characters",
        256,
    ),
]
RepositoryName = Annotated[
    str,
    Shape(
        r"[a-z0-9][a-z0-9.-]*\.[a-z]+(?:/[A-Za-z0-9][A-Za-z0-9._-]*){2,}",
        "host, owner and name of a repository such as github.com/acme/ml-platform",
        200,
    ),
]
BranchName = Annotated[str, Shape(r"[A-Za-z0-9][A-Za-z0-9._/-]*", "the name of a branch such as main", 200)]


class Oidc(Strict):
    """The identity provider of the CI system, as its tokens name it."""

    issuer: HttpsUrl
    audience: Title


class Delivery(Strict):
    """Who may plan and apply: tokens with these subjects, from this issuer, with this external id."""

    oidc: Oidc
    plan_subjects: Annotated[tuple[Subject, ...], Field(min_length=1), AfterValidator(distinct)]
    apply_subjects: Annotated[tuple[ExactSubject, ...], Field(min_length=1), AfterValidator(distinct)]
    external_id: ExternalId
    repository: RepositoryName
    branch: BranchName = "main"
    atlantis: AtlantisSettings = AtlantisSettings()
    ci: CiSettings | None = None
    access_role: RoleName = "OrganizationAccountAccessRole"
