"""The statements that open a key to somebody beside its own account's IAM. Pure; no cdktf here.

Who uses a key is always bounded: by an account, or by the organisation. So there is no way to write a statement
for another organisation, for everybody, or for `kms:*`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from modules.core.iam import ANYONE, Principals, Statement, service

Access = Literal["encrypt", "decrypt", "both"]

_ENCRYPT = ("kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncryptTo")
_DECRYPT = ("kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom")
ACTIONS: Mapping[Access, Sequence[str]] = {
    "encrypt": _ENCRYPT,
    "decrypt": _DECRYPT,
    "both": tuple(sorted({*_ENCRYPT, *_DECRYPT})),
}
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?:\d{12}|\$\{[^}]+\}):role/[A-Za-z0-9+=,.@_/-]+")


@dataclass(frozen=True, slots=True)
class KeyUsers:
    """Somebody who may use a key: principals, and the conditions that bound them. Made by the functions below."""

    sid: str
    principals: Principals
    conditions: Mapping[str, Mapping[str, str | Sequence[str]]]


def services(sid: str, names: Sequence[str], *, account_id: str) -> KeyUsers:
    """AWS services such as `events.amazonaws.com`, when they act for resources of the account."""
    return KeyUsers(sid, service(*_some(names)), {"StringEquals": {"aws:SourceAccount": account_id}})


def services_of_organization(sid: str, names: Sequence[str], *, organization_id: str) -> KeyUsers:
    """AWS services, when they act for resources of any account of the organisation."""
    return KeyUsers(sid, service(*_some(names)), {"StringEquals": {"aws:SourceOrgID": organization_id}})


def roles(sid: str, arns: Sequence[str], *, organization_id: str) -> KeyUsers:
    """Named roles of other accounts, for as long as these belong to the organisation.

    Raises ValueError for what is not the ARN of one role: a whole account, or a pattern.
    """
    for arn in _some(arns):
        if not _ROLE_ARN.fullmatch(arn):
            raise ValueError(f"{sid}: {arn} is not the ARN of one role")
    return KeyUsers(sid, Principals("AWS", tuple(arns)), {"StringEquals": {"aws:PrincipalOrgID": organization_id}})


def callers(sid: str, via: Sequence[str], *, account_id: str, region: str) -> KeyUsers:
    """Everybody in the account, through the services `via` (such as `ec2`) of the region: as AWS's own keys do it."""
    return KeyUsers(sid, ANYONE, {"StringEquals": {"kms:CallerAccount": account_id, **_via(via, region)}})


def callers_of_organization(sid: str, via: Sequence[str], *, organization_id: str, region: str) -> KeyUsers:
    """Everybody in the organisation whom their own account's IAM lets, through the services `via` of the region."""
    return KeyUsers(sid, ANYONE, {"StringEquals": {"aws:PrincipalOrgID": organization_id, **_via(via, region)}})


def key_statements(users: KeyUsers, access: Access, *, grants: bool = False) -> list[Statement]:
    """What a key's policy says so that `users` may encrypt, decrypt, or both.

    With `grants` they may also hand the key on, to AWS resources alone (a volume, a file system) and not to people.
    """
    use = Statement(
        users.sid, ACTIONS[access], resources=("*",), principals=users.principals, conditions=users.conditions
    )
    if not grants:
        return [use]
    handed_on = Statement(
        f"{users.sid}Grants",
        ("kms:CreateGrant",),
        resources=("*",),
        principals=users.principals,
        conditions={**users.conditions, "Bool": {"kms:GrantIsForAWSResource": "true"}},
    )
    return [use, handed_on]


def _via(names: Sequence[str], region: str) -> dict[str, Sequence[str]]:
    return {"kms:ViaService": tuple(f"{name}.{region}.amazonaws.com" for name in _some(names))}


def _some(values: Sequence[str]) -> Sequence[str]:
    if not values:
        raise ValueError("a key is opened to somebody: name at least one")
    return values
