"""Who promotes a version: a claim in DynamoDB, so that two runs never register it twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.functions.promote_model.errors import BusyError

# For how long a claim tells that the version is promoted: by far longer than the registry's lists lag behind it.
REMEMBER_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims in the table `table`, each for `lease_seconds`: longer than a run can last.

    A run that dies keeps its claim until then; the queue gives its message out again later still. What a claim says of
    a version that is promoted already spares a look into the registry, which alone knows of older ones.
    """

    client: Any
    table: str
    lease_seconds: int
    clock: Callable[[], float]

    def claim(self, version: str) -> str | None:
        """Claim the version; returns the ARN of its central copy when a run has made one lately.

        Raises BusyError while another run has the version, and ClientError when DynamoDB cannot say.
        """
        now = int(self.clock())
        try:
            self.client.put_item(
                TableName=self.table,
                Item=self._item(version, now + self.lease_seconds),
                ConditionExpression="attribute_not_exists(source_version) OR expires_at < :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            central = error.response["Item"].get("central_version")
            if central is None:
                raise BusyError(f"another run promotes {version}") from error
            return str(central["S"])
        return None

    def promoted(self, version: str, central: str) -> None:
        """Remember what the version was promoted to."""
        item = self._item(version, int(self.clock()) + REMEMBER_SECONDS)
        self.client.put_item(TableName=self.table, Item={**item, "central_version": {"S": central}})

    def release(self, version: str) -> None:
        """Let the next run have the version."""
        self.client.delete_item(TableName=self.table, Key={"source_version": {"S": version}})

    def _item(self, version: str, until: int) -> dict[str, Any]:
        return {"source_version": {"S": version}, "expires_at": {"N": str(until)}}
