"""The class of each kind of stack."""

from __future__ import annotations

from collections.abc import Mapping

from environments.stacks.access import AccessStack
from environments.stacks.base import PlatformStack
from environments.stacks.baseline import BaselineStack
from environments.stacks.bootstrap import BootstrapStack
from environments.stacks.control_tower import ControlTowerStack
from environments.stacks.guardrails import GuardrailsStack
from environments.stacks.identity import IdentityStack
from environments.stacks.landing_zone import LandingZoneStack
from environments.stacks.logs import LogsStack
from environments.stacks.organization import OrganizationStack
from environments.stacks.policies import PoliciesStack
from environments.stacks.trail import TrailStack

STACK_CLASSES: Mapping[str, type[PlatformStack]] = {
    "access": AccessStack,
    "baseline": BaselineStack,
    "bootstrap": BootstrapStack,
    "control-tower": ControlTowerStack,
    "guardrails": GuardrailsStack,
    "identity": IdentityStack,
    "landing-zone": LandingZoneStack,
    "logs": LogsStack,
    "organization": OrganizationStack,
    "policies": PoliciesStack,
    "trail": TrailStack,
}
