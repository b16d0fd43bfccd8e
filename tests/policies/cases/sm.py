"""Cases of the SageMaker controls on what a domain of Studio is; names and keys that other cases share."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.support import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/acme-dev-execution"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
KEY_OF_AWS = f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/aws/sagemaker"
# Not known before the apply, to Terraform as to us; a case that uses it has `beside=UNKNOWN_OF`.
UNKNOWN = "${aws_kms_key.@later.key_id}"
UNKNOWN_OF: dict[str, dict[str, str]] = {"aws_kms_key.later": {}}
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
        "CKV_MLGOV_102",
        "aws_sagemaker_domain",
        passes={"person": DOMAIN},
        fails={
            "session": (changed(DOMAIN, auth_mode="IAM"), "auth_mode is IAM, not SSO"),
            "unknown": (changed(DOMAIN, auth_mode=UNKNOWN), "not provable at synthesis: auth_mode"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_164",
        "aws_sagemaker_domain",
        passes={"profile": changed(DOMAIN, domain_settings={"execution_role_identity_config": "USER_PROFILE_NAME"})},
        fails={
            "absent": (DOMAIN, "execution_role_identity_config is not set, and AWS takes DISABLED"),
            "off": (
                changed(DOMAIN, domain_settings={"execution_role_identity_config": "DISABLED"}),
                "is DISABLED, not USER_PROFILE_NAME",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_103",
        "aws_sagemaker_domain",
        passes={
            "key": changed(DOMAIN, kms_key_id=KEY),
            "own": changed(DOMAIN, kms_key_id="${aws_kms_key.@later.arn}"),
        },
        fails={
            "absent": (DOMAIN, "kms_key_id is not set, so the key is not the organisation's"),
            "of_aws": (changed(DOMAIN, kms_key_id=KEY_OF_AWS), "a key of AWS"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_105",
        "aws_sagemaker_domain",
        passes={
            "absent": DOMAIN,
            "off": changed(DOMAIN, domain_settings={"docker_settings": {"enable_docker_access": "DISABLED"}}),
        },
        fails={
            "on": (
                changed(DOMAIN, domain_settings={"docker_settings": {"enable_docker_access": "ENABLED"}}),
                "enable_docker_access is ENABLED",
            ),
            "unknown": (
                changed(DOMAIN, domain_settings={"docker_settings": {"enable_docker_access": UNKNOWN}}),
                "not provable at synthesis",
            ),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_114",
        "aws_sagemaker_model_package_group",
        passes={"tagged": {"model_package_group_name": "churn", "tags": {"Account": "fraud-dev"}}},
        fails={"absent": ({"model_package_group_name": "churn"}, "neither tags nor default_tags has Account")},
    ),
    Case("CKV_MLGOV_121", "aws_sagemaker_notebook_instance", passes={"dev": NOTEBOOK}, fails={}),
    Case(
        "CKV_MLGOV_121",
        "aws_sagemaker_domain",
        passes={},
        fails={"studio": (DOMAIN, "aws_sagemaker_domain in production: work in the development account")},
        environment="prod",
    ),
]
