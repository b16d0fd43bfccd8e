"""A served model, placed with plain values."""

from __future__ import annotations

from collections.abc import Mapping

from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.model_service import ModelService
from modules.ml_operations.operations import Operations
from modules.ml_operations.serving_settings import ServedAs, Serving, ServingMode, ServingStage
from tests.support.rendering import NAMING

KEY = "arn:aws:kms:eu-west-1:222222222222:key/{}"
PURPOSES = ("account-logs", "artifacts", "data", "endpoint", "messages")
MODES: Mapping[ServingMode, str] = {
    "real-time": "card-fraud",
    "asynchronous": "letter-triage",
    "serverless": "order-returns",
    "batch": "churn",
}
NETWORK = SpokeContract(
    attachment_id="tgw-attach-1",
    vpc_id="vpc-1",
    private_subnet_ids=["subnet-1", "subnet-2"],
    workload_security_group_id="sg-1",
)


def baseline(key: str = KEY) -> BaselineContract:
    """What an account has: a key for each purpose, by the pattern `key`."""
    return BaselineContract(
        key_arns={what: key.format(what) for what in PURPOSES},
        backup_vault_name="acme-dev-backup",
        backup_vault_arn="arn:aws:backup:eu-west-1:222222222222:backup-vault:acme-dev-backup",
        backup_role_arn="arn:aws:iam::222222222222:role/acme-dev-backup",
    )


def served(mode: ServingMode, stage: ServingStage = "prod", **said: object) -> ServedAs:
    """How a project with `serving: {mode: ..., **said}` is served in the stage."""
    return Serving.model_validate({"mode": mode, **said}).at(stage)


def operate(
    scope: Construct, settings: ServedAs, *, naming: Naming = NAMING, key: str = KEY, checked: bool = False
) -> Operations:
    """What stays, for the project of the mode."""
    project = MODES[settings.mode]
    return Operations(
        scope,
        f"operations-{project}",
        naming=naming,
        settings=settings,
        project=project,
        owner="fraud-lead@acme.example",
        checked=checked,
        keys=baseline(key),
        boundary_arn=naming.arn("iam", "policy/boundary", region=False),
    )


def serve(
    scope: Construct,
    settings: ServedAs,
    *,
    naming: Naming = NAMING,
    key: str = KEY,
    network: SpokeContract = NETWORK,
    project: str | None = None,
) -> ModelService:
    """What changes with the version, for the project of the mode, or another one."""
    project = project or MODES[settings.mode]
    return ModelService(
        scope,
        f"service-{project}",
        naming=naming,
        settings=settings,
        project=project,
        team="fraud",
        endpoints=naming.role_arn("fraud-serving"),
        jobs=naming.role_arn("fraud-pipeline"),
        network=network,
        keys=baseline(key),
    )
