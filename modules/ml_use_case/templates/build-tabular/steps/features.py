"""Rows as the trees read them: numbers stay, words become the places that they had among the words of training."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas
from pandas.api import types

from problem import REGRESSION, DataError, Problem

FILE = "features.json"


@dataclass(frozen=True)
class Features:
    """What training saw: columns in their order, the words of those that hold text, and the classes."""

    columns: list[str]
    words: dict[str, list[str]]
    classes: list[Any]
    kind: str

    @staticmethod
    def of(rows: pandas.DataFrame, problem: Problem) -> Features:
        """The features of the rows of training."""
        columns = problem.inputs(rows.columns)
        words = {
            column: sorted(rows[column].dropna().astype(str).unique())
            for column in columns
            if not types.is_numeric_dtype(rows[column])
        }
        classes = [] if problem.kind == REGRESSION else sorted(rows[problem.target].unique().tolist())
        return Features(columns, words, classes, problem.kind)

    def encode(self, rows: pandas.DataFrame) -> pandas.DataFrame:
        """The rows as numbers. A word that training did not see is unknown, as one that is missing.

        Raises DataError when a column is missing.
        """
        missing = [column for column in self.columns if column not in rows.columns]
        if missing:
            raise DataError(f"the rows have no column {', '.join(missing)}")
        encoded = {}
        for column in self.columns:
            if column in self.words:
                places = {word: float(place) for place, word in enumerate(self.words[column])}
                encoded[column] = rows[column].astype("string").map(places).astype("float64")
            else:
                encoded[column] = pandas.to_numeric(rows[column]).astype("float64")
        return pandas.DataFrame(encoded, index=rows.index)

    def place(self, target: pandas.Series) -> pandas.Series:
        """The target as what XGBoost learns: the class's place, or the number itself.

        Raises DataError for a class that training did not see.
        """
        if self.kind == REGRESSION:
            return target.astype("float64")
        places = target.map({value: place for place, value in enumerate(self.classes)})
        if places.isna().any():
            unseen = sorted({str(value) for value in target[places.isna()]})
            raise DataError(f"the target {', '.join(unseen)} was not among the rows of training: it is too rare")
        return places.astype("int64")

    def save(self, folder: Path) -> None:
        """Write them beside the model."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2))

    @staticmethod
    def load(folder: Path) -> Features:
        """Those that lie beside the model."""
        return Features(**json.loads((folder / FILE).read_text()))
