"""Who writes a record: a claim on it in DynamoDB, so that what is sent twice is written once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError

# ours: write it. written: another run has. busy: another run is at it, or died at it; its lease will tell.
Standing = Literal["ours", "written", "busy"]
FREE = "attribute_not_exists(claim) OR expires_at < :now OR (#state = :claimed AND lease_until < :now)"


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims in the table `table`, each remembered for `remember_seconds`.

    A run that claims a record has `lease_seconds` to write it: no less than a run may take. When it dies in between,
    the lease runs out, and the run that gets the message next writes the record; so nothing is lost.
    """

    client: Any
    table: str
    lease_seconds: int
    remember_seconds: int

    def claim(self, name: str, now: int) -> Standing:
        """Claim `name`, unless it is written or claimed already. Raises ClientError when DynamoDB cannot say."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    "claim": {"S": name},
                    "state": {"S": "claimed"},
                    "lease_until": {"N": str(now + self.lease_seconds)},
                    "expires_at": {"N": str(now + self.remember_seconds)},
                },
                ConditionExpression=FREE,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":claimed": {"S": "claimed"}, ":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return "written" if error.response["Item"]["state"]["S"] == "written" else "busy"
        return "ours"

    def written(self, name: str, now: int) -> None:
        """Say that the record is written. Without it, the next run with the same record writes it once more."""
        self.client.update_item(
            TableName=self.table,
            Key={"claim": {"S": name}},
            UpdateExpression="SET #state = :written, expires_at = :expires",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={
                ":written": {"S": "written"},
                ":expires": {"N": str(now + self.remember_seconds)},
            },
        )
