"""Every stack of an organisation, where it stands, and what it consumes. No cdktf here.

This is the one place that says which stack reads which: the edges give the order of apply, the
pictures and what GitOps needs, without starting jsii.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter

from environments.identity import assigned_accounts
from environments.model import Account, Organization
from modules.core.contract import Contract, StateLocation
from modules.core.errors import ConfigError, ContractError
from modules.core.naming import Naming
from modules.foundations.contract import STATE, AccessContract, CiContract, OrganizationContract
from modules.observability.contract import LogArchiveContract


@dataclass(frozen=True, slots=True)
class Node:
    """One stack: its kind in its module, its account and region, and the producer of each contract it consumes.

    `after` are stacks that must be applied before, though no value of theirs is read.
    """

    stack: str
    module: str
    account: Account
    region: str
    id: str
    consumes: Mapping[type[Contract], str] = field(default_factory=dict)
    after: tuple[str, ...] = ()

    @property
    def producers(self) -> tuple[str, ...]:
        """Ids of the stacks that must be applied before this one, sorted."""
        return tuple(sorted({*self.consumes.values(), *self.after}))


class StackGraph:
    """The stacks of one organisation in dependency order.

    Raises ContractError when a stack consumes from one that does not exist, or when stacks form a cycle; it names them.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.management = organization.account_for("management", "org")
        found: dict[str, Node] = {}
        for node in _place(organization):
            if node.id in found:
                raise ContractError(f"two stacks are called {node.id}: they would overwrite each other")
            found[node.id] = node
        self.nodes = {stack_id: found[stack_id] for stack_id in _in_order(found)}

    def select(self, pattern: str | None) -> list[Node]:
        """The stacks whose id matches the glob `pattern`, in order; without one all. No match is a ConfigError."""
        chosen = [node for node in self.nodes.values() if pattern is None or fnmatchcase(node.id, pattern)]
        if not chosen:
            raise ConfigError(f"--stack {pattern}: no stack has such an id; `mlgov graph` lists them")
        return chosen

    def depends_on(self, node: Node) -> tuple[str, ...]:
        """Ids of the stacks that must be applied before `node`, sorted."""
        return node.producers

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
        )

    def naming_of(self, account: Account) -> Naming:
        """How things are named in an account of the home region whose id is pinned, without standing in it."""
        return self.naming(Node("", "", account, self.organization.home_region, account.name))

    def state(self, node: Node) -> StateLocation:
        """Where the stack keeps its state: `<env>/<account>/<region>/<stack>.tfstate` in the environment's bucket."""
        organization, account = self.organization, node.account
        bucket = f"{organization.name}-{account.environment}-{STATE}"
        return StateLocation(
            bucket=bucket,
            key=f"{account.environment}/{account.name}/{node.region}/{node.stack}.tfstate",
            region=organization.home_region,
            kms_key=f"arn:{organization.partition}:kms:{organization.home_region}:{self.management.id}:alias/{bucket}",
        )

    def producer(self, node: Node, contract: type[Contract]) -> Node:
        """The stack from which `node` consumes `contract`."""
        if contract not in node.consumes:
            raise ContractError(
                f"{node.id} consumes {contract.__name__}, but environments/graph.py names no producer: add the edge"
            )
        return self.nodes[node.consumes[contract]]


def _place(organization: Organization) -> Iterator[Node]:
    """Which stacks stand where. The order does not matter; the edges do."""
    management = organization.account_for("management", "org")
    bootstrap, tree = f"{management.name}-bootstrap", f"{management.name}-organization"

    def node(stack: str, module: str, account: Account, consumes: Mapping[type[Contract], str]) -> Node:
        return Node(stack, module, account, organization.home_region, f"{account.name}-{stack}", consumes)

    def ids(account: Account) -> dict[type[Contract], str]:
        """The edge that tells the account's id; none where YAML pins it."""
        return {} if account.id else {OrganizationContract: tree}

    for account in organization.accounts:
        if account == management:
            access: dict[type[Contract], str] = {AccessContract: bootstrap}
            yield node("bootstrap", "foundations", account, {})
            yield node("organization", "foundations", account, access)
            yield node("guardrails", "foundations", account, {**access, OrganizationContract: tree})
        else:
            access = {AccessContract: f"{account.name}-access", **ids(account)}
            yield node("access", "foundations", account, {CiContract: bootstrap, **ids(account)})
        yield node("baseline", "foundations", account, access)
        if "log-archive" in account.roles:
            yield node("logs", "observability", account, {**access, OrganizationContract: tree})

    if organization.settings("org").observability.trail.source == "mlgov":
        archive = organization.account_for("log-archive", "org")
        logs: dict[type[Contract], str] = {LogArchiveContract: f"{archive.name}-logs", **ids(archive)}
        yield node("trail", "observability", management, {AccessContract: bootstrap, **logs})

    if organization.identity.enabled:
        members = [account for account in assigned_accounts(organization) if account != management]
        unpinned: dict[type[Contract], str] = (
            {} if all(account.id for account in members) else {OrganizationContract: tree}
        )
        yield Node(
            "identity",
            "foundations",
            management,
            organization.home_region,
            f"{management.name}-identity",
            {AccessContract: bootstrap, **unpinned},
            after=(tree, *(f"{account.name}-access" for account in members)),  # which make the boundary of people
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
