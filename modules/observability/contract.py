"""What the log archive, the history of configurations and the organisation trail give to other stacks."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned, named
from modules.core.naming import Naming

# The bucket of AWS Config's history, and the alias of its key, are called `<organisation>-<environment>-config`.
CONFIG = "config"
# The second copy of the log bucket, and the alias of its key, in the region of the copy.
LOG_COPY = "logs-copy"

# Where in the log bucket flow logs of Transit Gateways begin: else AWS puts them among those of networks, whose fields
# are others.
TRANSIT_FLOWS = "transit-gateways/"


def trail_prefix(organization_id: str) -> str:
    """Where in the log bucket the organisation trail lies; below it `<account>/CloudTrail/<region>/<date>/`."""
    return f"AWSLogs/{organization_id}/"


@dataclass(frozen=True, slots=True)
class ConfigHistoryContract(Contract):
    """The bucket to which every recorder of AWS Config delivers, and the key it encrypts with."""

    history_bucket_name: str = named(lambda naming: naming.bucket(CONFIG))
    history_key_arn: str = assigned()


@dataclass(frozen=True, slots=True)
class LogArchiveContract(Contract):
    """The central log bucket and the key that writers encrypt with."""

    bucket_name: str = named(lambda naming: naming.bucket("logs"))
    bucket_arn: str = named(lambda naming: naming.bucket_arn("logs"))
    key_arn: str = assigned()


@dataclass(frozen=True, slots=True)
class LogCopyContract(Contract):
    """The bucket of another region into which the log bucket is copied, and the key of the copies."""

    copy_bucket_arn: str = named(lambda naming: naming.bucket_arn(LOG_COPY))
    copy_key_arn: str = assigned()


def trail_name(naming: Naming) -> str:
    """The name of the organisation trail; that of an adopted one is the one it has."""
    return naming.adopted.trail or naming.name("trail")


@dataclass(frozen=True, slots=True)
class TrailContract(Contract):
    """The organisation trail, named before it exists so that the log archive can admit it and no other."""

    trail_name: str = named(trail_name)
    trail_arn: str = named(lambda naming: naming.arn("cloudtrail", f"trail/{trail_name(naming)}"))


@dataclass(frozen=True, slots=True)
class SinkContract(Contract):
    """Where an observability account takes telemetry of other accounts, in one region."""

    sink_arn: str = assigned()
