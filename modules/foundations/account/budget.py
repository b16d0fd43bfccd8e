"""A budget, before it is a resource. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """A monthly budget: whose it is, how much, and who hears of it.

    `tag` (key, value) narrows it to what carries the tag, where several owners work in one account; AWS knows the tag
    once it is activated for cost allocation in the management account.
    """

    owner: str
    monthly_usd: int
    email: str
    tag: tuple[str, str] | None = None
