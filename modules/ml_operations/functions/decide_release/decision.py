"""What an approval in the central registry comes to. Pure.

What is decided follows from what the registry says now and from what was decided before, never from the event: events
come twice, late, out of order, or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from modules.ml_operations.releases import Decision, Release

APPROVED = "Approved"
MODELS = "models.json"  # generated beside this file: name of a declared group -> its `Model`
VARIABLE = "MODEL_PACKAGE_ARN"  # of the pipelines
# Names of metrics, beside those of verdicts: accounts in which a version is live that is not approved, of all models.
UNAPPROVED, UNDECLARED = "LiveUnapproved", "VersionsUndeclared"


class Verdict(Enum):
    """What is done. The values are the names by which CloudWatch counts them."""

    RELEASE = "ReleasesStarted"
    DONE = "ReleasesStartedBefore"
    SUPERSEDED = "VersionsSuperseded"
    NOT_SERVED = "VersionsNotServed"
    NOT_APPROVED = "VersionsNotApproved"
    LIVE_UNAPPROVED = "VersionsLiveUnapproved"


@dataclass(frozen=True, slots=True)
class Model:
    """A declared model: `pipeline` that releases it, empty where it is not served; account -> what serves it there.

    What the table says of other accounts was true once: the model is served there no more.
    """

    project: str
    pipeline: str
    places: dict[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the registry has it now. `changed` is when its approval changed last."""

    arn: str
    number: int
    approval: str
    changed: datetime


def verdict(
    version: Version, model: Model, newer: int | None, last: Decision | None, live: Sequence[Release]
) -> Verdict:
    """`newer`: the newest approved version above this one; `last`: what was decided on it; `live`: where it is live.

    Of approved versions the newest is released, and each once for each approval: an older one only after those above
    it were rejected, so that the order in which events come makes no difference. What is not approved never is.
    """
    if version.approval != APPROVED:
        return Verdict.LIVE_UNAPPROVED if live else Verdict.NOT_APPROVED
    if not model.pipeline:
        return Verdict.NOT_SERVED
    if last is not None and last.approval == APPROVED:
        return Verdict.DONE
    return Verdict.RELEASE if newer is None else Verdict.SUPERSEDED


def token(version: Version) -> str:
    """What makes two starts for one approval one start: CodePipeline takes 128 letters, digits and hyphens."""
    return hashlib.sha256(f"{version.arn} {version.changed.isoformat()}".encode()).hexdigest()


def notice(version: Version, model: Model, live: Sequence[Release]) -> tuple[str, str]:
    """Subject and text for people: an unapproved version answers requests. A subject has 100 characters at most."""
    places = "\n".join(
        f"- {each.account}: {model.places[each.account]}, released "
        f"{each.released_at} by execution {each.execution_id}; before it: {each.previous}"
        for each in live
    )
    subject = f"{model.project}: version {version.number} is {version.approval} and live"
    text = (
        f"Version {version.number} of {model.project} is {version.approval} in the central registry, and live in:\n"
        f"{places}\n\nModel package: {version.arn}\n"
        "Approve a version that takes its place; or take down what serves it: serving.ended in the project's file."
    )
    return subject[:100], text
