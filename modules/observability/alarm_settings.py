"""What may be set for the routing of alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from modules.core.settings import Shape, Strict
from modules.observability.severities import RUNBOOKS, Severity

SlackWorkspace = Annotated[str, Shape(r"T[A-Z0-9]+", "the id of a Slack workspace, such as T07EB1XX0AB", 255)]
SlackChannel = Annotated[str, Shape(r"[CG][A-Z0-9]+", "the id of a Slack channel, such as C07EZ1ABC23", 255)]
Runbooks = Annotated[str, Shape(r"[A-Za-z0-9._~:/?=&%+@#-]+", "a URL or a path without spaces", 255)]
TopicName = Annotated[str, Shape(r"[a-z][a-z0-9-]*", "operators, security, or the name of a team", 40)]


class ChatSettings(Strict):
    """Slack channels that are told, by whom they belong to: `operators`, `security`, or the name of a team.

    AWS Chatbot must have been let into the workspace once, in its console of the observability account.
    """

    workspace: SlackWorkspace
    channels: Annotated[Mapping[TopicName, SlackChannel], Field(min_length=1)]


class AlarmSettings(Strict):
    """Who hears of alarms. `told_from` is the least severity that is told; what is less is kept in the archive alone.

    `mail_owners`: teams are mailed of their alarms here, too. Off, as the alarms' own topics mail them already.
    `runbooks` is where the runbooks can be read, for messages.
    """

    told_from: Severity = "medium"
    mail_owners: bool = False
    archive_days: Annotated[int, Field(ge=30, le=3650)] = 365
    runbooks: Runbooks = RUNBOOKS
    chat: ChatSettings | None = None
