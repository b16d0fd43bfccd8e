"""What a version of a model adds to the card of its project. Pure.

Names are those of SageMaker's schema of model cards, in which the API takes a card; CloudFormation, as which Terraform
made it, spells them otherwise. What YAML says, and what people wrote beside, is left as it is.
https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-json-schema.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

DRAFT, PENDING_REVIEW, APPROVED, ARCHIVED = "Draft", "PendingReview", "Approved", "Archived"
OURS = "version_"  # what details of the organisation begin with that are of a version
_TEXT, _DESCRIPTION, _OBSERVATION = 1024, 1024, 1024
_CONTAINERS = 15

Content = dict[str, Any]


def status(approval: str, missing: Sequence[str], *, ended: bool) -> str:
    """The card's status: of a rejected version a draft, as nobody is to use what it describes.

    A card is approved with the version, and never while evidence of it is missing.
    """
    if ended:
        return ARCHIVED
    if approval == "Rejected":
        return DRAFT
    return APPROVED if approval == "Approved" and not missing else PENDING_REVIEW


def with_version(
    card: Mapping[str, Any],
    package: Mapping[str, Any],
    evaluations: Sequence[Mapping[str, Any]],
    missing: Sequence[str],
) -> Content:
    """The card's content, describing the version that `DescribeModelPackage` told of.

    Training, evaluation and model package are of this version alone; of other sections only single keys are.
    """
    found: Content = deepcopy(dict(card))
    containers = package.get("InferenceSpecification", {}).get("Containers", [])[:_CONTAINERS]
    metadata: Mapping[str, str] = package.get("CustomerMetadataProperties", {})
    found["model_overview"] = {
        **found.get("model_overview", {}),
        "model_version": package["ModelPackageVersion"],
        "model_artifact": [each["ModelDataUrl"] for each in containers if "ModelDataUrl" in each],
        "inference_environment": {"container_image": [each["Image"] for each in containers]},
    }
    found["training_details"] = _training(package, metadata)
    found["evaluation_details"] = [dict(each) for each in evaluations]
    found["model_package_details"] = _package(package, containers)
    information = found.get("additional_information", {})
    others = {key: value for key, value in information.get("custom_details", {}).items() if not key.startswith(OURS)}
    own = {f"{OURS}{_key(key)}": value for key, value in {**metadata, **_approval(package, missing)}.items() if value}
    found["additional_information"] = {**information, "custom_details": {**others, **own}}
    return found


def _training(package: Mapping[str, Any], metadata: Mapping[str, str]) -> Content:
    told = package.get("MetadataProperties", {})
    observed = [
        f"{word} {value}"
        for word, value in (
            ("Pipeline", told.get("GeneratedBy")),
            ("commit", told.get("CommitId")),
            ("run", metadata.get("run")),
            ("query SHA-256", metadata.get("query_sha256")),
            ("feature groups", metadata.get("feature_groups")),
        )
        if value
    ]
    found: Content = {
        "training_observations": ("; ".join(observed) or "Nothing is known of its training")[:_OBSERVATION]
    }
    if dataset := metadata.get("dataset"):
        found["training_job_details"] = {"training_datasets": [dataset]}
    return found


def _package(package: Mapping[str, Any], containers: Sequence[Mapping[str, Any]]) -> Content:
    found: Content = {
        "model_package_arn": package["ModelPackageArn"],
        "model_package_group_name": package["ModelPackageGroupName"],
        "model_package_version": package["ModelPackageVersion"],
        "model_package_status": package["ModelPackageStatus"],
        "model_approval_status": package["ModelApprovalStatus"],
        "inference_specification": {
            "containers": [
                {"image": each["Image"], **({"model_data_url": each["ModelDataUrl"]} if "ModelDataUrl" in each else {})}
                for each in containers
            ]
        },
    }
    for key, name in (
        ("model_package_description", "ModelPackageDescription"),
        ("approval_description", "ApprovalDescription"),
    ):
        if text := package.get(name):
            found[key] = text[:_DESCRIPTION]
    return found


def _approval(package: Mapping[str, Any], missing: Sequence[str]) -> dict[str, str]:
    """Who registered the version, who decided on it last and when, and what evidence of it is missing."""
    changed = package.get("LastModifiedTime")
    return {
        "registered_by": _identity(package.get("CreatedBy", {})),
        "decided_by": _identity(package.get("LastModifiedBy", {})),
        "decided_at": changed.isoformat() if changed else "",
        "missing_evidence": ", ".join(missing)[:_TEXT],
    }


def _identity(context: Mapping[str, Any]) -> str:
    return str(context.get("IamIdentity", {}).get("Arn", context.get("UserProfileArn", "")))[:_TEXT]


def _key(name: str) -> str:
    """Keys of the organisation's details are letters, digits and underscores."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
