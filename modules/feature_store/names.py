"""What the feature store calls things: rules that every stack of it computes. No cdktf here."""

from __future__ import annotations

from modules.core.naming import Naming

# The bucket of the offline store, and of what the jobs around it write; `<organisation>-<environment>-features`.
OFFLINE_BUCKET = "features"
# In it: files of records that are dropped for a group, and the schemas that groups are brought to.
INCOMING, SCHEMAS = "incoming/", "schemas/"
# The purpose of the key over what waits to be ingested.
INGEST_KEY = "feature-ingest"
_QUEUE_NAME_LIMIT = 80


def group_name(naming: Naming, group: str) -> str:
    """The name of the feature group in SageMaker."""
    return naming.name(group)


def group_arn(naming: Naming, group: str) -> str:
    """The ARN of the feature group in the account of `naming`."""
    return naming.arn("sagemaker", f"feature-group/{group_name(naming, group)}")


def ingest_queue(group: str) -> str:
    """The queue of records that wait to be ingested into the group."""
    return f"{group}-ingest"


def queue_name(naming: Naming, what: str) -> str:
    """The name of a queue in SQS."""
    return naming.name(what, limit=_QUEUE_NAME_LIMIT)


def ingest_queue_arn(naming: Naming, group: str) -> str:
    """The ARN of the group's queue in the account of `naming`."""
    return naming.arn("sqs", queue_name(naming, ingest_queue(group)))


def ingest_queue_names(naming: Naming) -> str:
    """The names of all groups' queues, with {} for the group."""
    return f"{naming.organization}-{naming.environment}-{ingest_queue('{}')}"
