"""What came in: an event of SageMaker, in a message of the queue. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from modules.ml_operations.functions.promote_model.errors import RefusedError

_ARN = re.compile(r"arn:(aws[a-z-]*):sagemaker:([a-z0-9-]+):(\d{12}):model-package/([A-Za-z0-9-]{1,63})/(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a model, as its ARN names it."""

    arn: str
    account: str
    group: str
    number: int

    @classmethod
    def of(cls, arn: str) -> Version:
        """Raises RefusedError for what is not the ARN of a version in a group."""
        found = _ARN.fullmatch(arn)
        if found is None:
            raise RefusedError("event", f"{arn!r} is not the ARN of a version of a model")
        return cls(arn, found[3], found[4].lower(), int(found[5]))

    @property
    def source(self) -> str:
        """What its files lie under in the central bucket: `<account>-<number>`."""
        return f"{self.account}-{self.number}"


def is_time(body: str) -> bool:
    """Whether the message is of a schedule, and no event of a version."""
    try:
        return bool(json.loads(body)["source"] == "aws.events")
    except (KeyError, TypeError, ValueError):
        return False


def event(version: Version) -> str:
    """The message that says of a version what SageMaker's event would have said: that it is ready and approved."""
    state = {"ModelPackageStatus": "Completed", "ModelApprovalStatus": "Approved"}
    return json.dumps({"account": version.account, "detail": {"ModelPackageArn": version.arn, **state}})


def approved(body: str) -> Version | None:
    """The version that the event in a message says is ready and approved; None when it says anything else.

    Raises RefusedError for a message that is no event: nobody but EventBridge should send any.
    """
    try:
        event: dict[str, Any] = json.loads(body)
        detail: dict[str, Any] = event["detail"]
        state = (detail["ModelPackageStatus"], detail.get("ModelApprovalStatus"))
        version = Version.of(detail["ModelPackageArn"])
        sender = event["account"]
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("event", f"the message is not an event of a model's version: {error!r}") from error
    if sender != version.account:
        raise RefusedError("event", f"the account {sender} speaks of a version of the account {version.account}")
    return version if state == ("Completed", "Approved") else None
