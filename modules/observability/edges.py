"""The ways between the log archive and who queries it, each with all its sides. No cdktf here.

What every account sends to one place (telemetry, log groups, alarms) is no edge of its own: one policy there admits the
organisation as a whole, by its id.
"""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# The account in which logs are queried -> the log archive.
QUERIES_LOGS = EdgeKind(
    "queries the logs of",
    {
        "reader": "who queries in the observability account, which may read the log bucket and its key",
        "bucket": "the policy of the log bucket, which admits them",
        "key": "the policy of its key, which lets them decrypt through S3",
    },
)
