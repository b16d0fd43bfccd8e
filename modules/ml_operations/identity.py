"""Who stands behind the ARN of a session. Pure.

People work as roles of Identity Center, whose sessions are called as they are; all else is a machine.
https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
"""

from __future__ import annotations

import re

_SESSION = re.compile(
    r"arn:[a-z-]+:sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[\w+=,.@-]+)/(?P<session>[\w+=,.@-]+)"
)
_PEOPLE = "AWSReservedSSO_"


def person(arn: str) -> str | None:
    """The person's name, the same in every account; None for what is no session of a person."""
    found = _SESSION.fullmatch(arn)
    return found["session"].lower() if found and found["role"].startswith(_PEOPLE) else None


def behind(arn: str) -> str:
    """Who two sessions are compared by: the person, in whatever role; else the role; an ARN that is neither itself."""
    return person(arn) or acts_as(arn)


def acts_as(arn: str) -> str:
    """The role of a session, with its account; what is no session stands for itself."""
    found = _SESSION.fullmatch(arn)
    return f"{found['account']}/{found['role']}" if found else arn
