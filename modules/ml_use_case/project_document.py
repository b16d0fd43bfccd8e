"""What the build of a project tells its seed code: JSON that keeps to `templates/settings.schema.json`. No cdktf here.

It reaches CodeBuild as the environment variable PROJECT_SETTINGS, from the parameter that the build stack writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.core.naming import Naming
from modules.ml_use_case import names
from modules.ml_use_case.dataset import Dataset
from modules.ml_use_case.project_settings import Instances, ProjectSpec

VERSION = 1  # of the schema: seed code refuses a document of another
VARIABLE = "PROJECT_SETTINGS"
SCHEMA = Path(__file__).parent / "templates" / "settings.schema.json"


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Where the project's jobs run: what AWS assigned, as references or values. `owner` answers for the model."""

    owner: str
    role_arn: str
    output_key_arn: str
    volume_key_arn: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    model_group: str
    tags: Mapping[str, str]


def project_document(naming: Naming, project: ProjectSpec, dataset: Dataset, place: JobPlace) -> dict[str, Any]:
    """The settings of the project in the account of `naming`."""
    bucket = names.project_bucket(project.project)
    images = {kind: image for kind, image in project.images.model_dump().items() if image}
    gate = {key: value for key, value in project.gate.model_dump().items() if value is not None}
    optional = {
        "intended_use": project.intended_use,
        "text": project.text,
        "base_model_uri": f"s3://{naming.bucket(bucket)}/{names.BASE_MODEL}" if project.text else None,
    }
    return {
        "version": VERSION,
        "organization": naming.organization,
        "project": project.project,
        "team": project.team,
        "environment": naming.environment,
        "region": naming.region,
        "account_id": naming.account_id,
        "template": project.template,
        "description": project.description,
        "owner": place.owner,
        "risk": project.risk,
        "pipeline_name": names.pipeline(naming, project.project),
        "role_arn": place.role_arn,
        "bucket": naming.bucket(bucket),
        "keys": {"output": place.output_key_arn, "volume": place.volume_key_arn},
        "subnet_ids": place.subnet_ids,
        "security_group_ids": place.security_group_ids,
        "model_package_group": place.model_group,
        "gate": gate,
        "target": project.target,
        "favourable": list(project.favourable),
        "not_inputs": list(project.not_inputs),
        "facets": [{"column": column, "values": list(values)} for column, values in project.facets.items()],
        "data": dataset.document(),
        "instances": {
            "processing": _instances(project.instances.processing),
            "training": _instances(project.instances.training),
        },
        "images": images,
        "tags": dict(place.tags),
        **{key: value for key, value in optional.items() if value is not None},
    }


def _instances(settings: Instances) -> dict[str, Any]:
    return {
        "type": settings.type,
        "count": settings.count,
        "volume_gb": settings.volume_gb,
        "max_runtime_seconds": settings.max_runtime_minutes * 60,
    }
