"""Requests for the offline evaluator of IAM, made from what the reader of access found in a synthesis.

The evaluator wants ids of accounts: each name gets one, in its documents alone. Ours decides by the names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.access.conditions import Facts
from policies.access.decide import Decision, decide
from policies.access.glob import DIGIT
from policies.access.model import Access, Principal, Target
from policies.access.rules import Document, Rule
from tests.support.node import run_node

SCRIPT = Path(__file__).with_name("simulate.mjs")


@dataclass(frozen=True)
class Request:
    """Who asks for what, and where the resource is; `context` is all that the request has."""

    principal: Principal
    action: str
    resource: str
    account: str
    context: Mapping[str, str]
    target: Target | None = None

    def __str__(self) -> str:
        return f"{self.principal.name} {self.action} {self.resource} {dict(self.context)}"

    def ours(self) -> Decision:
        """Our decision, with nothing left open."""
        facts = Facts({key.lower(): (value,) for key, value in self.context.items()}, complete=True)
        return decide(self.principal, self.action.lower(), self.resource, target=self.target, facts=facts, explain=True)


def context(access: Access, principal: Principal, account: str, **more: str) -> dict[str, str]:
    """What AWS tells of an ordinary request, and more keys, `__` for the colon."""
    facts = principal.facts
    known = {
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalArn": principal.arn.replace(DIGIT, "a"),
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalOrgID": access.synthesis.organization_id,
        "aws:RequestedRegion": "eu-west-1",
        "aws:ResourceAccount": account,
        "aws:ResourceOrgID": access.synthesis.organization_id,
        "aws:SecureTransport": "true",
    }
    (path,) = facts.of("aws:PrincipalOrgPaths") or ("",)
    return {**known, "aws:PrincipalOrgPaths": path, **{key.replace("__", ":"): value for key, value in more.items()}}


@dataclass
class Job:
    """Cases for one process; equal documents are written once."""

    access: Access
    documents: dict[str, Any] = field(default_factory=dict)
    _keys: dict[int, str] = field(default_factory=dict)

    def decisions(self, requests: Sequence[Request]) -> list[Mapping[str, Any]]:
        """What the evaluator says, request by request."""
        cases = [self._case(request) for request in requests]
        found: list[Mapping[str, Any]] = run_node(SCRIPT, {"documents": self.documents, "cases": cases})
        return found

    def _case(self, request: Request) -> dict[str, Any]:
        principal, target = request.principal, request.target
        controls = target.guardrails if target else ()
        return {
            "principal": self._ids(principal.arn.replace(DIGIT, "a")),
            "action": request.action,
            "resource": self._ids(request.resource),
            "account": self._id(request.account),
            "context": {key: self._of_key(key, value) for key, value in request.context.items()},
            "identity": [self._key(document) for document in principal.identity],
            "boundary": self._key(principal.boundary) if principal.boundary else None,
            "scp": [self._key(document) for document in principal.guardrails],
            "rcp": [self._key(document) for document in controls],
            "policy": self._key(target.policies[0]) if target and target.policies else None,
        }

    def _of_key(self, key: str, value: str) -> Any:
        value = self._ids(value)
        return [value] if key == "aws:PrincipalOrgPaths" else value

    def _id(self, name: str) -> str:
        return f"{sorted(self.access.synthesis.accounts).index(name) + 1:012d}"

    def _ids(self, text: str) -> str:
        names = "|".join(sorted(self.access.synthesis.accounts, key=len, reverse=True))
        if text in self.access.synthesis.accounts:
            return self._id(text)
        return re.sub(rf"(?<=:)({names})(?=:)", lambda match: self._id(match[1]), text)

    def _key(self, document: Document) -> str:
        if id(document) not in self._keys:
            self._keys[id(document)] = f"d{len(self._keys)}"
            own = [self._statement(rule) for rule in document.rules]
            self.documents[self._keys[id(document)]] = {"Version": "2012-10-17", "Statement": own}
        return self._keys[id(document)]

    def _statement(self, rule: Rule) -> dict[str, Any]:
        body: dict[str, Any] = {
            "Effect": "Allow" if rule.allows else "Deny",
            "NotAction" if rule.but_actions else "Action": list(rule.actions),
        }
        named = {kind: [self._ids(one) for one in given] for kind, given in (rule.principals or {}).items()}
        if named:
            everybody = named == {"AWS": ["*"]}  # control policies know no other form
            body["NotPrincipal" if rule.but_principals else "Principal"] = "*" if everybody else named
        if not (rule.document.startswith("trust")):
            body["NotResource" if rule.but_resources else "Resource"] = [self._ids(one) for one in rule.resources]
        for test in rule.tests:
            values = [self._ids(value) for value in test.values]
            body.setdefault("Condition", {}).setdefault(test.operator, {})[test.key] = values
        return json.loads(json.dumps(body))
