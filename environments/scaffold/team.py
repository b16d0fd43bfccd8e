"""The file of a new team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

from environments.model import Organization
from environments.scaffold.place import header
from environments.scaffold.scalar import scalar
from environments.vocabulary import STAGES, Stage
from modules.core.errors import ConfigError
from modules.foundations.network.addresses import free

ACCOUNT = "{account}"  # in a pattern of e-mail addresses: the name of the account
_PREFIX = 16  # of a team's networks, where there is no team yet


@dataclass(frozen=True, slots=True)
class NewTeam:
    """What is asked of a team. `uses` is an account that serves it in all stages; else three are made for it."""

    team: str
    line_of_business: str
    owner: str
    cost_center: str
    emails: str = ""
    uses: str | None = None
    consumes: Sequence[str] = ()
    users: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)


def email_pattern(organization: Organization) -> str:
    """How addresses of accounts are made, after those that there are: with {account} in place of the account."""
    patterns = Counter(
        account.email.replace(account.name, ACCOUNT)
        for account in organization.accounts
        if account.name in account.email
    )
    return patterns.most_common(1)[0][0] if patterns else ""


def networks(organization: Organization) -> Mapping[Stage, str]:
    """The next free network of each stage, as large as other teams' are. Raises ConfigError when there is no room.

    Nothing where the organisation has no network in its home region.
    """
    home = organization.home_region
    if home not in organization.network_regions:
        return {}
    foundations = organization.settings("org").foundations
    taken = [cidr for account in organization.accounts for cidr in account.networks.values()]
    taken += foundations.dns.on_premises.networks
    teams = [
        account.networks[home]
        for account in organization.with_role("ml-team")
        if account.team and home in account.networks
    ]
    prefix = IPv4Network(teams[0]).prefixlen if teams else _PREFIX
    last = max(teams, key=IPv4Network, default=None)
    supernet = foundations.network.supernet
    found = free(supernet, taken, prefix=prefix, count=len(STAGES), after=last)
    if len(found) < len(STAGES):
        raise ConfigError(
            f"{supernet} has no room for three more networks /{prefix}: widen foundations.network.supernet"
        )
    return dict(zip(STAGES, found, strict=True))


def team_file(config: Path, organization: Organization, new: NewTeam) -> str:
    """The file, with the comments of the reference organisation."""
    if new.uses:
        told = f"The team works in the account {new.uses} for dev, test and prod."
    else:
        made = [f"{new.team}-{stage}" for stage in STAGES]
        told = (
            f"This one file makes three accounts, {made[0]}, {made[1]} and {made[2]}, in the units that vending names."
        )
    lines = [
        f"{header(config, 'team')}# {told}\n",
        f"team: {scalar(new.team)}",
        f"line_of_business: {scalar(new.line_of_business)}",
        f"owner: {scalar(new.owner)}",
        f"cost_center: {scalar(new.cost_center)}",
        "\naccounts:",
        *_accounts(organization, new),
    ]
    if new.consumes:
        lines.append("\nconsumes: # data domains: published tables of the layers named, up to this sensitivity")
        lines += [f"  {scalar(domain)}: {{ sensitivity: internal }}" for domain in new.consumes]
    if new.users:
        lines.append("studio: # who works in Studio, by their user name in Identity Center\n  users:")
        lines += [f"    {scalar(user)}: {{ persona: {scalar(persona)} }}" for user, persona in new.users.items()]
    if new.budgets:
        stages = ", ".join(f"{scalar(stage)}: {amount}" for stage, amount in new.budgets.items())
        told = "the owner hears at 80 % spent, and when 100 % are forecast"
        lines.append(f"monthly_budget_usd: {{ {stages} }} # {told}")
    return "\n".join(lines) + "\n"


def _accounts(organization: Organization, new: NewTeam) -> list[str]:
    if new.uses:
        return [f"  {stage}: {{ use: {scalar(new.uses)} }}" for stage in STAGES]
    found = networks(organization)
    lines = []
    for stage in STAGES:
        email = new.emails.replace(ACCOUNT, f"{new.team}-{stage}")
        network = f", cidr: {found[stage]}" if found else ""
        lines.append(f"  {stage}: {{ email: {scalar(email)}{network} }}")
    return lines
