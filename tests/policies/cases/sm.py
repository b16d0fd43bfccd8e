"""Cases of the SageMaker controls."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.support import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/acme-dev-execution"
DOMAIN = {
    "domain_name": "acme",
    "auth_mode": "SSO",
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1"],
    "default_user_settings": {"execution_role": ROLE},
}
NOTEBOOK = {"name": "acme", "instance_type": "ml.t3.medium", "role_arn": ROLE}

CASES = [
    Case(
        "CKV_MLGOV_100",
        "aws_sagemaker_domain",
        passes={"vpc": changed(DOMAIN, app_network_access_type="VpcOnly")},
        fails={
            "absent": (DOMAIN, "app_network_access_type is not set, and AWS takes PublicInternetOnly"),
            "public": (changed(DOMAIN, app_network_access_type="PublicInternetOnly"), "not VpcOnly"),
        },
    ),
    Case(
        "CKV_MLGOV_115",
        "aws_sagemaker_notebook_instance",
        passes={"disabled": changed(NOTEBOOK, direct_internet_access="Disabled")},
        fails={
            "absent": (NOTEBOOK, "direct_internet_access is not set, and AWS takes Enabled"),
            "enabled": (changed(NOTEBOOK, direct_internet_access="Enabled"), "not Disabled"),
        },
    ),
]
