"""Data as files: reading what the query or the team left, splitting it, and writing it for the next step."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas
from pandas.api import types

from problem import BINARY, REGRESSION, DataError, Problem

FEWEST = 50  # rows, of which each part gets some
# Of 100 rows. A row goes where its content says, so it stays there when more rows come.
TRAIN, VALIDATION = 70, 85


def read(folder: Path, form: str) -> pandas.DataFrame:
    """All files below the folder as one table.

    Raises DataError when there is none.
    """
    readers = {
        "csv": pandas.read_csv,
        "jsonl": lambda path: pandas.read_json(path, lines=True),
        "parquet": pandas.read_parquet,
    }
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _of_athena(path)]
    if not paths:
        raise DataError(f"{folder} holds no file: the query answered nothing, or nothing lies at the prefix")
    return pandas.concat([readers[form](path) for path in paths], ignore_index=True)


def digest(folder: Path) -> str:
    """SHA-256 of the contents of all files, whatever they are called: the same rows in the same files are the same."""
    contents = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256("".join(contents).encode()).hexdigest()


def clean(table: pandas.DataFrame, problem: Problem) -> pandas.DataFrame:
    """The columns that are needed, with true and false as 1 and 0, and the rows whose target is known.

    Raises DataError for columns that are missing or of a type from which nothing is learnt, and for too few rows.
    """
    table = table[problem.kept(table.columns)]
    table = table[table[problem.target].notna()].reset_index(drop=True)
    for column in table.columns:
        values = table[column].dropna()
        if types.is_bool_dtype(table[column]) or (
            len(values) and values.map(lambda value: isinstance(value, bool)).all()
        ):
            table[column] = table[column].astype("boolean").astype("Int64")
        elif not types.is_numeric_dtype(table[column]) and not values.map(lambda value: isinstance(value, str)).all():
            raise DataError(
                f"column {column} holds neither numbers nor text: name it in not_inputs, or make it a number"
            )
    if len(table) < FEWEST:
        raise DataError(f"{len(table)} rows have a {problem.target}; {FEWEST} are the fewest to learn from")
    _check_target(table[problem.target], problem)
    return table


def split(table: pandas.DataFrame) -> dict[str, pandas.DataFrame]:
    """Train, validation and test. Equal rows fall into the same part: none is seen in training and judged by."""
    place = pandas.util.hash_pandas_object(table.astype("string"), index=False) % 100
    parts = {
        "train": table[place < TRAIN],
        "validation": table[(place >= TRAIN) & (place < VALIDATION)],
        "test": table[place >= VALIDATION],
    }
    empty = [name for name, rows in parts.items() if rows.empty]
    if empty:
        raise DataError(f"no row is left for {', '.join(empty)}: too many rows are equal")
    return {name: rows.reset_index(drop=True) for name, rows in parts.items()}


def write_csv(table: pandas.DataFrame, folder: Path, name: str) -> None:
    """The table with a header, as Clarify and Model Monitor read it."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / name, index=False)


def write_parquet(table: pandas.DataFrame, folder: Path) -> None:
    """The table with its types, for the next step of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_parquet(folder / "part.parquet", index=False)


def _of_athena(path: Path) -> bool:
    """Whether it is what Athena writes beside rows: markers, the types of a result, and the list of its files."""
    return path.name.startswith((".", "_")) or path.name.endswith((".metadata", "-manifest.csv"))


def _check_target(target: pandas.Series, problem: Problem) -> None:
    seen = sorted(target.unique().tolist(), key=str)
    if problem.kind == REGRESSION:
        if not types.is_numeric_dtype(target):
            raise DataError(f"{problem.target} must hold numbers to be judged by the metric of the gate")
    elif len(seen) < 2:
        raise DataError(f"{problem.target} is {seen[0]} in every row: there is nothing to tell apart")
    elif problem.kind == BINARY and not set(seen) <= {0, 1}:
        raise DataError(
            f"{problem.target} holds {', '.join(map(str, seen[:5]))}: the metric of the gate needs 0 and 1 (or true and"
            " false); for classes take accuracy, f1_macro or log_loss"
        )
