"""Delegated administrators of security services, region by region: what those services have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.organizations.models import organizations_backends

from delivery.emulator.service import AwsError, Call
from delivery.emulator.store import Record

Refuse = Callable[[str], AwsError]


def refuse_with(code: str) -> Refuse:
    """The errors of a service that calls a refusal `code`."""
    return lambda message: AwsError(code, message)


class Administrators:
    """The administrator of one service in the caller's organisation and region.

    As on AWS the management account names it, it is another account of the organisation, and there is one at a time.
    Unlike AWS nothing is done about trusted access, which Terraform sets up by itself.
    """

    def __init__(self, refuse: Refuse) -> None:
        self._refuse = refuse

    def enable(self, call: Call, account: str) -> None:
        """Make `account` the administrator; the same one twice is no error."""
        organization = self._managed(call)
        if account == call.account or all(str(one.id) != account for one in organization.accounts):
            raise self._refuse(f"{account} is no member account of this organisation")
        found = self._table(call, organization)
        if found and account not in found:
            raise self._refuse(f"{next(iter(found))} is the administrator already")
        found[account] = {}

    def disable(self, call: Call, account: str | None = None) -> None:
        """Take the office from `account`, or from whoever has it."""
        found = self._table(call, self._managed(call))
        if account is not None and account not in found:
            raise self._refuse(f"{account} is not the administrator")
        found.clear()

    def listed(self, call: Call) -> list[str]:
        """The administrator, if there is one; the management account alone may ask."""
        return list(self._table(call, self._managed(call)))

    def require(self, call: Call) -> None:
        """Refuse a caller that is not the administrator."""
        organization = _organization(call.account)
        if organization is None or call.account not in self._table(call, organization):
            raise self._refuse(f"{call.account} does not administer the organisation in {call.region}")

    def member(self, call: Call, account: str) -> None:
        """Refuse an account that is not in the caller's organisation, or is the caller itself."""
        self.require(call)
        organization = _organization(call.account)
        if account == call.account or all(str(one.id) != account for one in organization.accounts):
            raise self._refuse(f"{account} is no other account of this organisation")

    def _managed(self, call: Call) -> Any:
        if not manages(call.account):
            raise self._refuse(f"{call.account} manages no organisation")
        return _organization(call.account)

    @staticmethod
    def _table(call: Call, organization: Any) -> dict[str, Record]:
        return call.store.table(str(organization.org.id), call.region, call.service, "administrator")


def manages(account: str) -> bool:
    """Whether the account is the management account of an organisation."""
    organization = _organization(account)
    return organization is not None and str(organization.org.master_account_id) == account


def _organization(account: str) -> Any:
    """moto's backend of the organisation that the account is in; None when it is in none."""
    manager, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    backend = organizations_backends[manager][partition]
    return backend if backend.org is not None else None
