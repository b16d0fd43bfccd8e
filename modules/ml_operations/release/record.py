"""Which version is live where: the row that the build writes when it has deployed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from modules.ml_operations.layout import ServedVersion


@dataclass(frozen=True, slots=True)
class Releases:
    """The table of releases. `table` is its name, `store` a client of DynamoDB."""

    store: Any
    table: str

    def write(self, project: str, account: str, version: ServedVersion, execution_id: str) -> None:
        """Say that `version` of the project is live in `account`; the row before is replaced."""
        self.store.put_item(
            TableName=self.table,
            Item={
                "project": {"S": project},
                "account": {"S": account},
                "model_package_arn": {"S": version["model_package_arn"]},
                "version": {"S": version["version"]},
                "passport": {"S": version["passport"]},
                "execution_id": {"S": execution_id},
                "released_at": {"S": datetime.now(UTC).isoformat(timespec="seconds")},
            },
        )
