"""Who works where: the groups of people, and what each may do in which account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from environments.files import Identity
from environments.model import Account, Organization
from environments.vocabulary import STAGES, Role, Stage
from modules.foundations.personas import (
    PLATFORM_PERSONAS,
    TEAM_PERSONAS,
    Assignment,
    Group,
    PermissionSetName,
    PlatformPersona,
    TeamPersona,
)

# What a team's people hold in its accounts: all of them in dev, fewer in test, and in prod they look only.
TEAM_ACCESS: Mapping[Stage, Mapping[TeamPersona, PermissionSetName]] = {
    "dev": {persona: persona for persona in TEAM_PERSONAS},
    "test": {"ml-engineer": "ml-engineer", "ml-team-lead": "ml-reader"},
    "prod": {"ml-engineer": "ml-reader", "ml-team-lead": "ml-reader"},
}
# In which accounts the organisation's own personas work, by the accounts' roles.
PLATFORM_ACCESS: Mapping[PlatformPersona, tuple[Role, ...]] = {
    "cloud-administrator": ("management", "network", "observability", "shared-services"),
    "data-lake-administrator": ("data-governance", "data-domain"),
    "executive": ("management",),
    "ml-governance-lead": ("ml-shared-services",),
    "ml-platform-administrator": ("ml-shared-services",),
}


def group_name(identity: Identity, organization: str, group: Group) -> str:
    """What the group is called in Identity Center, by the patterns in YAML."""
    pattern = identity.team_groups if group.team else identity.platform_groups
    return pattern.format(organization=organization, team=group.team, persona=group.persona)


def groups(teams: Sequence[str]) -> tuple[Group, ...]:
    """Every group there is: those of the organisation, then those of each team."""
    platform = tuple(Group(persona) for persona in PLATFORM_PERSONAS)
    return (*platform, *(Group(persona, team) for team in teams for persona in TEAM_PERSONAS))


def assignments(organization: Organization) -> tuple[Assignment, ...]:
    """Who holds what where, sorted; each once, also where one account serves several purposes."""
    found = {*_of_platform(organization), *_of_teams(organization)}
    return tuple(sorted(found, key=lambda assignment: (assignment.account, assignment.id)))


def assigned_accounts(organization: Organization) -> tuple[Account, ...]:
    """The accounts in which somebody holds something, sorted by name."""
    names = {assignment.account for assignment in assignments(organization)}
    return tuple(account for account in organization.accounts if account.name in names)


def holds(organization: Organization, account: Account, permission_set: PermissionSetName) -> bool:
    """Whether Identity Center makes a role of this permission set in the account."""
    return organization.identity.enabled and any(
        each.account == account.name and each.permission_set == permission_set for each in assignments(organization)
    )


def _of_platform(organization: Organization) -> Iterator[Assignment]:
    for persona, roles in PLATFORM_ACCESS.items():
        for role in roles:
            for account in organization.with_role(role):
                yield Assignment(account.name, Group(persona), persona)
    for account in organization.accounts:
        if account.roles and account.former is None:
            yield Assignment(account.name, Group("security-auditor"), "security-auditor")


def _of_teams(organization: Organization) -> Iterator[Assignment]:
    for team in organization.teams:
        if team.offboarding != "suspended":  # while its workloads run, an emergency can happen
            yield Assignment(team.prod, Group("break-glass"), "break-glass")
        if team.offboarding is not None:
            continue
        for stage in STAGES:
            for persona, held in TEAM_ACCESS[stage].items():
                yield Assignment(team.account(stage), Group(persona, team.name), held)
            registry = organization.account_for("ml-shared-services", stage)
            yield Assignment(registry.name, Group("ml-team-lead", team.name), "ml-team-lead")
        store = organization.account_for("feature-store", "org")
        yield Assignment(store.name, Group("data-engineer", team.name), "data-engineer")
