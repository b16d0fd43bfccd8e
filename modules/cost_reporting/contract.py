"""What exports of costs and their reports give to other stacks. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned, named
from modules.cost_reporting.names import EXPORTS, REPORTS


@dataclass(frozen=True, slots=True)
class CostReportsContract(Contract):
    """The bucket in which reports and copies of exports lie, and the key over it."""

    bucket_name: str = named(lambda naming: naming.bucket(REPORTS))
    bucket_arn: str = named(lambda naming: naming.bucket_arn(REPORTS))
    key_arn: str = assigned()


@dataclass(frozen=True, slots=True)
class CostExportsContract(Contract):
    """The bucket to which AWS Data Exports delivers."""

    bucket_name: str = named(lambda naming: naming.bucket(EXPORTS))
