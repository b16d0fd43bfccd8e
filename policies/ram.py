"""Whether a share of AWS RAM names the permissions that are meant for what it shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.relation import naming

SHARE = "aws_ram_resource_share"


def shared_as(
    stack: StackDocument, share: Conf, wanted: Mapping[str, tuple[str, ...]], together: str
) -> Iterator[Problem] | None:
    """The problems of `share`; None where it shares nothing that is `wanted`.

    `wanted`: a part of an ARN, or of a reference to one -> the permissions of which the share names one. What it shares
    of them has one list of permissions; where it does not, `together` says what should stand apart.
    """
    associated = naming(stack, share, "arn", "resource_share_arn", "aws_ram_resource_association")
    arns = [str(each.value("resource_arn")) for each in associated]
    meant = {permissions for arn in arns for part, permissions in wanted.items() if part in arn}
    return _problems(share, meant, together) if meant else None


def _problems(share: Conf, meant: set[tuple[str, ...]], together: str) -> Iterator[Problem]:
    given = [text.rpartition("/")[2] for text in share.literals("permission_arns")]
    if len(meant) > 1:
        yield f"it shares {together} together: make two shares"
    if len(given) != 1:
        yield f"permission_arns holds {len(given)} permissions: name one"
    for permissions in sorted(meant):
        known = {each.lower() for each in permissions}
        for name in given:
            if name.lower() not in known:
                yield f"permission_arns holds {name}, not {' or '.join(permissions)}"
