"""What AWS Control Tower governs: the units it has registered, and the controls it enables on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource
from cdktf_cdktf_provider_aws.controltower_control import (
    ControltowerControl,
    ControltowerControlParameters,
    ControltowerControlTimeouts,
)
from constructs import Construct

from modules.core.cloud_control.enabled_baseline import EnabledBaseline
from modules.core.naming import Naming
from modules.foundations.contract import OrganizationContract
from modules.foundations.control_tower.controls import CONTROLS, REGIONS, Parameter
from modules.foundations.control_tower.governed_unit import GovernedUnit

# `AWSControlTowerBaseline`, which has one identifier in every region (Control Tower API Reference, EnableBaseline).
_BASELINE = "17BSJV3IGJ2QSGA2"
_PATIENCE = "60m"  # Control Tower works on a few controls at a time and lets the others wait


class ControlTower(Construct):
    """Registered organisational units, parents before children, and their controls.

    `baseline_version` is the one that the landing zone's version wants.

    Guarantees:
    - a unit is registered after the one above it, and its controls follow its registration;
    - a control is enabled by its Control Catalog identifier, with its parameters or those of `parameters`.

    Controls: ORG-02, SM-01, SM-02, DATA-01 and others by the controls named (NIST 800-53 CM-6, CM-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        units: Sequence[GovernedUnit],
        baseline_version: str,
        regions: Sequence[str],
        parameters: Mapping[str, Mapping[str, Parameter]],
        organization: OrganizationContract,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._organization = naming, organization
        self._version = baseline_version
        self._units = {unit.key: unit for unit in units}
        self._registered: dict[str, CloudcontrolapiResource] = {}
        self._baselines, controls = Construct(self, "units"), Construct(self, "controls")
        for unit in units:
            after = self._register(unit)
            place = Construct(controls, unit.key)
            for name in unit.controls:
                control = CONTROLS[name]
                chosen = {**control.parameters, **parameters.get(name, {})}
                ControltowerControl(
                    place,
                    name,
                    control_identifier=control.arn(naming.partition),
                    target_identifier=self._arn(unit.key),
                    parameters=[
                        ControltowerControlParameters(key=key, value=json.dumps(_filled(value, regions)))
                        for key, value in sorted(chosen.items())
                    ]
                    or None,
                    timeouts=ControltowerControlTimeouts(create=_PATIENCE, update=_PATIENCE, delete=_PATIENCE),
                    depends_on=[after] if after else None,
                )

    def _register(self, unit: GovernedUnit) -> CloudcontrolapiResource | None:
        """The registration of the unit, made after that of the unit above; None for a unit that is not registered."""
        if unit.registered and unit.key not in self._registered:
            parent = self._units.get(unit.parent) if unit.parent else None
            above = self._register(parent) if parent else None
            naming = self._naming
            self._registered[unit.key] = EnabledBaseline(
                self._baselines,
                unit.key,
                baseline_arn=f"arn:{naming.partition}:controltower:{naming.region}::baseline/{_BASELINE}",
                baseline_version=self._version,
                target_arn=self._arn(unit.key),
                after=[above] if above else (),
            ).made
        return self._registered.get(unit.key)

    def _arn(self, unit: str) -> str:
        naming, organization = self._naming, self._organization
        path = f"ou/{organization.organization_id}/{organization.unit_ids[unit]}"
        return f"arn:{naming.partition}:organizations::{naming.account_id}:{path}"


def _filled(value: Parameter, regions: Sequence[str]) -> object:
    """The parameter as JSON has it, with the governed regions where it speaks of them."""
    if isinstance(value, tuple):
        return [item for part in value for item in (sorted(regions) if part == REGIONS else [part])]
    return value
