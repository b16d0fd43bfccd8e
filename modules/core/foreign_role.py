"""One role of another account of the organisation, as resource policies admit it. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.iam import Conditions, Principals, account_root
from modules.core.naming import Naming


@dataclass(frozen=True, slots=True)
class ForeignRole:
    """The role `what` in the account of `naming`, for as long as that account belongs to the organisation.

    AWS refuses a policy whose principal does not exist, and forgets one that is made anew: so the account stands as the
    principal, and the role in a condition, where it may come later.
    """

    naming: Naming
    what: str
    organization_id: str

    @property
    def principals(self) -> Principals:
        """Whom a statement admits, under `conditions` alone."""
        return account_root(self.naming.partition, self.naming.account_id)

    def conditions(self, more: Conditions | None = None) -> Conditions:
        """What bounds a statement to this role, under further conditions."""
        own: dict[str, Mapping[str, str | Sequence[str]]] = {
            "ArnEquals": {"aws:PrincipalArn": self.naming.role_arn(self.what)},
            "StringEquals": {"aws:PrincipalOrgID": self.organization_id},
        }
        for operator, keys in (more or {}).items():
            own[operator] = {**own.get(operator, {}), **keys}
        return own
