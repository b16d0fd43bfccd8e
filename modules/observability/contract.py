"""What the log archive and the organisation trail give to other stacks."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned, named


@dataclass(frozen=True, slots=True)
class LogArchiveContract(Contract):
    """The central log bucket and the key that writers encrypt with."""

    bucket_name: str = named(lambda naming: naming.bucket("logs"))
    bucket_arn: str = named(lambda naming: naming.bucket_arn("logs"))
    key_arn: str = assigned()


@dataclass(frozen=True, slots=True)
class TrailContract(Contract):
    """The organisation trail, named before it exists so that the log archive can admit it and no other."""

    trail_name: str = named(lambda naming: naming.name("trail"))
    trail_arn: str = named(lambda naming: naming.arn("cloudtrail", f"trail/{naming.name('trail')}"))
