"""What stages a release has, by where the model is served. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.ml_operations.serving_settings import ServedAs, ServingStage

Step = Literal["Source", "Prepare", "DeployTest", "IntegrationTest", "Passport", "Approve", "DeployProd"]


@dataclass(frozen=True, slots=True)
class ReleasePlace:
    """Where a release goes: how it is served there, the account, and who keeps the state of what serves it.

    An account that serves both stages is `prod`: what reaches production needs a passport and an approval.
    `keeper_arn` is the role beside the state buckets. The edges are DEPLOYS and KEEPS_STATE, None within one account.
    """

    served: ServedAs
    naming: Naming
    keeper_arn: str
    deploys: Edge | None = None
    keeps_state: Edge | None = None

    @property
    def stage(self) -> ServingStage:
        """Which stage it is."""
        return self.served.stage


def steps(stages: Sequence[ServingStage]) -> tuple[Step, ...]:
    """The stages of the pipeline, in order, for a model that is served as `stages` say: one of each at most.

    Production comes last, and never without passport and approval. Its own verification is part of DeployProd, so that
    CodePipeline takes both back together.
    """
    if not stages or len(set(stages)) != len(stages):
        raise ValueError(f"a model is released to test, to production, or to both, and not to {list(stages)}")
    found: list[Step] = ["Source", "Prepare"]
    if "test" in stages:
        found += ["DeployTest", "IntegrationTest"]
    if "prod" in stages:
        found += ["Passport", "Approve", "DeployProd"]
    return tuple(found)
