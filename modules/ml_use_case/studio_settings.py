"""Who of a team works in SageMaker Studio, as its file says, and what may be set for Studio. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from modules.core.settings import Shape, Strict

# Who works in Studio, each as the execution role of this name; the people of the permission set of the same name.
StudioPersona = Literal["data-scientist", "ml-engineer", "ml-team-lead"]
STUDIO_PERSONAS: tuple[StudioPersona, ...] = get_args(StudioPersona)
# What runs without people: jobs and pipelines, and endpoints.
ServiceRole = Literal["pipeline", "serving"]
# A user name in IAM Identity Center that is a name of a user profile and of a space, too.
UserName = Annotated[
    str,
    Shape(r"[A-Za-z0-9][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*", "a user name in Identity Center such as maria.sole", 40),
]


class StudioUser(Strict):
    """One of a team who works in Studio."""

    persona: StudioPersona = "data-scientist"


class TeamStudio(Strict):
    """Studio of one team, in its dev account: its users by their user names in Identity Center."""

    users: dict[UserName, StudioUser] = Field(default_factory=dict)


class StudioSettings(Strict):
    """Studio of every team."""
