"""The ways between the account that releases models and those that serve them, each with all its sides. No cdktf."""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# The pipeline of a project -> an account in which its model is served.
DEPLOYS = EdgeKind(
    "deploys to",
    {
        "role": "the deployment role in the serving account, which trusts the pipeline's builds with the external id",
        "builds": "the roles of the pipeline's builds, which may become that role",
    },
)
# The pipeline of a project -> the Terraform state of what serves its model.
KEEPS_STATE = EdgeKind(
    "keeps the state of",
    {
        "role": "the role beside the state buckets, which reaches that state alone and trusts the pipeline's builds",
        "builds": "the roles of the pipeline's builds, which may become that role",
    },
)
# What watches a model in production -> the central event bus.
REPORTS_DRIFT = EdgeKind(
    "reports drift to",
    {
        "machine": "the role of the state machine in the serving account, which may put drift on the central bus",
        "bus": "the policy of the central bus, which admits that role, and events of drift alone",
    },
)
# What answers drift -> the build of the project in its team's dev account.
RETRAINS = EdgeKind(
    "lets learn again",
    {
        "answer": "the role of the state machine in the releasing account, which may put its message on the bus there",
        "bus": "the bus in the dev account, whose policy admits that role, and whose one rule starts the build",
    },
)
# What asks a served model by the calendar -> the central registry, where the samples of its versions lie.
READS_SAMPLES = EdgeKind(
    "reads samples of",
    {
        "check": "the role of the check in the serving account, which may read the samples and decrypt them through S3",
        "bucket": "the policy of the bucket of models, which admits that role",
        "key": "the policy of its key, which lets that role decrypt through S3",
    },
)
