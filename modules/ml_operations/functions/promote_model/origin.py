"""Whose a version is, and where its copy belongs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.ml_operations.functions.promote_model.errors import RefusedError
from modules.ml_operations.functions.promote_model.event import Version

PROJECTS = "projects.json"  # generated beside this file: name of a team -> names of its projects


@dataclass(frozen=True, slots=True)
class Account:
    """An account in which models are built: `prefix` begins the names of what stands there, `teams` work there."""

    prefix: str
    teams: Sequence[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version comes from, and where it goes: `files` is the key below which its files lie, with the slash."""

    version: Version
    team: str
    project: str
    bucket: str
    group: str
    files: str


@dataclass(frozen=True, slots=True)
class Origins:
    """Every account from which versions are taken, by its id; `prefix` begins the names of central groups.

    An account speaks for the teams that work in it and for no other: what it calls its groups proves nothing.
    """

    accounts: Mapping[str, Account]
    prefix: str

    def of(self, version: Version) -> Origin:
        """Raises RefusedError for an account, or a group, from which nothing is taken."""
        account = self.accounts.get(version.account)
        if account is None:
            raise RefusedError("account", f"no models are taken from the account {version.account}")
        for team in account.teams:
            start = f"{account.prefix}-{team}-"
            if version.group.startswith(start) and (project := version.group.removeprefix(start)):
                return Origin(
                    version=version,
                    team=team,
                    project=project,
                    bucket=f"{account.prefix}-ml--{project}",
                    group=f"{self.prefix}-{team}-{project}",
                    files=f"models/{team}/{project}/{version.source}/",
                )
        raise RefusedError(
            "group", f"the group {version.group} is of no team that works in the account {version.account}"
        )
