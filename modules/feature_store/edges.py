"""The ways between accounts that the feature store needs, each with all its sides. No cdktf here."""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# A team's roles -> the queue of a central feature group.
FEEDS = EdgeKind(
    "sends records to",
    {
        "roles": "the team's roles, which may send to the group's queue and use its key",
        "queue": "the policy of the group's queue, which admits these roles",
        "key": "the policy of the key over the queues, which admits these roles",
    },
)
