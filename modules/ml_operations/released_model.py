"""What the account that releases models is told of each, and where its evidence lies. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReleasedModel:
    """One project's model in the central registry, where `group` is the name of its group, and of its card.

    `facets`: bias is measured of it. `ended`: nobody builds it any more, and it is not served. `pipeline` releases it,
    empty where it is not served; `places` are the accounts in which it is, each with what serves it there, in words.
    """

    group: str
    project: str
    facets: bool
    ended: bool
    pipeline: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where reports of versions lie: a bucket, as names call it (`*` for any text), a prefix, the alias of its key."""

    bucket: str
    prefix: str
    key: str
