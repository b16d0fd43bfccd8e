"""The hook of a control: what CloudFormation and Cloud Control refuse before anything is made, as Guard text.

AWS's hooks see neither Terraform nor direct calls of an API; they are for what people make by CloudFormation, such as
products of Service Catalog. Terraform is held to the same by checkov, direct calls by the guardrails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from policies.record import Frozen

if TYPE_CHECKING:
    from policies.catalogue import Control


class Hook(Frozen):
    """What a property of every resource of a type must be: there, or equal to a literal."""

    type: Annotated[str, Field(pattern=r"^AWS::\w+::\w+$")]
    property: Annotated[str, Field(pattern=r"^[A-Z]\w*(\.[A-Z]\w*)*$")]
    equals: str | bool | None = None


def guard_text(controls: Iterable[Control]) -> str:
    """The Guard rules of all controls that have a hook, for both inputs that AWS gives: one resource, or a template."""
    return "\n".join(text for control in controls for text in _rules(control))


def rule_names(control: Control) -> Iterator[str]:
    """What the rule of each hook is called in the text, in the order of the hooks."""
    yield from (f"{control.id.replace('-', '_')}_{place}_resource_rule" for place in range(len(control.hook)))


def _rules(control: Control) -> Iterator[str]:
    for place, hook in enumerate(control.hook):
        name = f"{control.id.replace('-', '_')}_{place}"
        says = f"<<{control.id}: {control.objective}. {control.remediation}>>"
        yield _rule(f"{name}_resource", "ResourceType", hook, f"ResourceProperties.{hook.property}", says)
        yield _rule(f"{name}_template", "Type", hook, f"Properties.{hook.property}", says, or_function=True)


def _rule(name: str, kind: str, hook: Hook, path: str, says: str, *, or_function: bool = False) -> str:
    if hook.equals is None:
        clause = f"{path} exists"
    else:
        literal = str(hook.equals).lower() if isinstance(hook.equals, bool) else f'"{hook.equals}"'
        # A template may say it by a function; then the operation on the resource, which knows the value, decides.
        clause = f"{path} == {literal}" + (f" or {path} is_struct" if or_function else "")
    return (
        f'let {name} = Resources.*[ {kind} == "{hook.type}" ]\n'
        f"rule {name}_rule when %{name} !empty {{\n"
        f"  %{name} {{ {clause} {says} }}\n"
        f"}}\n"
    )
