"""The build of a project, placed with plain values."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case.build import Build
from modules.ml_use_case.build_settings import BuildSettings
from modules.ml_use_case.dataset import Dataset, JoinedFeatures, LakeDataset
from modules.ml_use_case.project_settings import ProjectSpec
from tests.support.rendering import NAMING

KEY = "arn:aws:kms:eu-west-1:222222222222:key/{}"
PURPOSES = ("account-logs", "artifacts", "data", "messages")
BASELINE = BaselineContract(
    key_arns={what: KEY.format(what) for what in PURPOSES},
    backup_vault_name="acme-dev-backup",
    backup_vault_arn="arn:aws:backup:eu-west-1:222222222222:backup-vault:acme-dev-backup",
    backup_role_arn="arn:aws:iam::222222222222:role/acme-dev-backup",
)
NETWORK = SpokeContract(
    attachment_id="tgw-attach-1",
    vpc_id="vpc-1",
    private_subnet_ids=["subnet-1", "subnet-2"],
    workload_security_group_id="sg-1",
)
DATASET = LakeDataset(
    workgroup="acme-dev-fraud-queries",
    domain="payments",
    product="cards",
    database="payments_cards",
    table="card_payment",
    columns=("payment_id", "card_id", "amount", "paid_at", "is_fraud"),
    key=("payment_id",),
    event_time="paid_at",
    features=(
        JoinedFeatures(
            group="card-velocity",
            database="features",
            table="card_velocity",
            record_id="card_id",
            event_time="observed_at",
            seconds=True,
            on="card_id",
            columns=("payments_1h", "spend_24h"),
        ),
    ),
)


def project(**changed: Any) -> ProjectSpec:
    """A valid project, with some of its keys changed."""
    content: dict[str, Any] = {
        "project": "card-fraud",
        "team": "fraud",
        "description": "Scores card payments.",
        "template": "build-tabular",
        "gate": {"metric": "roc_auc", "at_least": 0.85},
        "data": {
            "published": {"domain": "payments", "product": "cards", "table": "card_payment", "event_time": "paid_at"}
        },
        "features": {"card-velocity": {"on": "card_id"}},
        "target": "is_fraud",
        "favourable": (False,),
        "not_inputs": ("payment_id", "card_id", "paid_at"),
    }
    return ProjectSpec.model_validate(content | changed)


def place(
    scope: Construct,
    spec: ProjectSpec,
    *,
    dataset: Dataset = DATASET,
    reader: tuple[ForeignRole, Edge] | None = None,
    network: SpokeContract = NETWORK,
    baseline: BaselineContract = BASELINE,
) -> Build:
    """The build of `spec` in the account of `NAMING`."""
    return Build(
        scope,
        spec.project,
        naming=NAMING,
        settings=BuildSettings(),
        project=spec,
        owner="fraud-lead@acme.example",
        dataset=dataset,
        model_group=f"fraud-{spec.project}",
        people=["fraud-data-scientist", "fraud-ml-engineer"],
        jobs="fraud-pipeline",
        tags={"Team": "fraud", "Project": spec.project},
        network=network,
        keys=baseline,
        boundary_arn="arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary",
        packages={"CODEARTIFACT_DOMAIN": "acme-test-ml"},
        reader=reader,
    )
