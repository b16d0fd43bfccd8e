"""Both ends of the ways of usage and waste: roles in baselines, and what becomes them where it is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from environments.model import Account, Organization
from environments.observers import reported_accounts, reporting_account, stopping_accounts
from environments.stacks.base import PlatformStack
from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.foreign_role import ForeignRole
from modules.cost_reporting.edges import READS_USAGE, STOPS_WASTE
from modules.cost_reporting.names import USAGE_INVENTORY, USAGE_READER, WASTE_STOP, WASTE_STOPPER
from modules.cost_reporting.reports_store import ReportsStore
from modules.cost_reporting.usage_inventory import UsageInventory
from modules.cost_reporting.usage_reader import UsageReader
from modules.cost_reporting.usage_tables import UsageTables
from modules.cost_reporting.visited import Visited
from modules.cost_reporting.waste_stop import WasteStop, topic_arn
from modules.cost_reporting.waste_stopper import WasteStopper
from modules.foundations.contract import AccessContract, OrganizationContract


def usage_reader(stack: PlatformStack) -> UsageReader:
    """Place the role as which the inventory lists what is in the stack's account."""
    account, reporting = stack.place.account, reporting_account(stack.organization)
    return UsageReader(
        stack,
        "usage-reader",
        naming=stack.naming,
        inventory=ForeignRole(
            stack.naming_of(reporting), USAGE_INVENTORY, stack.consume(OrganizationContract).organization_id
        ),
        boundary_arn=stack.consume(AccessContract).boundary_arn,
        edge=None if account == reporting else stack.edge(READS_USAGE, reporting.name, account.name),
    )


def usage_and_waste(stack: PlatformStack, store: ReportsStore) -> None:
    """Place the inventory of all accounts with its table and views, and what stops apps in those that allow it."""
    settings = stack.organization.settings("org").cost_reporting
    letters = {USAGE_INVENTORY: _usage_inventory(stack, store).dead_letters}
    UsageTables(
        stack,
        "usage-tables",
        settings=settings.usage,
        database=store.database_name,
        bucket=store.bucket_name,
        keep_days=settings.reports.keep_usage_days,
    )
    if stopping_accounts(stack.organization):
        letters[WASTE_STOP] = _waste_stop(stack, store).dead_letters
    for what, queue in letters.items():
        DeadLetterAlarm(
            stack,
            f"{what}-alarm",
            naming=stack.naming,
            what=what,
            queue=queue,
            topic_arn=store.topic.arn,
            after=(store.topic.policy,),
        )


def _usage_inventory(stack: PlatformStack, store: ReportsStore) -> UsageInventory:
    organization, here = stack.organization, stack.place.account
    accounts = reported_accounts(organization)
    return UsageInventory(
        stack,
        "usage",
        naming=stack.naming,
        accounts=list(_visited(stack, accounts, USAGE_READER)),
        regions=organization.governed_regions,
        required_tags=organization.settings("org").cost_reporting.usage.required_tags,
        organization_id=stack.consume(OrganizationContract).organization_id,
        bucket_name=store.bucket_name,
        bucket_arn=store.bucket_arn,
        key_arn=store.key_arn,
        boundary_arn=stack.consume(AccessContract).boundary_arn,
        edges=[stack.edge(READS_USAGE, here.name, each.name) for each in accounts if each != here],
    )


def waste_stopper(stack: PlatformStack) -> WasteStopper:
    """Place the role as which what nobody uses is stopped in the stack's account."""
    account, reporting = stack.place.account, reporting_account(stack.organization)
    return WasteStopper(
        stack,
        "waste-stopper",
        naming=stack.naming,
        settings=stack.settings.cost_reporting.usage.stop,
        function=ForeignRole(
            stack.naming_of(reporting), WASTE_STOP, stack.consume(OrganizationContract).organization_id
        ),
        boundary_arn=stack.consume(AccessContract).boundary_arn,
        edge=stack.edge(STOPS_WASTE, reporting.name, account.name),
    )


def _waste_stop(stack: PlatformStack, store: ReportsStore) -> WasteStop:
    organization = stack.organization
    accounts = stopping_accounts(organization)
    owners: dict[str | None, str] = {
        team.name: team.owner for team in organization.teams if team.name in {each.team for each in accounts}
    }
    if any(each.team is None for each in accounts):
        owners[None] = organization.contacts.operations.email
    stop = organization.settings("dev").cost_reporting.usage.stop
    visited = [
        replace(each, mode=stop.mode, topic_arn=topic_arn(stack.naming, each.team))
        for each in _visited(stack, accounts, WASTE_STOPPER)
    ]
    return WasteStop(
        stack,
        "waste",
        naming=stack.naming,
        settings=stop,
        accounts=visited,
        owners=owners,
        regions=organization.governed_regions,
        keep_days=organization.settings("org").cost_reporting.reports.keep_usage_days,
        database=store.database_name,
        organization_id=stack.consume(OrganizationContract).organization_id,
        bucket_name=store.bucket_name,
        bucket_arn=store.bucket_arn,
        key_arn=store.key_arn,
        boundary_arn=stack.consume(AccessContract).boundary_arn,
        edges=[stack.edge(STOPS_WASTE, stack.place.account.name, each.name) for each in accounts],
    )


def _visited(stack: PlatformStack, accounts: tuple[Account, ...], role: str) -> Iterator[Visited]:
    for account in accounts:
        yield Visited(
            account.name,
            stack.naming_of(account).role_arn(role),
            account.environment,
            account.team,
            _line_of_business(stack.organization, account),
        )


def _line_of_business(organization: Organization, account: Account) -> str | None:
    found = (team.line_of_business for team in organization.teams if team.name == account.team)
    return next(found, None)
