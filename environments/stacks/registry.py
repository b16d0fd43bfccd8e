"""The class of each kind of stack."""

from __future__ import annotations

from collections.abc import Mapping

from environments.stacks.access import AccessStack
from environments.stacks.base import PlatformStack
from environments.stacks.baseline import BaselineStack
from environments.stacks.bootstrap import BootstrapStack
from environments.stacks.config import ConfigStack
from environments.stacks.control_tower import ControlTowerStack
from environments.stacks.delegation import DelegationStack
from environments.stacks.detection import DetectionStack
from environments.stacks.endpoints import EndpointsStack
from environments.stacks.guardrails import GuardrailsStack
from environments.stacks.hooks import HooksStack
from environments.stacks.hub import HubStack
from environments.stacks.identity import IdentityStack
from environments.stacks.landing_zone import LandingZoneStack
from environments.stacks.logs import LogsStack
from environments.stacks.network import NetworkStack
from environments.stacks.organization import OrganizationStack
from environments.stacks.policies import PoliciesStack
from environments.stacks.quotas import QuotasStack
from environments.stacks.routes import RoutesStack
from environments.stacks.scaffold import Scaffold
from environments.stacks.security import SecurityStack
from environments.stacks.trail import TrailStack

STACK_CLASSES: Mapping[str, type[PlatformStack]] = {
    "access": AccessStack,
    "audit": Scaffold,
    "baseline": BaselineStack,
    "bootstrap": BootstrapStack,
    "catalog": Scaffold,
    "config": ConfigStack,
    "consumer": Scaffold,
    "control-tower": ControlTowerStack,
    "delegation": DelegationStack,
    "detection": DetectionStack,
    "endpoints": EndpointsStack,
    "features": Scaffold,
    "guardrails": GuardrailsStack,
    "hooks": HooksStack,
    "hub": HubStack,
    "identity": IdentityStack,
    "ingestion": Scaffold,
    "lake": Scaffold,
    "landing-zone": LandingZoneStack,
    "links": Scaffold,
    "logs": LogsStack,
    "network": NetworkStack,
    "organization": OrganizationStack,
    "pipelines": Scaffold,
    "policies": PoliciesStack,
    "quotas": QuotasStack,
    "routes": RoutesStack,
    "security": SecurityStack,
    "storage": Scaffold,
    "trail": TrailStack,
}
