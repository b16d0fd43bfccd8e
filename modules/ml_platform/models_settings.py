"""What may be set for the central model registry, model cards, the inventory and the private hub. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from modules.core.settings import RolePattern, Shape, Strict, distinct

# The name of a model of SageMaker JumpStart, as `ListHubContents` of SageMakerPublicHub has it.
JumpStartModel = Annotated[
    str,
    Shape(
        r"[a-zA-Z0-9](?:-*[a-zA-Z0-9])*",
        "the name of a model of SageMaker JumpStart such as huggingface-sentencesimilarity-bge-small-en",
        63,
    ),
]


class HubSettings(Strict):
    """The private hub: `models` of SageMaker JumpStart are in it, and no others."""

    enabled: bool = True
    models: Annotated[tuple[JumpStartModel, ...], Field(max_length=100), AfterValidator(distinct)] = ()


class InventorySettings(Strict):
    """The inventory is taken on each change of a model, and every day half an hour past `hour_utc`.

    It is kept for `keep_days`. One query on it scans at most `scan_limit_gb` (10^9 bytes each). `readers` are the roles
    that may query it, by ARN after `role/`, with `*` for any text.
    """

    hour_utc: Annotated[int, Field(ge=0, le=23)] = 4
    keep_days: Annotated[int, Field(ge=30, le=3650)] = 1095
    scan_limit_gb: Annotated[int, Field(ge=1, le=1000)] = 1
    readers: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = tuple(
        f"aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-{persona}_*"
        for persona in ("ml-governance-lead", "ml-platform-administrator", "security-auditor")
    )


class ModelsSettings(Strict):
    """The central model registry and what describes its models.

    `lock_days`: for how long a file of a registered model cannot be overwritten or deleted. `pending_days`: after how
    many days a version that waits for its approval is told of.
    """

    lock_days: Annotated[int, Field(ge=1, le=3650)] = 365
    pending_days: Annotated[int, Field(ge=1, le=90)] = 7
    hub: HubSettings = HubSettings()
    inventory: InventorySettings = InventorySettings()
