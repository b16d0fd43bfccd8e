"""Typed IAM statements, rendered to the JSON of a policy document.

Plain JSON text, not a data source or `jsonencode`: that is the form checkov can judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
_REFERENCE = re.compile(r"(?<!\$)\$\{[^}]*\}")
_ACCOUNT_ID = "0" * 12  # the shortest value that a reference in a policy stands for


@dataclass(frozen=True, slots=True)
class Principals:
    """Who a resource or trust policy speaks of. `ANYONE` is for Deny, or for Allow under a condition."""

    kind: Literal["AWS", "Service", "Federated", "*"]
    values: tuple[str, ...] = ()

    def render(self) -> object:
        """The value of a statement's `Principal`."""
        return "*" if self.kind == "*" else {self.kind: _one_or_many(self.values)}


ANYONE = Principals("*")


def account_root(partition: str, account_id: str) -> Principals:
    """The account itself: its IAM policies decide further."""
    return Principals("AWS", (f"arn:{partition}:iam::{account_id}:root",))


def service(*names: str) -> Principals:
    """AWS services, such as `cloudtrail.amazonaws.com`."""
    return Principals("Service", names)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `resources` stays empty in a trust policy, `principals` in an identity policy."""

    sid: str
    actions: Sequence[str] = ()
    resources: Sequence[str] = ()
    effect: Literal["Allow", "Deny"] = "Allow"
    principals: Principals | None = None
    conditions: Conditions | None = None
    not_actions: Sequence[str] = ()
    not_resources: Sequence[str] = ()

    def render(self) -> dict[str, object]:
        """The statement as IAM's JSON grammar has it."""
        if bool(self.actions) == bool(self.not_actions):
            raise ValueError(f"statement {self.sid}: give either actions or not_actions")
        if self.resources and self.not_resources:
            raise ValueError(f"statement {self.sid}: give either resources or not_resources")
        body: dict[str, object] = {"Sid": self.sid, "Effect": self.effect}
        if self.principals is not None:
            body["Principal"] = self.principals.render()
        body |= (
            {"Action": _one_or_many(self.actions)} if self.actions else {"NotAction": _one_or_many(self.not_actions)}
        )
        if self.resources:
            body["Resource"] = _one_or_many(self.resources)
        if self.not_resources:
            body["NotResource"] = _one_or_many(self.not_resources)
        if self.conditions:
            body["Condition"] = {
                operator: {key: value if isinstance(value, str) else _one_or_many(value) for key, value in keys.items()}
                for operator, keys in self.conditions.items()
            }
        return body


def policy_document(*statements: Statement) -> str:
    """The document as minified JSON. Raises ValueError when two statements have one Sid."""
    sids = [statement.sid for statement in statements]
    if len(set(sids)) != len(sids):
        raise ValueError(f"two statements have one Sid: {sorted(sids)}")
    body = {"Version": "2012-10-17", "Statement": [statement.render() for statement in statements]}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def policy_length(document: str) -> int:
    """How many characters IAM counts at least: a reference stands for a value that Terraform knows later."""
    return len(_REFERENCE.sub(_ACCOUNT_ID, document).replace("$${", "${"))


def deny_insecure_transport(*resources: str) -> Statement:
    """TLS only: the statement every bucket carries (FSBP S3.5, NIST 800-53 SC-8)."""
    return Statement(
        "DenyInsecureTransport",
        actions=("s3:*",),
        resources=resources,
        effect="Deny",
        principals=ANYONE,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def only_events(sources: Sequence[str], detail_types: Sequence[str]) -> Conditions:
    """The conditions under which one puts events of these sources and kinds on a bus, and no others."""
    return {
        "ForAllValues:StringEquals": {"events:source": sources, "events:detail-type": detail_types},
        # "For all values" holds of none, too.
        "Null": {"events:source": "false", "events:detail-type": "false"},
    }


def policy_variable(name: str) -> str:
    """A variable that IAM resolves, such as `aws:PrincipalOrgID`, escaped so that Terraform leaves it alone."""
    return f"$${{{name}}}"


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
