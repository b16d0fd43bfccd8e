"""Who registered a version, who approved it, and whether these are two. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modules.ml_operations.functions.promote_model.errors import RefusedError
from modules.ml_operations.identity import behind


@dataclass(frozen=True, slots=True)
class Person:
    """A principal, as SageMaker remembers it: the ARN of its session, and the identity behind the session."""

    arn: str
    behind: str
    profile: str

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Person | None:
        """None where SageMaker does not say who it was."""
        identity = context.get("IamIdentity", {})
        arn = str(identity.get("Arn", ""))
        return (
            cls(arn, str(identity.get("SourceIdentity", "")), str(context.get("UserProfileArn", ""))) if arn else None
        )

    def is_also(self, other: Person) -> bool:
        """Whether both are one: the same session, identity, profile or person, or no people and the same role."""
        known = (self.behind, other.behind), (self.profile, other.profile)
        if self.arn == other.arn or any(mine and mine == theirs for mine, theirs in known):
            return True
        return behind(self.arn) == behind(other.arn)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who made a version, who approved it, and when (ISO 8601, UTC)."""

    author: str
    approver: str
    at: str


def approval(package: Mapping[str, Any]) -> Approval | None:
    """How the version was approved, as the registry says; None when it is not approved, or not any more.

    Who changed it last counts as who approved it: whoever did so after the approval answers for it. Raises RefusedError
    when that is its author, or when the registry does not say who was who.
    """
    if (package["ModelPackageStatus"], package.get("ModelApprovalStatus")) != ("Completed", "Approved"):
        return None
    author, approver = (Person.of(package.get(name, {})) for name in ("CreatedBy", "LastModifiedBy"))
    if author is None or approver is None:
        raise RefusedError(
            "unknown-approver", "SageMaker does not say who made and who approved the version: approve it again"
        )
    if approver.is_also(author):
        raise RefusedError(
            "own-approval", f"{approver.arn} made the version and approved it: another person must approve it"
        )
    return Approval(author.arn, approver.arn, package["LastModifiedTime"].isoformat(timespec="seconds"))
