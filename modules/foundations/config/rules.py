"""A rule of AWS Config as the constructs take it. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GUARD_RUNTIME = "guard-2.x.x"
ON_CHANGE = "ConfigurationItemChangeNotification"


@dataclass(frozen=True, slots=True)
class Rule:
    """One of AWS's rules (`identifier`), or one of ours (`policy`, Guard text, asked about `types`).

    `repair` names the repair that a person may start for what the rule finds, see `repairs.py`.
    """

    name: str
    description: str
    identifier: str | None
    policy: str | None
    types: tuple[str, ...]
    parameters: Mapping[str, str]
    repair: str | None = None
