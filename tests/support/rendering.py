"""Rendering one construct to the Terraform JSON it would write."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cdktf
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.naming import Naming

NAMING = Naming(
    organization="acme",
    environment="dev",
    account="fraud-dev",
    account_id="222222222222",
    partition="aws",
    region="eu-west-1",
)


@dataclass(frozen=True)
class Rendered:
    """The JSON of a stack, with what tests ask of it."""

    document: dict[str, Any]

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Every resource of a type, by logical id."""
        found: dict[str, dict[str, Any]] = self.document.get("resource", {}).get(kind, {})
        return found

    def one(self, kind: str) -> dict[str, Any]:
        """The only resource of a type."""
        found = list(self.all(kind).values())
        assert len(found) == 1, f"{len(found)} resources of type {kind}"
        return found[0]

    def policy(self, kind: str, key: str = "policy") -> dict[str, dict[str, Any]]:
        """The statements, by Sid, of the only resource of a type."""
        return statements(self.one(kind)[key])


def statements(policy: str) -> dict[str, dict[str, Any]]:
    """The statements of a policy document, by Sid."""
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


class TestStack(cdktf.TerraformStack):
    """A bare stack that keeps assets as the platform's base stack does."""

    __test__ = False

    def __init__(self, app: cdktf.App) -> None:
        super().__init__(app, "stack")
        self.assets: dict[str, bytes] = {}
        self.sides: set[tuple[Edge, str]] = set()

    def rendered(self, edge: Edge, side: str) -> None:
        """Take note of a side of an edge."""
        self.sides.add((edge, side))

    def add_asset(self, name: str, content: bytes) -> str:
        """Keep the asset."""
        self.assets[name] = content
        return f"assets/{name}"


def render(build: Callable[[Construct], object]) -> Rendered:
    """The JSON of a stack in which `build` placed its constructs."""
    stack = TestStack(cdktf.Testing.app())
    build(stack)
    return Rendered(json.loads(cdktf.Testing.synth(stack)))
