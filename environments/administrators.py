"""Which account administers security services for the organisation in the management account's stead. No cdktf here."""

from __future__ import annotations

from environments.model import Account, Organization
from modules.foundations.security.availability import offered
from modules.foundations.security.settings import MacieSettings


def security_administrator(organization: Organization) -> Account | None:
    """The account with the role security tooling; None where that is the management account itself."""
    account = organization.account_for("security-tooling", "org")
    return account if account != organization.management else None


def sensitive_data_settings(organization: Organization, account: Account) -> MacieSettings | None:
    """How Macie works in the account; None where it is not on.

    The security stacks switch it on in their own account, and in all others where they administer the organisation.
    """
    tooling = organization.account_for("security-tooling", "org")
    macie = organization.settings(tooling.environment).foundations.security.macie
    reached = security_administrator(organization) is not None or account == tooling
    return macie if macie.enabled and offered(organization.partition).macie and reached else None
