"""Which accounts administer a service for the organisation in the management account's stead. No cdktf here."""

from __future__ import annotations

from environments.model import Account, Organization


def administrators(organization: Organization, region: str) -> dict[str, Account]:
    """The account that is delegated `security`, and at home `addresses` where that is set, if not management itself."""
    found = {"security": organization.account_for("security-tooling", "org")}
    if region == organization.home_region and organization.settings("org").foundations.delegation.ipam:
        found["addresses"] = organization.account_for("network", "org")
    return {what: account for what, account in found.items() if account != organization.management}
