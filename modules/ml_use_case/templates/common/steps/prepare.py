"""Step Prepare: checks what the query answered, splits it, and says from what the model comes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pandas

from problem import Problem
from tables import clean, digest, read, split, write_csv, write_parquet


def arguments() -> argparse.ArgumentParser:
    """The folders that the pipeline names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for folder in ("data", "train", "validation", "test", "baseline", "bias", "lineage"):
        parser.add_argument(f"--{folder}", type=Path, required=True)
    return parser


def main(argv: Sequence[str] | None = None, problem: Problem | None = None) -> None:
    """Read --data; write --train, --validation, --test, and what baselines and lineage need.

    Raises DataError when the data do not fit the project's settings.
    """
    folders = arguments().parse_args(argv)
    problem = problem or Problem.load()
    raw = read(folders.data, problem.format)
    table = clean(raw, problem)
    parts = split(table)
    for name, rows in parts.items():
        write_parquet(rows, getattr(folders, name))
    write_csv(described(parts["train"], problem), folders.baseline, "baseline.csv")
    write_csv(parts["train"][[problem.target, *problem.facets]], folders.bias, "data.csv")
    lineage = {
        "sha256": digest(folders.data),
        "rows": str(len(table)),
        "rows_without_target": str(len(raw) - len(table)),
        "parts": {name: len(rows) for name, rows in parts.items()},
        "columns": list(table.columns),
    }
    folders.lineage.mkdir(parents=True, exist_ok=True)
    (folders.lineage / "lineage.json").write_text(json.dumps(lineage, indent=2))
    print(json.dumps({"message": "prepared", **lineage}))


def described(rows: pandas.DataFrame, problem: Problem) -> pandas.DataFrame:
    """What the baseline of the data describes: the columns, and of a text its measures instead of its words."""
    if problem.text is None:
        return rows
    text = rows[problem.text].astype("string").fillna("")
    measures = {
        "characters": text.str.len(),
        "words": text.str.split().str.len(),
        "capitals": text.str.count(r"[A-Z]"),
        "digits": text.str.count(r"[0-9]"),
    }
    return rows.drop(columns=problem.text).assign(**measures)


if __name__ == "__main__":
    main()
