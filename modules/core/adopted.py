"""The names of what existed before mlgov managed it: a physical name is never changed, so these replace our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AdoptedNames:
    """Names that cannot be changed in place (a new name is a new resource) and that are not made by our rule.

    `buckets`: the name that the rule makes -> the name it has. `domains`: a team -> the name of its SageMaker domain.
    """

    buckets: Mapping[str, str] = field(default_factory=dict, hash=False)
    domains: Mapping[str, str] = field(default_factory=dict, hash=False)
    trail: str | None = None
