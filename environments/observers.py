"""Which accounts observe, report on or stop what stands in others: what several stacks ask. No cdktf here."""

from __future__ import annotations

from environments.model import Account, Organization


def observing_account(organization: Organization, account: Account) -> Account:
    """The account with the role observability to which `account` shows its telemetry and reports its alarms."""
    return organization.account_for("observability", account.environment)


def reporting_account(organization: Organization) -> Account:
    """The account that observes the organisation as a whole: its costs and usage are reported there, its logs asked."""
    return organization.account_for("observability", "org")


def reported_accounts(organization: Organization) -> tuple[Account, ...]:
    """The accounts whose usage is listed: all but those on their way out, in which everything is denied."""
    return tuple(account for account in organization.accounts if account.former is None)


def stopping_accounts(organization: Organization) -> tuple[Account, ...]:
    """The accounts of ML teams for development alone, where the settings of `dev` let what nobody uses be stopped."""
    if organization.settings("dev").cost_reporting.usage.stop.mode == "off":
        return ()
    return tuple(
        account
        for account in reported_accounts(organization)
        if account.environment == "dev" and "ml-team" in account.roles
    )
