"""The synthesised stacks as one place in which a name, a reference or an ARN leads to the resource that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from policies.document import Conf
from policies.iam import Statement, statements

Json = Mapping[str, Any]
_REFERENCE = re.compile(r"^\$\{(?P<type>aws_[a-z0-9_]+)\.(?P<name>[A-Za-z0-9_-]+)[.\[]")
_ACCOUNT = re.compile(r"account_ids(?:\.|\[\")(?P<name>[a-z0-9-]+)")
# The attribute that AWS knows a resource by, where it is not `name`.
_NAMED_BY = {
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_sagemaker_model_package_group": "model_package_group_name",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A resource in a stack. `name` is its physical name, the address where it has none."""

    stack: str
    account: str
    type: str
    name: str
    conf: Conf

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags beside those of the provider."""
        return self.conf.value("tags") or {}


class Sources:
    """Stacks by id, each Terraform JSON, and the account of each; `ids` are accounts whose ids the YAML pins."""

    def __init__(self, documents: Mapping[str, Json], accounts: Mapping[str, str], ids: Mapping[str, str]) -> None:
        self._accounts, self._ids = accounts, ids
        self._found: dict[str, list[Found]] = {}
        for stack in sorted(documents):
            for type_, named in sorted(documents[stack].get("resource", {}).items()):
                for address, body in sorted(named.items()):
                    conf = Conf(body, f"{type_}.{address}")
                    name = str(conf.value(_NAMED_BY.get(type_, "name")) or conf.address)
                    self._found.setdefault(type_, []).append(Found(stack, accounts[stack], type_, name, conf))

    def all(self, *types: str) -> Iterator[Found]:
        """Every resource of the types, by stack and address."""
        for type_ in types:
            yield from self._found.get(type_, ())

    def meant(self, stack: str, value: object, *types: str) -> Found | None:
        """The resource of one of the types that `value` in `stack` means: a reference, a name, or an ARN.

        An ARN means a resource of the account in it; a bucket's, and a bare name, of the stack's own where it has one
        called so.
        """
        text = str(value)
        if match := _REFERENCE.match(text):
            address = f"{match['type']}.{match['name']}"
            return next(
                (each for each in self.all(*types) if (each.stack, each.conf.address) == (stack, address)), None
            )
        name = re.split(r"[:/]", text)[-1] if text.startswith("arn:") else text
        called = [each for each in self.all(*types) if each.name == name]
        account = self._owner(stack, text)
        there = [each for each in called if each.account == account]
        return next(iter(there or (called if account is None or ":s3:::" in text else ())), None)

    def allowed(self, role: Found, *actions: str) -> Iterator[tuple[Statement, str]]:
        """The statements of the role's own policies that allow one of the actions, with each of their resources."""
        for policy in self.all("aws_iam_role_policy"):
            if (
                policy.stack == role.stack
                and self.meant(policy.stack, policy.conf.value("role"), "aws_iam_role") == role
            ):
                for statement in statements(policy.conf, "policy"):
                    if statement.allows and any(_allows(statement, action) for action in actions):
                        yield from ((statement, resource) for resource in statement.resources)

    def account(self, text: str) -> str | None:
        """The account that an id means, pinned or told by the organisation's stack; None for any other text."""
        if match := _ACCOUNT.search(text):
            return match["name"]
        return next((name for name, id_ in self._ids.items() if id_ == text), None)

    def _owner(self, stack: str, text: str) -> str | None:
        if not text.startswith("arn:"):
            return self._accounts[stack]
        return self.account(text.split(":")[4])


def _allows(statement: Statement, action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern) for pattern in statement.actions)
