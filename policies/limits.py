"""The limits of `limits.yaml`, typed: what policies hold resources to where AWS and the frameworks leave it open."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from policies.record import Frozen

FILE = Path(__file__).with_name("limits.yaml")


class Limits(Frozen):
    """Instance types, regions, issuers and values of LF-Tags are globs.

    What a limit is for stands at its control in the catalogue.
    """

    approved_regions: list[str] = Field(min_length=1)
    athena_scan_gb: int = Field(ge=1)
    ci_issuers: list[str] = Field(min_length=1)
    costly_instance_types: list[str] = Field(min_length=1)
    data_event_types: list[str] = Field(min_length=1)
    egress_stacks: list[str] = Field(min_length=1)
    evidence_days: int = Field(ge=365, le=2557)  # AWS Config keeps no item longer
    feature_group_tags: list[str] = Field(min_length=1)
    flow_log_fields: list[str] = Field(min_length=1)
    global_region: str
    guardduty_features: list[str] = Field(min_length=1)
    refused_managed_policies: list[str] = Field(min_length=1)
    lf_tags: dict[str, list[str]] = Field(min_length=1)
    product_tags: list[str] = Field(min_length=1)
    required_tags: list[str] = Field(min_length=1)
    security_standards: list[str] = Field(min_length=1)
    session_hours: int = Field(ge=1, le=12)  # the bounds that Identity Center has
    studio_instance_types: list[str] = Field(min_length=1)
    idle_minutes: int = Field(ge=60, le=525600)  # the bounds that SageMaker has
    own_names: list[str] = Field(min_length=1)
    studio_images: list[str]
    ml_tags: list[str] = Field(min_length=1)
    notebook_platforms: list[str] = Field(min_length=1)
    job_seconds: int = Field(ge=1, le=2419200)  # 28 days, the most that SageMaker allows a training job
    bedrock_models: list[str] = Field(min_length=1)
    backup_days: int = Field(ge=1)
    locked_backup_days: int = Field(ge=1)
    noncurrent_days: int = Field(ge=1)
    rotation_days: int = Field(ge=90, le=2560)  # the bounds that KMS has
    serverless_concurrency: int = Field(ge=1, le=200)
    serverless_memory_mb: int = Field(ge=1024, le=6144)


@cache
def limits() -> Limits:
    """The limits, read once in a process. Whatever is wrong with the file is raised, so that no policy loads."""
    return Limits.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
