"""As whom releases reach the Terraform state of what serves a model, beside the state buckets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.contract import StateLocation
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.ml_operations import names
from modules.ml_operations.deployer import HOUR, trusts_build
from modules.ml_operations.release_permissions import uses_key
from modules.ml_operations.serving_settings import ServingStage


@dataclass(frozen=True, slots=True)
class KeptState:
    """The state of one stack `serving`, those of the stacks that it reads, and KEEPS_STATE within no account of two."""

    project: str
    stage: ServingStage
    own: StateLocation
    reads: tuple[StateLocation, ...]
    edge: Edge | None


class StateAccess(Construct):
    """The role `release-state--<project>-<stage>` in the management account.

    `releases` is the naming of the releasing account.

    Guarantees:
    - it trusts one build of this project's pipeline, by its role's ARN, with the external id, of this organisation;
    - it writes one state and its lock, reads those that this stack reads, and lists nothing but these;
    - it deletes no state, only the lock; every earlier state can be brought back.

    Controls: PLAT-01, IAM-01, IAM-11 (NIST 800-53 AC-3, AC-6, CM-5).
    https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        releases: Naming,
        state: KeptState,
        external_id: str,
        organization_id: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        build = releases.role_arn(names.build_role(state.project, f"deploy-{state.stage}"))
        Role(
            self,
            "role",
            naming=naming,
            what=names.state_access(state.project, state.stage),
            description=f"The state of what serves {state.project} as {state.stage}, for its releases",
            trust=[trusts_build(build, external_id=external_id, organization_id=organization_id)],
            boundary_arn=boundary_arn,
            statements=_statements(naming, state),
            session_seconds=HOUR,
        )
        if state.edge is not None:
            state.edge.render(holder(self), "role")


def _statements(naming: Naming, state: KeptState) -> Sequence[Statement]:
    def arn(bucket: str, key: str = "") -> str:
        return f"arn:{naming.partition}:s3:::{bucket}{key}"

    own, lock = state.own, f"/{state.own.key}.tflock"
    # Terraform lists workspaces, which all begin so, and asks whether the state is there.
    prefixes = ("env:/", own.key, *(read.key for read in state.reads))
    buckets = sorted({own.bucket, *(read.bucket for read in state.reads)})
    aliases = sorted({_alias(location) for location in (own, *state.reads)})
    found = [
        Statement("WriteState", ("s3:GetObject", "s3:PutObject"), (arn(own.bucket, f"/{own.key}"),)),
        Statement("LockState", ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"), (arn(own.bucket, lock),)),
        Statement(
            "SeeStates",
            ("s3:ListBucket",),
            tuple(arn(bucket) for bucket in buckets),
            conditions={"StringEquals": {"s3:prefix": prefixes}},
        ),
    ]
    if state.reads:
        reads = tuple(sorted(arn(read.bucket, f"/{read.key}") for read in state.reads))
        found.append(Statement("ReadStates", ("s3:GetObject",), reads))
    return [
        *found,
        uses_key(naming, "Decrypt", "s3", ("kms:Decrypt",), *aliases),
        uses_key(naming, "Encrypt", "s3", ("kms:GenerateDataKey",), _alias(own)),
    ]


def _alias(location: StateLocation) -> str:
    return location.kms_key.rpartition(":")[2]
