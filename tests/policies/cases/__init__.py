"""Cases: for each policy, subjects that it passes, fails and ignores, as CDKTF synthesises and Terraform plans them.

One module per area of the catalogue, each with a list `CASES`. `tests.policies.plans.record` synthesises and plans
them all; what it keeps is judged by `tests/policies/test_cases.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]
_LOCAL = re.compile(r"(\$\{(?:data\.)?aws_\w+\.)@(\w+)")


@dataclass(frozen=True)
class Case:
    """A policy with its subjects, which are resources of `type` by a name of their own.

    `fails` says with each subject a part of the message that the policy must give. `beside` are companions, by address
    (`aws_kms_key.key`); text in bodies refers to names of the same case as `${aws_kms_key.@key.arn}`. `environment` is
    that of the stack. Cases of one area and environment share a stack; `alone` gives them one of that name, and there
    `tags` may add to the stack's tags.
    """

    policy: str
    type: str
    passes: Mapping[str, Body]
    fails: Mapping[str, tuple[Body, str]]
    ignores: Mapping[str, Body] = field(default_factory=dict)
    beside: Mapping[str, Body] = field(default_factory=dict)
    environment: str = "dev"
    alone: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The start of the names of this case's resources, unlike any other case's."""
        return f"{self.policy.lower()}{'_' + self.alone if self.alone else ''}_{self.environment}"

    def address(self, name: str) -> str:
        """The address of a subject."""
        return f"{self.type}.{self.tag}_{name}"

    def resources(self) -> Iterator[tuple[str, str, Body]]:
        """Type, name and body of every resource of the case."""
        failing = {name: body for name, (body, _) in self.fails.items()}
        for name, body in {**self.passes, **failing, **self.ignores}.items():
            yield self.type, f"{self.tag}_{name}", self._named(body)
        for address, body in self.beside.items():
            type_, _, name = address.partition(".")
            yield type_, f"{self.tag}_{name}", self._named(body)

    def _named(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._named(child) for key, child in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._named(child) for child in value]
        return _LOCAL.sub(rf"\1{self.tag}_\2", value) if isinstance(value, str) else value


def changed(base: Body, /, **more: Any) -> dict[str, Any]:
    """The body with attributes set, or removed where the value is None."""
    return {key: value for key, value in {**base, **more}.items() if value is not None}


# A value that nobody knows before the apply, and what must stand beside a case that uses it.
UNKNOWN = "${aws_ssm_parameter.@later.arn}"
LATER: dict[str, Body] = {"aws_ssm_parameter.later": {"name": "/later", "type": "String", "value": "later"}}
