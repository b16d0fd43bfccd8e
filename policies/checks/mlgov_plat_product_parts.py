"""As whom, under which key and in which network a product works is the platform's to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.template import Template, is_function, of, pinned

PARTS = re.compile(
    r"(\w*Role(Arn)?|Kms\w*Key\w*|KMSMasterKeyID|EncryptionKey|VpcId|Subnets|SubnetIds|SecurityGroups|SecurityGroupIds)"
)
# Roles are named by a rule, of which people choose the team or the person's job.
NAMED = re.compile(r"arn:\$\{AWS::Partition\}:iam::\$\{\w+(::\w+)?\}:role/\$\{Organization\}-[\w${}-]+")


class PlatProductParts(StackCheck):
    """Roles have names by the rule; keys and networks are of the template, or parameters with a single value."""

    policy = "CKV_MLGOV_458"
    title = "Product of Service Catalog lets nobody choose its roles, keys and networks"
    control = "PLAT-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.templates()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        template = of(subject)
        return holds(
            *(
                f"{template.where(name)}: {path} is people's to choose"
                for name, _, block in template.resources()
                for path, value in _parts(block.get("Properties", {}), "")
                if not _settled(template, path, value)
            )
        )


def _parts(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every property below `value` that names a role, a key or a network, with its path."""
    if isinstance(value, list):
        for child in value:
            yield from _parts(child, path)
    elif isinstance(value, Mapping) and not is_function(value):
        for key, child in value.items():
            below = f"{path}.{key}" if path else key
            if PARTS.fullmatch(key) and not (isinstance(child, Mapping) and "Id" in child):
                yield below, child
            else:
                yield from _parts(child, below)


def _settled(template: Template, path: str, value: Any) -> bool:
    if isinstance(value, list):
        return all(_settled(template, path, child) for child in value)
    if not isinstance(value, Mapping):
        return True  # a literal, which was reviewed
    function, argument = next(iter(value.items()))
    if function == "Fn::Sub":
        return isinstance(argument, str) and NAMED.fullmatch(argument) is not None
    if function == "Fn::GetAtt":
        return argument[0] in template.body["Resources"]
    if function != "Ref":
        return False
    parameter = template.body.get("Parameters", {}).get(argument)
    return argument in template.body["Resources"] if parameter is None else pinned(parameter)


check = PlatProductParts()
