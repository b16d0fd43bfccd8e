"""The ways between accounts that the data lake needs, each with all its sides. No cdktf here."""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# Lake Formation of the governance account -> the zones of a domain.
STORES = EdgeKind(
    "keeps its data in",
    {
        "role": "the location role in the governance account, which may use the zones and their key",
        "bucket": "the policies of the zones' buckets, which admit that role",
        "key": "the policy of the zones' key, which admits that role",
    },
)
# A domain's jobs and crawlers -> its databases in the central catalogue.
PRODUCES = EdgeKind(
    "writes to the central catalogue as",
    {
        "roles": "the roles of the domain's jobs and crawlers, which may ask Lake Formation for credentials",
        "grants": "the grants on the domain's databases to these roles",
        "links": "the links in the domain's catalogue to these databases",
    },
)
# A team's roles -> the published tables of a domain.
READS = EdgeKind(
    "reads",
    {
        "roles": "the team's roles, which may ask Lake Formation for credentials",
        "grants": "the grants by LF-tags to these roles, made in the governance account",
        "links": "the links in the team's catalogue to the domain's databases",
    },
)
# A domain -> the governance account, which publishes a table when its quality rules pass.
REPORTS = EdgeKind(
    "reports data quality to",
    {
        "rule": "the rule in the domain's account that forwards the results of quality runs",
        "bus": "the event bus of the governance account, whose policy admits the domain's account",
    },
)
# The governance account -> the organisation trail in the log archive.
AUDITS = EdgeKind(
    "audits by",
    {
        "role": "the location role in the governance account, which may read the trail",
        "bucket": "the policy of the log archive's bucket, which admits that role",
        "key": "the policy of the log archive's key, which admits that role",
    },
)
