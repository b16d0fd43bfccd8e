"""What is to be learnt, as problem.json beside this file says it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BINARY, MULTICLASS, REGRESSION = "BinaryClassification", "MulticlassClassification", "Regression"
HERE = Path(__file__).with_name("problem.json")


class DataError(Exception):
    """The data do not fit the project's settings: says what, and what to do."""


@dataclass(frozen=True)
class Problem:
    """The columns and their meaning. `report`: the key of the evaluation below which the gate looks."""

    kind: str
    report: str
    target: str
    favourable: list[str | int]
    not_inputs: list[str]
    facets: dict[str, list[str | int]]
    text: str | None
    format: str

    @staticmethod
    def load(path: Path = HERE) -> Problem:
        """The problem in a file."""
        return Problem(**json.loads(path.read_text()))

    def inputs(self, columns: Iterable[str]) -> list[str]:
        """Of the columns, those from which the model learns, in their order."""
        if self.text is not None:
            return [self.text]
        return [column for column in columns if column != self.target and column not in self.not_inputs]

    def kept(self, columns: Iterable[str]) -> list[str]:
        """Of the columns, those that a later step needs: target, inputs, and by what bias is measured."""
        columns = list(columns)
        wanted = [self.target, *self.inputs(columns), *self.facets]
        missing = [column for column in dict.fromkeys(wanted) if column not in columns]
        if missing:
            raise DataError(f"the data have no column {', '.join(missing)}; they have {', '.join(columns)}")
        return list(dict.fromkeys(wanted))
