"""The class of each kind of stack."""

from __future__ import annotations

from collections.abc import Mapping

from environments.stacks.access import AccessStack
from environments.stacks.base import PlatformStack
from environments.stacks.baseline import BaselineStack
from environments.stacks.bootstrap import BootstrapStack
from environments.stacks.delegation import DelegationStack
from environments.stacks.detection import DetectionStack
from environments.stacks.guardrails import GuardrailsStack
from environments.stacks.identity import IdentityStack
from environments.stacks.logs import LogsStack
from environments.stacks.organization import OrganizationStack
from environments.stacks.security import SecurityStack
from environments.stacks.trail import TrailStack

STACK_CLASSES: Mapping[str, type[PlatformStack]] = {
    "access": AccessStack,
    "baseline": BaselineStack,
    "bootstrap": BootstrapStack,
    "delegation": DelegationStack,
    "detection": DetectionStack,
    "guardrails": GuardrailsStack,
    "identity": IdentityStack,
    "logs": LogsStack,
    "organization": OrganizationStack,
    "security": SecurityStack,
    "trail": TrailStack,
}
