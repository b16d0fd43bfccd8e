"""A view of Athena. No cdktf here.

AWS Glue keeps a view as a table whose text is the view's definition in JSON, in Base64, as Athena writes it itself:
https://trino.io/docs/current/connector/hive.html#hive-views
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

# Hive's name of a type -> that of Athena's SQL; what is not here is called alike.
_SQL_TYPES: Mapping[str, str] = {"string": "varchar", "int": "integer", "timestamp": "timestamp(3)"}
# https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
LONGEST = 409_600


@dataclass(frozen=True, slots=True)
class View:
    """The view `name`. `columns`: name -> Hive's name of its type, in the order in which `sql` selects them.

    `sql` is one SELECT of Athena over tables and views of the same database, called by their bare names.
    """

    name: str
    description: str
    columns: Mapping[str, str] = field(hash=False)
    sql: str

    def text(self, database: str) -> str:
        """What AWS Glue keeps as the view's original text; raises ValueError when that is longer than it takes."""
        definition = {
            "originalSql": self.sql,
            "catalog": "awsdatacatalog",
            "schema": database,
            "columns": [{"name": name, "type": _SQL_TYPES.get(kind, kind)} for name, kind in self.columns.items()],
        }
        encoded = base64.b64encode(json.dumps(definition, separators=(",", ":")).encode()).decode()
        text = f"/* Presto View: {encoded} */"
        if len(text) > LONGEST:
            raise ValueError(f"the view {self.name} has {len(text)} characters, and AWS Glue takes {LONGEST}")
        return text


def literal(text: str) -> str:
    """`text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
