"""Judges the templates of products: by checkov's policies for CloudFormation, and by ours in the words of Terraform.

A policy that refuses a value and finds what people choose at launch is not met: checkov passes that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checkov.cloudformation.checks.resource import aws as _registered  # noqa: F401  # importing registers them
from checkov.cloudformation.checks.resource.base_resource_negative_value_check import BaseResourceNegativeValueCheck
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.resource.registry import resource_registry

from policies.checks.base import PlatformCheck
from policies.template import Template, is_function
from policies.translation import TYPES, translated

UNPROVABLE = "not provable at synthesis: people choose, or a function gives"
# Policy, its title, result and message, on the resource of this logical id.
Judged = tuple[str, str, CheckResult, str]
Guard = Callable[[str, str], Any]


def judged(template: Template, name: str, guarded: Guard) -> Iterator[Judged]:
    """What every policy says of one resource of the template. `guarded` makes a fault of what a policy raises."""
    block = template.body["Resources"][name]
    kind, where = block["Type"], template.where(name)
    for check in cfn_registry.get_checks(kind):
        with guarded(check.id, name):
            result = check.run(template.key, block, name, kind, {})["result"]
            problem = _chosen(check, block) if result is CheckResult.PASSED else ""
            if problem:
                yield check.id, check.name, CheckResult.FAILED, f"{where}: {problem}"
            else:
                yield check.id, check.name, result, f"{where}: not met" if result is CheckResult.FAILED else ""
    if kind not in TYPES:
        return
    type_ = TYPES[kind].type
    for conf in translated(template, name):
        for check in resource_registry.get_checks(type_):
            if not isinstance(check, PlatformCheck):
                continue
            with guarded(check.policy, name):
                result = check.run(template.key, conf, name, type_, {})["result"]
                message = f"{where}, in Terraform's words: {'; '.join(check.details)}" if check.details else ""
                yield check.policy, check.title, result, message


def _chosen(check: Any, block: Mapping[str, Any]) -> str:
    """What a policy of checkov passed unseen: a function where it refuses some values."""
    if not isinstance(check, BaseResourceNegativeValueCheck):
        return ""
    path = check.get_inspected_key().split("/")
    return f"{UNPROVABLE} {'.'.join(path)}" if _meets_function(block, path) else ""


def _meets_function(value: Any, path: list[str]) -> bool:
    """Whether a function stands at the path, or above it."""
    if isinstance(value, list):
        return any(_meets_function(child, path) for child in value)
    if not isinstance(value, Mapping):
        return False
    if is_function(value):
        return True
    names = [name for name in path if not name.strip("[]").isdigit()]
    return bool(names) and names[0] in value and _meets_function(value[names[0]], names[1:])
