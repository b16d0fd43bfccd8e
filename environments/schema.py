"""`schema.json` for editors, generated from the shapes in `files.py`: `python -m environments.schema [--check]`.

`$defs/organization`, `environment`, `team`, `domain`, `features` and `project` are what the YAML files name in their
first line.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from environments.files import DomainFile, EnvironmentFile, OrganizationFile, TeamFile
from environments.project import Project
from modules.feature_store.settings import FeatureGroupSpec

SCHEMA_FILE = Path(__file__).with_name("schema.json")
_FILES: Mapping[str, type[BaseModel]] = {
    "organization": OrganizationFile,
    "environment": EnvironmentFile,
    "team": TeamFile,
    "domain": DomainFile,
    "features": FeatureGroupSpec,
    "project": Project,
}


def text() -> str:
    """The schema as it must stand in `schema.json`."""
    _, models = models_json_schema([(model, "validation") for model in _FILES.values()])
    files = {name: {"$ref": f"#/$defs/{model.__name__}"} for name, model in _FILES.items()}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": models["$defs"] | files}
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def main(arguments: Sequence[str] | None = None, target: Path = SCHEMA_FILE) -> int:
    """Write the schema to `target`, or with `--check` say by exit code 2 that it stands there in another form."""
    parser = argparse.ArgumentParser(prog="python -m environments.schema", description="Generate schema.json.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 2 when schema.json is out of date")
    if not parser.parse_args(arguments).check:
        target.write_text(text(), encoding="utf-8")
        return 0
    if target.is_file() and target.read_text(encoding="utf-8") == text():
        return 0
    sys.stderr.write(f"{target.name} is out of date: run `python -m environments.schema`\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
