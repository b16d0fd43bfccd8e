"""The ways between the account that reports costs and usage and those it reports on, with all sides. No cdktf here."""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# The management account, to which AWS delivers the exports -> the account that reports.
COPIES_COSTS = EdgeKind(
    "copies the costs to",
    {
        "replication": "the role of the exports' replication, which writes to the bucket of the reports",
        "bucket": "the policy of the bucket of the reports, which admits that role",
        "key": "the policy of its key, which lets that role encrypt",
    },
)
# The account that reports -> an account whose usage it lists.
READS_USAGE = EdgeKind(
    "lists the usage of",
    {
        "role": "the role there, which lists what runs and trusts the inventory alone",
        "inventory": "the role of the inventory, which may become that role",
    },
)
# The account that reports -> an account for development in which it stops what nobody uses.
STOPS_WASTE = EdgeKind(
    "stops what is unused in",
    {
        "role": "the role there, which stops apps of Studio and trusts the function alone",
        "function": "the role of the function, which may become that role",
    },
)
