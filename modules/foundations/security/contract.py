"""What the security services give to other stacks, region by region."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned


@dataclass(frozen=True, slots=True)
class DetectionContract(Contract):
    """GuardDuty's detector and Detective's graph in one account and region. No graph: empty."""

    detector_id: str = assigned()
    graph_arn: str = assigned()
