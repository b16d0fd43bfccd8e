"""Which version is live where: the row that the build writes when it has deployed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.releases import ACCOUNT, PROJECT, Release


@dataclass(frozen=True, slots=True)
class Record:
    """The table of releases. `table` is its name, `store` a client of DynamoDB."""

    store: Any
    table: str

    def write(self, candidate: Candidate, account: str, execution_id: str) -> Release:
        """Say that the version is live in `account`; the row before is replaced, and what was live then remembered."""
        key = {PROJECT: {"S": candidate.project}, ACCOUNT: {"S": account}}
        last = self.store.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        release = Release(
            project=candidate.project,
            account=account,
            model_package_arn=candidate.model_package_arn,
            version=candidate.version,
            passport=candidate.passport,
            execution_id=execution_id,
            released_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ).after(Release.of(last) if last else None)
        self.store.put_item(TableName=self.table, Item=release.item())
        return release
