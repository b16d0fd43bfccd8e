"""Which account administers security services for the organisation in the management account's stead. No cdktf here."""

from __future__ import annotations

from environments.model import Account, Organization


def security_administrator(organization: Organization) -> Account | None:
    """The account with the role security tooling; None where that is the management account itself."""
    account = organization.account_for("security-tooling", "org")
    return account if account != organization.management else None
