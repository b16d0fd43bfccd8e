"""The managed policies of a team's roles: what each may do in SageMaker, what it may use, what it must never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.iam import Statement
from modules.core.managed_policy import ManagedPolicy
from modules.ml_use_case.names import role as role_name
from modules.ml_use_case.role_statements import TeamRole, changes_source, in_studio, must_not, runs, works
from modules.ml_use_case.workplace import Workplace


class TeamPolicies(Construct):
    """The policies of a team's roles in one account, one for each part of what they do.

    `shared` says for each role what it may do with what other modules own, part by part. Roles attach what `of` gives.

    Guarantees:
    - no AWS managed policy, and no policy of two roles: what one may do is read in one place;
    - jobs and models stand in the team's network alone, and what they store is under the account's keys;
    - no role approves a model: that takes a lead who signed in; the lead's own role builds and deploys nothing;
    - a person runs the apps of their own private space, and no one else's;
    - the branch that is built changes by a pull request alone, which somebody beside its author approved;
    - no role may become another: data is read as the role itself;
    - only the team's own `pipeline` and `serving` roles are handed on, to SageMaker alone.

    Controls: IAM-05, IAM-08, SM-06, SM-10, SM-22, SM-23, SM-24, SM-25, SM-26, SM-32, SM-35, SM-42
    (NIST 800-53 AC-3, AC-5, AC-6, SC-7, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        place: Workplace,
        roles: Sequence[TeamRole],
        shared: Mapping[TeamRole, Mapping[str, Sequence[Statement]]],
    ) -> None:
        super().__init__(scope, id_)
        self._of = {role: self._policies(place, role, shared[role]) for role in roles}

    def of(self, role: TeamRole) -> Sequence[ManagedPolicy]:
        """The policies that the role attaches."""
        return self._of[role]

    def _policies(
        self, place: Workplace, role: TeamRole, shared: Mapping[str, Sequence[Statement]]
    ) -> Sequence[ManagedPolicy]:
        parts = {
            "studio": in_studio(role, place),
            "work": works(role, place),
            "runs": runs(role, place),
            "source": changes_source(role, place),
            **shared,
            "never": must_not(role, place),
        }
        return [
            ManagedPolicy(
                self,
                f"{role}-{part}",
                naming=place.naming,
                what=f"{role_name(place.team, role)}-{part}",
                description=f"{role} of the team {place.team}: {part}",
                statements=statements,
            )
            for part, statements in parts.items()
            if statements
        ]
