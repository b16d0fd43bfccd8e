"""Who uses feature groups, from one account, and how. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modules.core.handshake import Edge

# As `FeatureAccess` says it: each level includes those before it.
Level = Literal["read", "read_write", "admin"]


@dataclass(frozen=True, slots=True)
class User:
    """Roles of a team in one of its accounts. `roles`: name in the account -> ARN. `levels`: feature group -> level.

    `recalls` is the way to the history of groups, where there is one to another account.
    """

    team: str
    account: str
    roles: Mapping[str, str]
    levels: Mapping[str, Level]
    recalls: Edge | None = None
