"""What the environments of ML teams give to other stacks. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.contract import Contract, assigned


@dataclass(frozen=True, slots=True)
class StudioContract(Contract):
    """The SageMaker domain of a team. Its id is in the ARNs of its profiles and spaces, and a dimension of its metrics."""

    domain_id: str = assigned()
    domain_arn: str = assigned()
