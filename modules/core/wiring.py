"""The only place that writes outputs and reads remote state.

CDKTF's automatic cross-stack references are not used: their names change with every refactor.
Here an output is called like the contract's field, on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from cdktf import DataTerraformRemoteStateS3, TerraformOutput, TerraformStack
from constructs import Construct

from modules.core.contract import Contract, Producer
from modules.core.errors import ContractError
from modules.core.handshake import EdgeHolder
from modules.core.naming import Naming

C = TypeVar("C", bound=Contract)
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_-]*", re.IGNORECASE)


def publish(stack: TerraformStack, contract: Contract, naming: Naming) -> None:
    """Write every field of `contract` as an output of `stack`.

    Raises ContractError when a `named` field differs from what consumers compute for it.
    """
    expected = contract.names(naming)
    for name, value in contract.values().items():
        if name in expected and value != expected[name]:
            raise ContractError(
                f"{stack.node.id} publishes {type(contract).__name__}.{name} = {value!r}, "
                f"consumers compute {expected[name]!r}: use the contract's rule in the construct"
            )
        TerraformOutput(stack, name, value=dict(value) if isinstance(value, Mapping) else value, static_id=True)


def consume(stack: TerraformStack, contract: type[C], producer: Producer) -> C:
    """The contract of `producer`, its assigned fields read through remote state."""
    fields: dict[str, Any] = dict(contract.names(producer.naming))
    assigned = contract.assigned_fields()
    if assigned:
        remote = _remote_state(stack, producer)
        fields |= {name: _read(remote, name, kind) for name, kind in assigned.items()}
    return contract(**fields)


def named_only(contract: type[C], naming: Naming) -> C:
    """The contract of a stack whose names are known but whose state is not read: only `named` fields.

    For the case that two stacks must name each other in their policies, which as reads would be a cycle.
    Raises ContractError when the contract has an assigned field.
    """
    if assigned := contract.assigned_fields():
        raise ContractError(f"{contract.__name__}.{next(iter(assigned))} is assigned by AWS: consume it from its stack")
    return contract(**contract.names(naming))


def holder(scope: Construct) -> EdgeHolder:
    """The stack that `scope` stands in, as the one that keeps account of the sides of edges rendered in it."""
    return cast(EdgeHolder, TerraformStack.of(scope))


def _remote_state(stack: TerraformStack, producer: Producer) -> DataTerraformRemoteStateS3:
    existing = stack.node.try_find_child(producer.stack_id)
    if isinstance(existing, DataTerraformRemoteStateS3):
        return existing
    return DataTerraformRemoteStateS3(
        stack,
        producer.stack_id,
        bucket=producer.state.bucket,
        key=producer.state.key,
        region=producer.state.region,
    )


def _read(remote: DataTerraformRemoteStateS3, name: str, kind: str) -> object:
    match kind:
        case "str":
            return remote.get_string(name)
        case "list[str]":
            return remote.get_list(name)
        case "Mapping[str, str]":
            return RemoteMap(f"data.terraform_remote_state.{remote.friendly_unique_id}.outputs.{name}")
        case _:
            raise ContractError(f"contract field {name}: type {kind} cannot cross stacks")


class RemoteMap(Mapping[str, str]):
    """A map output of another stack. Its keys are known only to Terraform: it can be indexed, not iterated."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __getitem__(self, key: str) -> str:
        # Dot access, not ["key"]: the quotes would break the JSON of a policy document that holds the reference.
        if not _IDENTIFIER.fullmatch(key):
            raise ContractError(f"{self._address}: {key!r} cannot be a key of a contract's map")
        return f"${{{self._address}.{key}}}"

    def __iter__(self) -> Iterator[str]:
        raise ContractError(f"{self._address} is known only to Terraform: loop over settings instead")

    def __len__(self) -> int:
        raise ContractError(f"{self._address} is known only to Terraform: count settings instead")
