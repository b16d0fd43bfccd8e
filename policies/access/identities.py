"""Roles and users of the stacks: their policies, boundary, trust, and the roles that AWS makes for a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.access import managed
from policies.access.model import Principal, PrincipalKind
from policies.access.rules import Document, Source, document, texts, unreadable
from policies.access.stacks import Json, Stack, Synthesis
from policies.access.surroundings import Surroundings


class _Type(NamedTuple):
    kind: PrincipalKind
    inline: str
    attachment: str
    reference: str


_TYPES: Mapping[str, _Type] = {
    "aws_iam_role": _Type("role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "role"),
    "aws_iam_user": _Type("user", "aws_iam_user_policy", "aws_iam_user_policy_attachment", "user"),
}
_ADMINISTRATOR = "AdministratorAccess"
_EXECUTION = "AWSControlTowerExecution"  # which Control Tower makes in each member account


@dataclass
class Policies:
    """Customer managed policies by account and name, and AWS's by ARN."""

    synthesis: Synthesis
    _own: dict[tuple[str, str], Document] = field(default_factory=dict)
    _managed: dict[str, Document] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stack in self.synthesis.stacks.values():
            for address, body in stack.blocks("aws_iam_policy"):
                name = self.synthesis.text(stack, str(body.get("name", "")))
                self._own[stack.account, name] = read(self.synthesis, stack, address, body, "policy", name)

    def named(self, account: str, name: str, asked: Source) -> Document:
        """The account's own policy; one that no stack holds lets everything happen."""
        return self._own.get((account, name)) or unreadable(f"policy {name}, which no stack holds,", asked)

    def of(self, arn: str, account: str, asked: Source) -> Document:
        """The policy of an ARN in which the account stands by name."""
        if managed.MANAGED not in arn:
            return self.named(account, arn.rpartition("/")[2], asked)
        if arn not in self._managed:
            name, source = f"AWS managed policy {arn.partition(managed.MANAGED)[2]}", Source("", arn)
            body = managed.content(arn)
            self._managed[arn] = (
                document(name, body, source, str)
                if body
                else unreadable(f"{name}, whose content is not known,", source)
            )
        return self._managed[arn]


def read(synthesis: Synthesis, stack: Stack, address: str, body: Json, attribute: str, name: str = "") -> Document:
    """The document in an attribute of a block."""
    source = stack.source(address, body)
    return document(name or address, body.get(attribute), source, lambda text: synthesis.text(stack, text))


def identities(synthesis: Synthesis, policies: Policies, around: Surroundings) -> Iterator[Principal]:
    """Every role and user of the stacks, then the roles that AWS makes."""
    for stack in synthesis.stacks.values():
        for type_, words in _TYPES.items():
            for address, body in stack.blocks(type_):
                yield _identity(synthesis, stack, address, body, words, policies, around)
    yield from _made(synthesis, policies, around)


def _identity(
    synthesis: Synthesis, stack: Stack, address: str, body: Json, words: _Type, policies: Policies, around: Surroundings
) -> Principal:
    name = synthesis.text(stack, f"${{{address}.name}}")
    user = f"arn:{synthesis.organization['partition']}:iam::{stack.account}:user/{name}"
    arn = synthesis.text(stack, f"${{{address}.arn}}") if words.kind == "role" else user
    source = stack.source(address, body)
    boundary = synthesis.text(stack, str(body.get("permissions_boundary") or ""))
    return Principal(
        kind=words.kind,
        name=f"{stack.account}/{name}",
        account=stack.account,
        arn=arn,
        source=source,
        facts=around.facts(stack.account, arn, {**stack.default_tags, **(body.get("tags") or {})}),
        identity=tuple(_policies_of(synthesis, stack, name, body, source, words, policies)),
        boundary=policies.of(boundary, stack.account, source) if boundary else None,
        boundary_arn=boundary,
        guardrails=around.service_controls(stack.account),
        trust=read(synthesis, stack, address, body, "assume_role_policy", f"trust of {name}")
        if words.kind == "role"
        else None,
    )


def _policies_of(
    synthesis: Synthesis, stack: Stack, name: str, body: Json, source: Source, words: _Type, policies: Policies
) -> Iterator[Document]:
    for block in body.get("inline_policy") or ():
        inline = f"inline policy {block.get('name', '')}"
        yield document(inline, block.get("policy"), source, lambda text: synthesis.text(stack, text))
    for arn in body.get("managed_policy_arns") or ():
        yield policies.of(synthesis.text(stack, arn), stack.account, source)
    for other in synthesis.stacks.values():
        if other.account != stack.account:
            continue
        for address, one in other.blocks(words.inline):
            if synthesis.text(other, str(one.get(words.reference))) == name:
                yield read(synthesis, other, address, one, "policy", f"inline policy {one.get('name', '')}")
        for address, one in other.blocks(words.attachment):
            if synthesis.text(other, str(one.get(words.reference))) == name:
                yield policies.of(synthesis.text(other, one["policy_arn"]), stack.account, other.source(address, one))
        for address, one in other.blocks("aws_iam_policy_attachment"):
            if name in (synthesis.text(other, given) for given in texts(one.get(f"{words.reference}s"))):
                yield policies.of(synthesis.text(other, one["policy_arn"]), stack.account, other.source(address, one))


def _made(synthesis: Synthesis, policies: Policies, around: Surroundings) -> Iterator[Principal]:
    """The administrators of member accounts that the management account may become: AWS makes them unasked."""
    partition = synthesis.organization["partition"]
    management = next(name for name, account in synthesis.accounts.items() if "management" in account["roles"])
    for stack in synthesis.stacks.values():
        wanted = [
            (str(body.get("name")), str(body.get("role_name") or "OrganizationAccountAccessRole"), address, body)
            for address, body in stack.blocks("aws_organizations_account")
        ]
        for address, body in stack.blocks("aws_controltower_landing_zone"):
            wanted += [(account, _EXECUTION, address, body) for account in sorted(synthesis.accounts)]
        for account, name, address, body in wanted:
            if account not in synthesis.accounts or account == management:
                continue
            source = stack.source(address, body)
            arn = f"arn:{partition}:iam::{account}:role/{name}"
            root = {"AWS": f"arn:{partition}:iam::{management}:root"}
            statement = {"Sid": "Management", "Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
            yield Principal(
                kind="made",
                name=f"{account}/{name}",
                account=account,
                arn=arn,
                source=source,
                facts=around.facts(account, arn, {}),
                identity=(policies.of(f"arn:{partition}{managed.MANAGED}{_ADMINISTRATOR}", account, source),),
                guardrails=around.service_controls(account),
                trust=document(f"trust of {name}", {"Statement": statement}, source, str),
            )
