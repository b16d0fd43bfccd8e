"""What stands around an account: the guardrails of its units, and what AWS tells of requests made in it."""

from __future__ import annotations

from collections.abc import Mapping

from policies.access.conditions import Facts
from policies.access.rules import Document, Rule, document
from policies.access.stacks import Synthesis
from policies.attached import bound, denials

# Ordinary requests go over TLS of a version that AWS still serves, and come from no service of AWS.
_ORDINARY: Mapping[str, tuple[str, ...]] = {
    "aws:assumedroot": (),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:sourceaccount": (),
    "aws:sourcearn": (),
    "aws:sourceorgid": (),
    "aws:sourceorgpaths": (),
    "s3:tlsversion": ("1.3",),
}
_WORDS = {"scp": "service control policy", "rcp": "resource control policy"}


class Surroundings:
    """Guardrails and facts by account. No guardrail binds the management account.

    AWS's own policy that allows everything is attached beside every guardrail and no stack detaches it, so that
    guardrails deny and never grant.
    """

    def __init__(self, synthesis: Synthesis) -> None:
        self._synthesis = synthesis
        self._documents: dict[tuple[Rule, ...], Document] = {}
        self._controls: dict[tuple[str, str], list[Rule]] = {}
        documents = {stack.id: stack.document for stack in synthesis.stacks.values()}
        for carried in denials(synthesis.organization, documents):
            stack_id, _, address = carried.carrier.partition("/")
            stack = synthesis.stacks[stack_id]
            body = dict(stack.blocks("aws_organizations_policy"))[address]
            name = f"{_WORDS[carried.kind]} {body.get('name', address)}"
            read = document(name, {"Statement": carried.statement}, stack.source(address, body), self._text)
            for account in carried.accounts:
                self._controls.setdefault((carried.kind, account), []).extend(read.rules)

    def _text(self, text: str) -> str:
        """An expression in a guardrail is of an output, which reads alike in every stack."""
        some_stack = next(iter(self._synthesis.stacks.values()))
        return self._synthesis.text(some_stack, text)

    def service_controls(self, account: str) -> tuple[Document, ...]:
        """The service control policies over an account, as one document."""
        return self._over("scp", account)

    def resource_controls(self, account: str) -> tuple[Document, ...]:
        """The resource control policies over an account, as one document."""
        return self._over("rcp", account)

    def _over(self, kind: str, account: str) -> tuple[Document, ...]:
        """One object for all accounts under the same statements, so that what is asked of them is found once."""
        rules = tuple(self._controls.get((kind, account), ()))
        known = self._documents.setdefault(rules, Document(_WORDS[kind], rules))
        return (known,) if rules else ()

    def facts(self, account: str, arn: str, tags: Mapping[str, str] | None) -> Facts:
        """What AWS tells of a principal of the account. Without `tags` those of the principal are not known."""
        organization = self._synthesis.organization_id
        values: dict[str, tuple[str, ...]] = {
            **_ORDINARY,
            "aws:principalaccount": (account,),
            "aws:principalarn": (arn,),
            "aws:principalorgid": (organization,),
            "aws:principalorgpaths": (self._path(account),),
            "kms:calleraccount": (account,),
        }
        for key, value in (tags or {}).items():
            values[f"aws:principaltag/{key.lower()}"] = (value,)
        return Facts(values)

    def resource_facts(self, account: str) -> Mapping[str, tuple[str, ...]]:
        """What AWS tells of a resource of the account."""
        return {"aws:ResourceAccount": (account,), "aws:ResourceOrgID": (self._synthesis.organization_id,)}

    def _path(self, account: str) -> str:
        """Organisation, root and units down to the account, in the form of `aws:PrincipalOrgPaths`."""
        parents = {unit["key"]: unit["parent"] for unit in self._synthesis.organization["units"]}
        unit, path = bound(self._synthesis.organization).get(account), ""
        while unit is not None:
            unit, path = parents[unit], f"ou-{unit}/{path}"
        return f"{self._synthesis.organization_id}/r-root/{path}"
