"""What the feature store calls things: rules that every stack of it computes. No cdktf here."""

from __future__ import annotations

from modules.core.naming import Naming

# The bucket of the offline store, and of what the jobs around it write; `<organisation>-<environment>-features`.
OFFLINE_BUCKET = "features"


def group_name(naming: Naming, group: str) -> str:
    """The name of the feature group in SageMaker."""
    return naming.name(group)


def group_arn(naming: Naming, group: str) -> str:
    """The ARN of the feature group in the account of `naming`."""
    return naming.arn("sagemaker", f"feature-group/{group_name(naming, group)}")


def ingest_queue(group: str) -> str:
    """The queue of records that wait to be ingested into the group."""
    return f"{group}-ingest"
