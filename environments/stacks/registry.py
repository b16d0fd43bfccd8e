"""The class of each kind of stack."""

from __future__ import annotations

from collections.abc import Mapping

from environments.stacks.access import AccessStack
from environments.stacks.base import PlatformStack
from environments.stacks.baseline import BaselineStack
from environments.stacks.bootstrap import BootstrapStack
from environments.stacks.endpoints import EndpointsStack
from environments.stacks.guardrails import GuardrailsStack
from environments.stacks.hub import HubStack
from environments.stacks.identity import IdentityStack
from environments.stacks.logs import LogsStack
from environments.stacks.network import NetworkStack
from environments.stacks.organization import OrganizationStack
from environments.stacks.routes import RoutesStack
from environments.stacks.trail import TrailStack

STACK_CLASSES: Mapping[str, type[PlatformStack]] = {
    "access": AccessStack,
    "baseline": BaselineStack,
    "bootstrap": BootstrapStack,
    "endpoints": EndpointsStack,
    "guardrails": GuardrailsStack,
    "hub": HubStack,
    "identity": IdentityStack,
    "logs": LogsStack,
    "network": NetworkStack,
    "organization": OrganizationStack,
    "routes": RoutesStack,
    "trail": TrailStack,
}
