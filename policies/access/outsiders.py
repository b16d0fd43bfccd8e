"""Whom resource policies let in who is not of the organisation: services of AWS, identity providers, strangers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.access.conditions import Facts
from policies.access.model import Access, Principal, PrincipalKind, Target
from policies.access.rules import Document, Rule, Source, document

OWN_ACCOUNT = "own account"  # a document that stands for what others let their people do
_OUTSIDE = "outside"
_OWN = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
_CALLER = {"aws:assumedroot": (), "aws:securetransport": ("true",), "s3:tlsversion": ("1.3",)}


def outsiders(access: Access, targets: Iterable[Target], action: str) -> list[Principal]:
    """Everybody of that kind whom the policies of the targets name for the action, by name."""
    found: dict[str, Principal] = {}
    for target in targets:
        for policy in target.policies:
            for rule in policy.concerning(action):
                if rule.allows:
                    for principal in _named(access, rule):
                        found.setdefault(principal.name, principal)
    return [found[name] for name in sorted(found)]


def _named(access: Access, rule: Rule) -> Iterator[Principal]:
    given = rule.principals or {}
    if rule.but_principals:
        yield _outsider("outside", _OUTSIDE, _OUTSIDE)
        return
    for name in given.get("Service", ()):
        yield _outsider("service", name, name)
    for name in given.get("Federated", ()):
        yield _outsider("federated", name, name)
    for name in given.get("AWS", ()):
        account = name.split(":")[4] if name.startswith("arn:") else name
        if name == "*":
            yield _outsider("outside", _OUTSIDE, _OUTSIDE)
        elif account not in access.synthesis.accounts:
            yield _outsider("outside", name, account)


def _outsider(kind: PrincipalKind, name: str, account: str) -> Principal:
    service = {"aws:principalisawsservice": ("true",)}
    stranger = {
        "aws:principalaccount": (account,),
        "aws:principalisawsservice": ("false",),
        "aws:principalorgid": (f"o-{_OUTSIDE}",),
        "aws:principalorgpaths": (f"o-{_OUTSIDE}/r-root/",),
        "kms:calleraccount": (account,),
    }
    partitioned = name if name.startswith("arn:") else f"arn:*:iam::{account}:*"
    return Principal(
        kind=kind,
        name={_OUTSIDE: "anyone outside the organisation"}.get(name, name),
        account="" if kind != "outside" else account,
        arn=partitioned if kind == "outside" else name,
        source=Source("", ""),
        facts=Facts({**_CALLER, **(stranger if kind == "outside" else service if kind == "service" else {})}),
        identity=(_own(),),
    )


def _own() -> Document:
    return document(OWN_ACCOUNT, _OWN, Source("", ""), str)
