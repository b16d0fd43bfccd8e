"""The JSON schema of passports, generated from `passport/model.py`: `python -m modules.ml_operations.passport_schema`.

For who reads passports without mlgov. What the schema cannot say, `mlgov passport verify` checks: the one form of the
bytes, and that no evidence is missing.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import TypeAdapter

from modules.core.assets import ROOT
from modules.ml_operations.passport.model import Passport

FILE = ROOT / "docs" / "passport.schema.json"


def text() -> str:
    """The schema as it must stand in FILE."""
    schema = TypeAdapter(Passport).json_schema()
    for body in (schema, *schema["$defs"].values()):
        _close(body)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, sort_keys=True) + "\n"


def _close(body: dict[str, Any]) -> None:
    """Every key is there, and no other: as passports are read."""
    body["additionalProperties"] = False
    body["required"] = sorted(body["properties"])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT).as_posix()}\n")
