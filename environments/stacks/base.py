"""The base of every stack: backend, provider with the account's role, required tags, naming, wiring."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from cdktf import S3Backend, TerraformElement, TerraformStack, TerraformVariable, TerraformVariableValidationConfig
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from constructs import Construct

from environments.graph import StackGraph
from environments.model import Account, Organization
from environments.node import Node
from environments.ownership import stack_tags
from modules.core import wiring
from modules.core.contract import Contract, Producer
from modules.core.errors import ContractError, HandshakeError, SynthError
from modules.core.escape import override
from modules.core.handshake import Edge, EdgeKind
from modules.core.naming import Naming
from modules.core.tags import required_tags
from modules.foundations.contract import AccessContract, OrganizationContract

C = TypeVar("C", bound=Contract)
REQUIRED_TERRAFORM = ">= 1.11.0"  # ephemeral variables and S3-native locking


class PlatformStack(TerraformStack):
    """One Terraform root. A subclass says in `compose` what stands in it.

    Guarantees:
    - state lies in the environment's bucket, encrypted by its key and locked by a lock file;
    - the provider works in this stack's account and no other, as the account's plan or apply role;
    - every resource carries the required tags;
    - no two elements share a Terraform address;
    - it renders its sides of every edge between accounts, and no others.
    """

    def __init__(self, scope: Construct, *, node: Node, graph: StackGraph, organization: Organization) -> None:
        super().__init__(scope, node.id)
        self.place, self.graph, self.organization = node, graph, organization
        self.assets: dict[str, bytes] = {}
        self._consumed: set[type[Contract]] = set()
        self._rendered: set[tuple[Edge, str]] = set()
        self.settings = organization.settings(node.account.environment)
        self._state()
        self.naming = graph.naming(node, account_id=self.account_id(node.account))
        self._provider()
        self.compose()
        self._check()

    def compose(self) -> None:
        """Place the constructs of this stack and publish its contracts."""
        raise NotImplementedError(f"{type(self).__name__} composes nothing")

    def consume(self, contract: type[C]) -> C:
        """The contract, as published by the producer that the graph names for this stack."""
        self._consumed.add(contract)
        return self._read(contract, self.graph.producer(self.place, contract))

    def gather(self, contract: type[C]) -> dict[str, C]:
        """The contract of every stack that the graph lets this stack gather it from, by the name of the account."""
        return {node.account.name: found for node, found in self.gather_all(contract)}

    def gather_all(self, contract: type[C]) -> list[tuple[Node, C]]:
        """Every stack that the graph lets this stack gather the contract from, with it: several of one account, too."""
        self._consumed.add(contract)
        return [(node, self._read(contract, node)) for node in self.graph.gathered(self.place, contract)]

    def _read(self, contract: type[C], node: Node) -> C:
        naming = self.graph.naming(node, account_id=self.account_id(node.account))
        return wiring.consume(self, contract, Producer(node.id, naming, self.graph.state(node)))

    @property
    def at_home(self) -> bool:
        """Whether this stack stands in the home region, where what is global is made, once."""
        return self.place.region == self.organization.home_region

    def account_id(self, account: Account) -> str:
        """The id as YAML pins it, else as the organisation stack tells it."""
        return account.id or self.consume(OrganizationContract).account_ids[account.name]

    def naming_of(self, account: Account) -> Naming:
        """How things are named in another account, in this stack's region."""
        node = replace(self.place, account=account)
        return self.graph.naming(node, account_id=self.account_id(account))

    def edge(self, kind: EdgeKind, source: str, target: str) -> Edge:
        """The edge of this kind, of which this stack must render a side."""
        edge = Edge(kind, source, target)
        if all((edge, side) not in self.graph.sides(self.place) for side in kind.sides):
            raise HandshakeError(f"environments/placement does not say that {self.place.id} renders a side of: {edge}")
        return edge

    def rendered(self, edge: Edge, side: str) -> None:
        """Take note that `side` of `edge` stands in this stack."""
        self._rendered.add((edge, side))

    def publish(self, contract: Contract) -> None:
        """Give `contract` to other stacks."""
        wiring.publish(self, contract, self.naming)

    def add_asset(self, name: str, content: bytes) -> str:
        """Ship a file beside this stack's JSON; returns the path the JSON names it by."""
        path = f"assets/{name}"
        if self.assets.setdefault(path, content) != content:
            raise SynthError(f"{self.place.id}: two different assets are called {name}")
        return path

    def _check_sides(self) -> None:
        wanted, faults = self.graph.sides(self.place), []
        for edge, side in sorted(wanted ^ self._rendered, key=str):
            what = f"{edge}: its side {side!r} ({edge.kind.sides[side]})"
            if (edge, side) in wanted:
                faults.append(f"{what} is missing in the stack {self.place.id}")
            else:
                faults.append(f"{what} stands in {self.place.id}; environments/placement does not say so")
        if faults:
            raise HandshakeError("\n".join(faults))

    def _state(self) -> None:
        state = self.graph.state(self.place)
        backend = S3Backend(
            self, bucket=state.bucket, key=state.key, region=state.region, encrypt=True, kms_key_id=state.kms_key
        )
        override(backend, "use_lockfile", True, because="cdktf 0.21 does not know this argument of S3 backends")
        override(self, "terraform.required_version", REQUIRED_TERRAFORM, because="cdktf has no argument for it")
        override(
            self,
            "terraform.required_providers.aws.source",
            "hashicorp/aws",
            because="the short source that cdktf writes makes OpenTofu upgrade on every init",
        )

    def _provider(self) -> None:
        account = self.place.account
        AwsProvider(
            self,
            "aws",
            region=self.place.region,
            allowed_account_ids=[self.naming.account_id],
            assume_role=self._assumed_role(),
            default_tags=[
                AwsProviderDefaultTags(
                    tags=required_tags(
                        organization=self.organization.name,
                        environment=account.environment,
                        account=account.name,
                        module=self.place.module,
                        stack=self.place.stack,
                        extra=stack_tags(self.organization, self.place),
                    )
                )
            ],
        )

    def _assumed_role(self) -> list[AwsProviderAssumeRole] | None:
        """The account's plan or apply role, chosen at run time by the variable `access`."""
        access = TerraformVariable(
            self,
            "access",
            type="string",
            default="plan",
            description="Which of the account's roles Terraform assumes: plan reads, apply changes.",
            validation=[
                TerraformVariableValidationConfig(
                    condition='${contains(["plan", "apply"], var.access)}', error_message="access is plan or apply."
                )
            ],
        )
        override(
            access,
            "ephemeral",
            True,
            because="a saved plan must not fix the role: it is made as plan and carried out as apply",
        )
        contract = self.consume(AccessContract)
        role = contract.plan_role_arn.removesuffix("plan") + "${var.access}"
        return [AwsProviderAssumeRole(role_arn=role, external_id=self.organization.delivery.external_id)]

    def _check(self) -> None:
        if unused := {*self.place.consumes, *self.place.gathers} - self._consumed:
            names = ", ".join(sorted(contract.__name__ for contract in unused))
            raise ContractError(f"the graph says that {self.place.id} consumes {names}, but it does not")
        self._check_sides()
        seen: dict[tuple[str, str], TerraformElement] = {}
        for child in self.node.find_all():
            if not isinstance(child, TerraformElement):
                continue
            # What is read from jsii is a round trip to Node: the type is known in Python, the rest waits for a clash.
            kind: str = child.__jsii_type__  # type: ignore[attr-defined]  # jsii sets it on every class
            known = seen.setdefault((kind, child.friendly_unique_id), child)
            if known is child:
                continue
            name = getattr(child, "terraform_resource_type", type(child).__name__)
            raise SynthError(
                f"{self.place.id}: {known.node.path} and {child.node.path} would both be "
                f"{name}.{child.friendly_unique_id}, and cdktf would keep only the later one: rename one of the two "
                "construct ids"
            )
