"""From where models are promoted, and where to: what the stack knows of the organisation. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.handshake import Edge
from modules.core.naming import Naming


@dataclass(frozen=True, slots=True)
class ModelSource:
    """An account in which teams build models; `edges` are the ways to its projects, with the side `role`.

    `projects`: name of a team -> names of its projects.
    """

    naming: Naming
    projects: Mapping[str, Sequence[str]]
    edges: Sequence[Edge]


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An account from which images of the platform are copied; their repositories' names begin with `prefix`."""

    naming: Naming
    prefix: str
    edge: Edge


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that is copied from. `buckets` begins the names of projects' buckets, behind organisation and stage;
    `key` is the purpose of the key that encrypts their files, in each of these accounts."""

    models: Sequence[ModelSource]
    images: Sequence[ImageSource]
    buckets: str
    key: str


@dataclass(frozen=True, slots=True)
class Central:
    """What stands in the account of the central registry: names as AWS knows them, without ARN.

    `role` is as what of this account versions are read. `groups` and `images` begin names of groups and repositories.
    """

    role: str
    bus: str
    bucket: str
    key_alias: str
    groups: str
    images: str
