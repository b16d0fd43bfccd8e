"""What a data domain gives to other stacks. Most names are rules, in `modules/data_lake/names.py`: nothing to read."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned


@dataclass(frozen=True, slots=True)
class StorageContract(Contract):
    """The key of a data domain's zones."""

    key_arn: str = assigned()
