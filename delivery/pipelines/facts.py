"""What the pipelines of an organisation are made from: its settings, its stack graph, its roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from environments.ci_settings import CiSettings, environment
from environments.graph import StackGraph
from environments.manifest import StackEntry
from environments.tiers import tier
from environments.vocabulary import TIERS, Tier
from environments.waves import waves
from modules.core.errors import ConfigError
from modules.foundations.contract import CiContract


@dataclass(frozen=True, slots=True)
class Facts:
    """`path` is owner and name of the repository; `session_seconds` how long a role may be held.

    `waves` is the number of waves in which all stacks are applied; `tiers` are those that have stacks.
    """

    organization: str
    settings: CiSettings
    path: str
    branch: str
    region: str
    audience: str
    account_id: str
    plan_role: str
    apply_role: str
    session_seconds: int
    waves: int
    tiers: tuple[Tier, ...]

    @classmethod
    def of(cls, graph: StackGraph, retired: Sequence[StackEntry] = ()) -> Facts:
        """The facts of the graph and the `retired` stacks, which have left it and are to be taken down in their wave.

        Raises ConfigError when the organisation has no pipelines.
        """
        organization = graph.organization
        delivery, management = organization.delivery, organization.management
        if delivery.ci is None:
            raise ConfigError(
                "organization.yaml has no delivery.ci: write `ci: { host: github }` (or gitlab) below delivery"
            )
        bootstrap = next(node for node in graph.nodes.values() if node.account == management)
        roles = CiContract(**CiContract.names(graph.naming(bootstrap)))
        found = {tier(node.account.environment) for node in graph.nodes.values()} | {entry.tier for entry in retired}
        producers = {node.id: graph.depends_on(node) for node in graph.nodes.values()}
        wave = waves(producers | {entry.id: entry.depends_on for entry in retired})
        return cls(
            organization=organization.name,
            settings=delivery.ci,
            path=delivery.repository.partition("/")[2],
            branch=delivery.branch,
            region=organization.home_region,
            audience=delivery.oidc.audience,
            account_id=management.id or "",
            plan_role=roles.ci_plan_role_arn,
            apply_role=roles.ci_apply_role_arn,
            session_seconds=organization.settings("org").foundations.access.apply_session_seconds,
            waves=max(wave.values()) + 1,
            tiers=tuple(each for each in TIERS if each in found),
        )

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments of the code host whose approvals the pipelines wait for."""
        return tuple(environment(each) for each in self.tiers)
