"""A stack that is taken down: everything it had made goes, but for what holds data."""

from __future__ import annotations

from cdktf import (
    TerraformDataSource,
    TerraformElement,
    TerraformLocal,
    TerraformOutput,
    TerraformRemoteState,
    TerraformResource,
)
from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource

from environments.node import Node
from environments.stacks.base import PlatformStack
from modules.core.escape import override
from modules.core.forget import discard, forget
from modules.core.retention import outlives_its_stack


def dismantle(stack: PlatformStack, place: Node) -> None:
    """Leave `stack`, composed as when it worked, with its providers alone; `place` is where it stands now.

    Guarantees:
    - the next apply destroys what the stack had made, later ones find nothing to do;
    - what holds data, and what protects that, stays in the account as it is: its state is dropped, nothing else;
    - it reads no other stack but those that `place` names, so the others may be gone;
    - it says of itself that it is dismantled, so the gate knows an empty stack that is meant from one that is not.
    """
    found = [each for each in stack.node.find_all() if isinstance(each, TerraformElement)]
    resources = [each for each in found if isinstance(each, TerraformResource)]
    kept = [each for each in resources if outlives_its_stack(each.terraform_resource_type, _made_of(each))]
    forget(stack, kept)
    for each in found:
        reads = isinstance(each, TerraformRemoteState) and each.node.id not in place.producers
        made = isinstance(each, TerraformResource) and each not in kept
        if made or reads or isinstance(each, (TerraformDataSource, TerraformLocal, TerraformOutput)):
            discard(each)
    stack.assets.clear()
    override(stack, "//.dismantled", True, because="an empty stack that does not say so is a fault of the gate")


def _made_of(resource: TerraformResource) -> str | None:
    """CloudFormation's type of what is made through Cloud Control, None of everything else."""
    return resource.type_name_input if isinstance(resource, CloudcontrolapiResource) else None
