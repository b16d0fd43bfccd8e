"""Every stack of an organisation, where it stands, and what it consumes. No cdktf here.

`environments/placement/` says which stacks stand where and which reads which; the edges give the order of
apply, the pictures and what GitOps needs, without starting jsii.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from environments.model import Account, Organization
from environments.node import Node
from environments.placement import handshakes, place
from environments.selection import matches, unmatched
from environments.waves import waves
from modules.core.contract import Contract, StateLocation
from modules.core.errors import ConfigError, ContractError, HandshakeError
from modules.core.handshake import Edge, Handshake
from modules.core.naming import Naming
from modules.foundations.contract import STATE


class StackGraph:
    """The stacks of one organisation in dependency order.

    Raises ContractError when a stack consumes from one that does not exist, or when stacks form a cycle, and
    HandshakeError when an edge between accounts lacks the stack of one of its sides; both name what it is about.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._adopted = organization.adopt.names
        self.management = organization.account_for("management", "org")
        found: dict[str, Node] = {}
        for node in place(organization):
            if node.id in found:
                raise ContractError(f"two stacks are called {node.id}: they would overwrite each other")
            found[node.id] = node
        self.nodes = {stack_id: found[stack_id] for stack_id in _in_order(found)}
        self.handshakes = tuple(handshakes(organization))
        self._sides: dict[str, set[tuple[Edge, str]]] = {}
        for handshake in self.handshakes:
            _exist(handshake, self.nodes)
            for side, stack_id in handshake.stacks.items():
                self._sides.setdefault(stack_id, set()).add((handshake.edge, side))

    def select(self, pattern: str | None) -> list[Node]:
        """The stacks that `pattern` selects, in order; without it all. A glob that matches none is a ConfigError."""
        for glob in unmatched(pattern, self.nodes):
            raise ConfigError(f"--stack {glob}: no stack has such an id; `mlgov graph` lists them")
        return [node for node in self.nodes.values() if matches(node.id, pattern)]

    def before(self) -> StackGraph:
        """The graph as it was when the accounts and projects that have ended now still worked."""
        return StackGraph(self.organization.unsuspended)

    def depends_on(self, node: Node) -> tuple[str, ...]:
        """Ids of the stacks that must be applied before `node`, sorted."""
        return node.producers

    def waves(self) -> list[list[str]]:
        """Stack ids by wave, those of a wave sorted: none of them waits for another of the same wave."""
        wave = waves({stack_id: node.producers for stack_id, node in self.nodes.items()})
        return [sorted(each for each in wave if wave[each] == number) for number in range(1 + max(wave.values()))]

    def naming(self, node: Node, *, account_id: str | None = None) -> Naming:
        """How things are named in the stack's account. Without `account_id` only names that need none may be asked."""
        organization, account = self.organization, node.account
        return Naming(
            organization=organization.name,
            environment=account.environment,
            account=account.name,
            account_id=account_id or account.id or "",
            partition=organization.partition,
            region=node.region,
            adopted=self._adopted,
        )

    def naming_of(self, account: Account) -> Naming:
        """How things are named in an account of the home region whose id is pinned, without standing in it."""
        return self.naming(Node("", "", account, self.organization.home_region, account.name))

    def state(self, node: Node) -> StateLocation:
        """Where the stack keeps its state, in its environment's bucket: `<env>/<account>/<region>/<what>.tfstate`."""
        organization, account = self.organization, node.account
        bucket = f"{organization.name}-{account.environment}-{STATE}"
        return StateLocation(
            bucket=bucket,
            key=f"{account.environment}/{account.name}/{node.region}/{node.called}.tfstate",
            region=organization.home_region,
            kms_key=f"arn:{organization.partition}:kms:{organization.home_region}:{self.management.id}:alias/{bucket}",
        )

    def sides(self, node: Node) -> frozenset[tuple[Edge, str]]:
        """The sides of edges between accounts that the stack must render."""
        return frozenset(self._sides.get(node.id, ()))

    def producer(self, node: Node, contract: type[Contract]) -> Node:
        """The stack from which `node` consumes `contract`."""
        if contract not in node.consumes:
            raise ContractError(
                f"{node.id} consumes {contract.__name__}, but environments/placement names no producer: add the edge"
            )
        return self.nodes[node.consumes[contract]]

    def gathered(self, node: Node, contract: type[Contract]) -> list[Node]:
        """The stacks from which `node` gathers `contract`, in the order of their ids."""
        if contract not in node.gathers:
            raise ContractError(
                f"{node.id} gathers {contract.__name__}, but environments/placement names no producers: add the edges"
            )
        return [self.nodes[producer] for producer in node.gathers[contract]]


def _exist(handshake: Handshake, nodes: Mapping[str, Node]) -> None:
    for side, stack_id in handshake.stacks.items():
        if stack_id not in nodes:
            words = handshake.edge.kind.sides[side]
            raise HandshakeError(
                f"{handshake.edge}: its side {side!r} ({words}) needs the stack {stack_id}, which is not there"
            )


def _in_order(nodes: Mapping[str, Node]) -> list[str]:
    edges: dict[str, list[str]] = {}
    for stack_id in sorted(nodes):
        producers = list(nodes[stack_id].producers)
        for producer in producers:
            if producer not in nodes:
                raise ContractError(f"{stack_id} consumes from {producer}, which is not a stack of this organisation")
        edges[stack_id] = producers
    try:
        return list(TopologicalSorter(edges).static_order())
    except CycleError as error:
        raise ContractError(f"these stacks consume from each other: {' -> '.join(error.args[1])}") from None
