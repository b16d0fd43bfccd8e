"""What a finding of Amazon Macie says: how much of what kind, in which object, and in which columns where it tells.

Nothing in a finding is trusted: the object's key and the names of columns are whatever somebody wrote into the bucket.
https://docs.aws.amazon.com/macie/latest/APIReference/findings-describe.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
# The first step of a JSONPath: `$.email`, `$['e mail'][0]`, `$["email"]`. Macie shortens long paths from the front: a
# path that does not begin with `$` tells no column.
_FIRST_STEP = re.compile(r"""\$(?:\.(?P<plain>[^.\[\]]+)|\[(?P<quote>['"])(?P<quoted>.+?)(?P=quote)\])""", re.DOTALL)


class UnreadableFindingError(Exception):
    """The event is no finding of sensitive data as Macie writes them: a person must look."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One kind of sensitive data. `columns` are as the file spells them; empty where the finding does not tell."""

    kind: str
    category: str
    count: int
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `high` says that Macie gave it the highest severity."""

    id: str
    account_id: str
    bucket: str
    key: str
    found_at: str
    high: bool
    detections: tuple[Detection, ...]


def read(detail: Mapping[str, Any]) -> Finding:
    """The finding in the `detail` of an event. Raises UnreadableFindingError when it is none."""
    try:
        affected, result = detail["resourcesAffected"], detail["classificationDetails"]["result"]
        finding = Finding(
            id=str(detail["id"]),
            account_id=str(detail["accountId"]),
            bucket=str(affected["s3Bucket"]["name"]),
            key=str(affected["s3Object"]["key"]),
            found_at=str(detail["createdAt"]),
            high=detail["severity"]["description"] == "High",
            detections=tuple(_detections(result)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFindingError(f"no finding of sensitive data: {type(error).__name__} {error}") from error
    if not _ID.fullmatch(finding.id):
        raise UnreadableFindingError(f"the id {finding.id!r} cannot name a proposal")
    return finding


def _detections(result: Mapping[str, Any]) -> Iterator[Detection]:
    for group in result.get("sensitiveData") or ():
        for found in group["detections"]:
            yield _detection(str(found["type"]), str(group["category"]), found)
    for found in (result.get("customDataIdentifiers") or {}).get("detections") or ():
        yield _detection(str(found["name"]), "CUSTOM_IDENTIFIER", found)


def _detection(kind: str, category: str, found: Mapping[str, Any]) -> Detection:
    return Detection(kind, category, int(found["count"]), frozenset(_columns(found.get("occurrences") or {})))


def _columns(occurrences: Mapping[str, Any]) -> Iterator[str]:
    for cell in occurrences.get("cells") or ():
        if name := cell.get("columnName"):
            yield str(name)
    for record in occurrences.get("records") or ():
        if step := _FIRST_STEP.match(str(record.get("jsonPath") or "")):
            yield step["plain"] or step["quoted"]
