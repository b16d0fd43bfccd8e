"""An account that the security tooling account watches over. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A member account. `account_id` may be a reference; AWS checks `email` against that of the account."""

    name: str
    account_id: str
    email: str
