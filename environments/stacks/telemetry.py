"""What every account sends from each region: telemetry, logs and alarms; and as whom others look into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from environments.model import Account, Organization
from environments.observers import observing_account, stopping_accounts
from environments.stacks.base import PlatformStack
from environments.stacks.usage import usage_reader, waste_stopper
from modules.foundations.contract import AccessContract
from modules.observability.account_logs import AccountLogs
from modules.observability.alarm_forwarding import AlarmForwarding
from modules.observability.contract import SinkContract
from modules.observability.invocation_log import InvocationLog
from modules.observability.log_subscription import LogSubscription
from modules.observability.telemetry_link import TelemetryLink
from modules.observability.trace_faults import TraceFaults


def telemetry(stack: PlatformStack, key_arns: Mapping[str, str]) -> None:
    """Place all that the account of the baseline `stack` sends; `key_arns` are its own keys, by purpose."""
    settings = stack.settings.observability
    if SinkContract in stack.place.consumes:  # the observability account sees what is its own without a link
        TelemetryLink(stack, "telemetry", settings=settings.telemetry.link, sink=stack.consume(SinkContract))
    TraceFaults(stack, "trace-faults", naming=stack.naming)
    _logs(stack, key_arns["account-logs"])
    _alarms(stack, key_arns["messages"])
    if stack.at_home and stack.place.account.former is None:
        usage_reader(stack)
        if stack.place.account in stopping_accounts(stack.organization):
            waste_stopper(stack)


def _logs(stack: PlatformStack, key_arn: str) -> None:
    """What holds for the account's log groups and where they go, and the log of what its models are asked."""
    account, settings = stack.place.account, stack.settings.observability
    boundary_arn = stack.consume(AccessContract).boundary_arn
    if settings.log_groups.enabled:
        LogSubscription(
            stack,
            "log-groups",
            naming=stack.naming,
            settings=settings.log_groups,
            archive=stack.naming_of(stack.organization.account_for("log-archive", "org")),
            at_home=stack.at_home,
            boundary_arn=boundary_arn,
        )
    AccountLogs(
        stack,
        "account-logs",
        naming=stack.naming,
        settings=settings.telemetry.logs,
        key_arn=key_arn,
        roles=account.roles if stack.at_home else (),  # no job runs abroad
    )
    if settings.telemetry.invocations.enabled and stack.at_home and offers_bedrock(stack.organization, account):
        InvocationLog(
            stack,
            "invocations",
            naming=stack.naming,
            settings=settings.telemetry.invocations,
            logs_key_arn=key_arn,
            log_days=settings.telemetry.logs.days_of("bedrock-invocations"),
            boundary_arn=boundary_arn,
        )


def _alarms(stack: PlatformStack, key_arn: str) -> None:
    hears = stack.naming_of(observing_account(stack.organization, stack.place.account))
    AlarmForwarding(
        stack,
        "alarms",
        naming=stack.naming,
        hears=replace(hears, region=stack.organization.home_region),
        at_home=stack.at_home,
        key_arn=key_arn,
        boundary_arn=stack.consume(AccessContract).boundary_arn,
    )


def offers_bedrock(organization: Organization, account: Account) -> bool:
    """Whether a team works in the account and its network reaches Bedrock, which AWS China lacks."""
    groups = organization.settings("org").foundations.endpoints.groups
    return "ml-team" in account.roles and "bedrock" in groups and organization.partition != "aws-cn"
