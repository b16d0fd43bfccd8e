"""Accounts that a function visits, and the message by which a round begins. No cdktf and no boto3 here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Visited:
    """An account as a message names it, and whose it is.

    `mode` is what the function may do there, `topic_arn` where its owners hear of it.
    """

    account: str
    role_arn: str
    environment: str
    team: str | None = None
    line_of_business: str | None = None
    mode: str | None = None
    topic_arn: str | None = None

    @property
    def account_id(self) -> str:
        """The id, as the ARN of the role tells it."""
        return self.role_arn.split(":")[4]


def first_message(accounts: Sequence[Visited], time: str) -> str:
    """The message that begins a round; `time` in ISO 8601, or what the schedule puts there."""
    return json.dumps({"time": time, "accounts": [asdict(each) for each in accounts]})
