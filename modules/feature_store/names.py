"""What the feature store calls things: rules that every stack of it computes. No cdktf here.

A store is the central one, or that of a `team`, in which it develops groups.
"""

from __future__ import annotations

from modules.core.naming import QUEUE_LIMIT, Naming

# The central offline store's bucket, and what the jobs around it write in: `<organisation>-<environment>-features`.
OFFLINE_BUCKET = "features"
# In it: files of records that are dropped for a group, and the schemas that groups are brought to.
INCOMING, SCHEMAS = "incoming/", "schemas/"
# The workgroup in which central groups are queried.
WORKGROUP = "feature-queries"
# The purpose of the key over what waits to be ingested.
INGEST_KEY = "feature-ingest"


def store(team: str | None = None) -> str:
    """The bucket of a store, and the role as which SageMaker writes to it; bucket names are unique in the world."""
    return f"{team}-features" if team else OFFLINE_BUCKET


def location_role(team: str | None = None) -> str:
    """The role as which Lake Formation reads a store."""
    return f"{store(team)}-location"


def database(team: str | None = None) -> str:
    """The database of a store's tables: no name of a data product's, which all have a domain before an underscore."""
    return f"features__{team.replace('-', '_')}" if team else "features"


def table(group: str) -> str:
    """The table of a group: SQL takes no hyphens."""
    return group.replace("-", "_")


def schema_key(group: str) -> str:
    """The object of the central bucket that says which features the group is to have."""
    return f"{SCHEMAS}{group}.json"


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
    return naming.name(what, limit=QUEUE_LIMIT)


def ingest_queue_arn(naming: Naming, group: str) -> str:
    """The ARN of the group's queue in the account of `naming`."""
    return naming.arn("sqs", queue_name(naming, ingest_queue(group)))


def ingest_queue_names(naming: Naming) -> str:
    """The names of all groups' queues, with {} for the group."""
    return f"{naming.organization}-{naming.environment}-{ingest_queue('{}')}"
