"""Leaving a resource in AWS while its state is dropped: Terraform's `removed` block."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformElement, TerraformResource, TerraformStack

from modules.core.escape import override
from modules.core.retention import removed_block


def address(resource: TerraformResource) -> str:
    """The resource's address in state, `<type>.<logical id>`."""
    return f"{resource.terraform_resource_type}.{resource.friendly_unique_id}"


def forget(stack: TerraformStack, resources: Sequence[TerraformResource]) -> None:
    """Take `resources`, placed in `stack` as ever, out of its configuration, and let Terraform destroy none of them.

    Guarantees:
    - each keeps the address that it has in state, because it is placed by the same code as before;
    - the next apply drops it from the state, later ones find nothing to do, and AWS is not called for it.

    Call it once for a stack.
    """
    blocks = [removed_block(address(resource)) for resource in resources]
    for resource in resources:
        discard(resource)
    if blocks:
        override(stack, "removed", blocks, because="cdktf 0.21 has no removed blocks (Terraform 1.7)")


def discard(element: TerraformElement) -> None:
    """Take an element out of the configuration. What is in AWS for it, Terraform will destroy."""
    scope = element.node.scope
    if scope is not None:
        scope.node.try_remove_child(element.node.id)
