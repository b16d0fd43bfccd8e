"""Who works on the platform: personas, and the permission sets that they get. No cdktf here.

A persona is a job, with a group of people; a permission set is what such a group may do in an account. Each
persona has the permission set of its own name; `ml-reader` is what a team sees of its accounts beyond dev.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

# Each team has a group of its own for each of these ...
TeamPersona = Literal["data-engineer", "data-scientist", "ml-engineer", "ml-team-lead"]
# ... and the organisation has one group for each of these.
PlatformPersona = Literal[
    "break-glass",
    "cloud-administrator",
    "data-lake-administrator",
    "executive",
    "ml-governance-lead",
    "ml-platform-administrator",
    "security-auditor",
]
Persona = Literal[TeamPersona, PlatformPersona]
PermissionSetName = Literal[Persona, "ml-reader"]

TEAM_PERSONAS: tuple[TeamPersona, ...] = get_args(TeamPersona)
PLATFORM_PERSONAS: tuple[PlatformPersona, ...] = get_args(PlatformPersona)
PERMISSION_SETS: tuple[PermissionSetName, ...] = get_args(PermissionSetName)
# The only one who may change a model's approval; it may not register a model, so nobody approves their own.
APPROVER: TeamPersona = "ml-team-lead"
EMERGENCY: PlatformPersona = "break-glass"
EMERGENCY_HOURS = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """A permission set without its statements: a session lasts `hours`, `managed` are names of AWS's policies."""

    description: str
    hours: int
    managed: tuple[str, ...] = ()


PROFILES: Mapping[PermissionSetName, Profile] = {
    "break-glass": Profile("Repairs production in an emergency", EMERGENCY_HOURS, ("PowerUserAccess",)),
    "cloud-administrator": Profile("Runs landing zone and network", 4, ("ReadOnlyAccess",)),
    "data-engineer": Profile("Builds data pipelines and writes features", 8),
    "data-lake-administrator": Profile("Administers the data catalogue, its tags and grants", 4),
    "data-scientist": Profile("Explores data, trains models and registers them", 8),
    "executive": Profile("Reads costs and budgets", 4),
    "ml-engineer": Profile("Deploys models and runs pipelines", 8),
    "ml-governance-lead": Profile("Documents models and oversees their approvals", 4),
    "ml-platform-administrator": Profile("Runs portfolios, registries, buses and repositories", 4),
    "ml-reader": Profile("Sees how a team's models run, and changes nothing", 8),
    "ml-team-lead": Profile("Launches projects and approves the models of the team", 8),
    "security-auditor": Profile("Reads findings and evidence", 4, ("SecurityAudit", "job-function/ViewOnlyAccess")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one persona; those of one team when the persona is a team's."""

    persona: Persona
    team: str | None = None

    @property
    def key(self) -> str:
        """What tells the group from all others, whatever it is called."""
        return f"{self.team}-{self.persona}" if self.team else self.persona


@dataclass(frozen=True, slots=True)
class Assignment:
    """`group` holds `permission_set` in the account called `account`."""

    account: str
    group: Group
    permission_set: PermissionSetName

    @property
    def id(self) -> str:
        """What tells the assignment from all others in its account; stays when others come and go."""
        return f"{self.group.key}-as-{self.permission_set}"
