"""What the stacks of a feature store give to other stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.core.contract import Contract, assigned


@dataclass(frozen=True, slots=True)
class FeaturesContract(Contract):
    """Feature groups as AWS made them: by group, the database and the table of its offline store in the catalogue.

    A group without an offline store is in neither map.
    """

    database_names: Mapping[str, str] = assigned()
    table_names: Mapping[str, str] = assigned()
