"""The class of each kind of stack."""

from __future__ import annotations

from collections.abc import Mapping

from environments.stacks.access import AccessStack
from environments.stacks.artifacts import ArtifactsStack
from environments.stacks.audit import AuditStack
from environments.stacks.base import PlatformStack
from environments.stacks.baseline import BaselineStack
from environments.stacks.bootstrap import BootstrapStack
from environments.stacks.build import BuildStack
from environments.stacks.catalog import CatalogStack
from environments.stacks.config import ConfigStack
from environments.stacks.consumer import ConsumerStack
from environments.stacks.control_tower import ControlTowerStack
from environments.stacks.cost_exports import CostExportsStack
from environments.stacks.cost_reports import CostReportsStack
from environments.stacks.costs import CostsStack
from environments.stacks.delegation import DelegationStack
from environments.stacks.detection import DetectionStack
from environments.stacks.endpoints import EndpointsStack
from environments.stacks.features import FeaturesStack
from environments.stacks.guardrails import GuardrailsStack
from environments.stacks.hooks import HooksStack
from environments.stacks.hub import HubStack
from environments.stacks.identity import IdentityStack
from environments.stacks.ingestion import IngestionStack
from environments.stacks.intake import IntakeStack
from environments.stacks.lake import LakeStack
from environments.stacks.landing_zone import LandingZoneStack
from environments.stacks.launch import LaunchStack
from environments.stacks.links import LinksStack
from environments.stacks.log_copy import LogCopyStack
from environments.stacks.log_queries import LogQueriesStack
from environments.stacks.logs import LogsStack
from environments.stacks.models import ModelsStack
from environments.stacks.monitoring import MonitoringStack
from environments.stacks.network import NetworkStack
from environments.stacks.operations import OperationsStack
from environments.stacks.organization import OrganizationStack
from environments.stacks.pipelines import PipelinesStack
from environments.stacks.policies import PoliciesStack
from environments.stacks.portfolio import PortfolioStack
from environments.stacks.promotion import PromotionStack
from environments.stacks.quotas import QuotasStack
from environments.stacks.release import ReleaseStack
from environments.stacks.release_state import ReleaseStateStack
from environments.stacks.routes import RoutesStack
from environments.stacks.security import SecurityStack
from environments.stacks.security_lake import SecurityLakeStack
from environments.stacks.serving import ServingStack
from environments.stacks.sink import SinkStack
from environments.stacks.storage import StorageStack
from environments.stacks.studio import StudioStack
from environments.stacks.trail import TrailStack

STACK_CLASSES: Mapping[str, type[PlatformStack]] = {
    "access": AccessStack,
    "artifacts": ArtifactsStack,
    "audit": AuditStack,
    "baseline": BaselineStack,
    "bootstrap": BootstrapStack,
    "build": BuildStack,
    "catalog": CatalogStack,
    "config": ConfigStack,
    "consumer": ConsumerStack,
    "control-tower": ControlTowerStack,
    "cost-exports": CostExportsStack,
    "cost-reports": CostReportsStack,
    "costs": CostsStack,
    "delegation": DelegationStack,
    "detection": DetectionStack,
    "endpoints": EndpointsStack,
    "features": FeaturesStack,
    "guardrails": GuardrailsStack,
    "hooks": HooksStack,
    "hub": HubStack,
    "identity": IdentityStack,
    "ingestion": IngestionStack,
    "intake": IntakeStack,
    "lake": LakeStack,
    "landing-zone": LandingZoneStack,
    "launch": LaunchStack,
    "links": LinksStack,
    "log-copy": LogCopyStack,
    "log-queries": LogQueriesStack,
    "logs": LogsStack,
    "models": ModelsStack,
    "monitoring": MonitoringStack,
    "network": NetworkStack,
    "operations": OperationsStack,
    "organization": OrganizationStack,
    "pipelines": PipelinesStack,
    "policies": PoliciesStack,
    "portfolio": PortfolioStack,
    "promotion": PromotionStack,
    "quotas": QuotasStack,
    "release": ReleaseStack,
    "release-state": ReleaseStateStack,
    "routes": RoutesStack,
    "security": SecurityStack,
    "security-lake": SecurityLakeStack,
    "serving": ServingStack,
    "sink": SinkStack,
    "storage": StorageStack,
    "studio": StudioStack,
    "trail": TrailStack,
}
