"""Units of the organisation, as resource policies admit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.iam import ANYONE, Conditions, Statement


@dataclass(frozen=True, slots=True)
class Units:
    """Accounts by the units in which they stand. `paths`: `<organisation>/<root>/<unit>/.../*`, as AWS writes them.

    Raises ValueError without a path: a condition on nothing would admit nobody, or everybody.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """

    organization_id: str
    paths: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.paths:
            raise ValueError("a policy admits units by their paths: name at least one")

    def conditions(self, more: Conditions | None = None) -> Conditions:
        """What bounds a statement to principals of these units, under further conditions."""
        own: dict[str, Mapping[str, str | Sequence[str]]] = {
            "StringEquals": {"aws:PrincipalOrgID": self.organization_id},
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": self.paths},
        }
        for operator, keys in (more or {}).items():
            own[operator] = {**own.get(operator, {}), **keys}
        return own

    def allow(
        self, sid: str, actions: Sequence[str], resources: Sequence[str] = (), more: Conditions | None = None
    ) -> Statement:
        """The statement that lets principals of these units do `actions`, as far as their own account's IAM lets them.

        A policy of a repository, in ECR, speaks of that repository alone: it has no `resources`.
        """
        return Statement(sid, actions, resources=resources, principals=ANYONE, conditions=self.conditions(more))
