"""The tags by which costs are told apart, and how exports write their keys. No cdktf here."""

from __future__ import annotations

import re

# Ours: `environments/ownership.py` sets whose a resource is, `modules/core/tags.py` where it stands.
OWN_KEYS = (
    "CostCenter",
    "DataDomain",
    "Environment",
    "LineOfBusiness",
    "Module",
    "Owner",
    "Product",
    "Project",
    "Stack",
    "Team",
)
# SageMaker's, which a domain with tag propagation passes on to what is started in it:
# https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-cost.html
SAGEMAKER_DOMAIN, SAGEMAKER_PROJECT = "sagemaker:domain-arn", "sagemaker:project-name"
SAGEMAKER_SPACE, SAGEMAKER_USER = "sagemaker:space-arn", "sagemaker:user-profile-arn"
SAGEMAKER_KEYS = (SAGEMAKER_DOMAIN, SAGEMAKER_PROJECT, SAGEMAKER_SPACE, SAGEMAKER_USER)

_UPPER, _OTHER = re.compile(r"[A-Z]"), re.compile(r"[^a-z0-9]+")


def exported(key: str) -> str:
    """The key of the map `resource_tags` of CUR 2.0 under which the tag `key` stands: `user_cost_center`.

    As AWS writes names of columns: https://docs.aws.amazon.com/cur/latest/userguide/cur-ate-run.html
    """
    words = _UPPER.sub(lambda found: f"_{found[0].lower()}", key)
    return f"user_{_OTHER.sub('_', words).strip('_')}"
