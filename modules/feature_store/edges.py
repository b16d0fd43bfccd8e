"""The ways between accounts that the feature store needs, each with all its sides. No cdktf here.

To find a group, to use its records, to read its history and to feed it are four things, and none brings another.
"""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# A team's roles -> the catalogue of central groups: what there is, without a record of it.
FINDS = EdgeKind(
    "finds the groups of",
    {
        "share": "the share of the catalogue of feature groups with the units of their account",
        "roles": "the team's roles, which may search",
    },
)
# A team's roles -> the online stores of central groups.
USES = EdgeKind(
    "uses groups of",
    {
        "share": "the shares of the groups with their account",
        "roles": "the team's roles, which may read, write or manage these groups, and use the key through SageMaker",
    },
)
# A team's roles -> the offline stores of central groups.
RECALLS = EdgeKind(
    "reads the history of groups of",
    {
        "grants": "the grants by LF-tags to these roles, made in the feature store's account",
        "roles": "the team's roles, which may look into the feature store's catalogue",
        "links": "the link in the team's catalogue to the database of the offline stores",
    },
)
# A team's roles -> the queue of a central feature group.
FEEDS = EdgeKind(
    "sends records to",
    {
        "roles": "the team's roles, which may send to the group's queue and use its key",
        "queue": "the policy of the group's queue, which admits these roles",
        "key": "the policy of the key over the queues, which admits these roles",
    },
)
