"""Cases of the SageMaker controls on notebook instances."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import KEY, NOTEBOOK

CASES = [
    Case(
        "CKV_MLGOV_115",
        "aws_sagemaker_notebook_instance",
        passes={"disabled": changed(NOTEBOOK, direct_internet_access="Disabled")},
        fails={
            "absent": (NOTEBOOK, "direct_internet_access is not set, and AWS takes Enabled"),
            "enabled": (changed(NOTEBOOK, direct_internet_access="Enabled"), "not Disabled"),
        },
    ),
    Case(
        "CKV_MLGOV_116",
        "aws_sagemaker_notebook_instance",
        passes={"both": changed(NOTEBOOK, subnet_id="subnet-1", security_groups=["sg-1"])},
        fails={
            "absent": (NOTEBOOK, "subnet_id is not set; security_groups is not set"),
            "groupless": (changed(NOTEBOOK, subnet_id="subnet-1"), "security_groups is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_118",
        "aws_sagemaker_notebook_instance",
        passes={"key": changed(NOTEBOOK, kms_key_id=KEY)},
        fails={
            "absent": (NOTEBOOK, "kms_key_id is not set"),
            "of_aws": (changed(NOTEBOOK, kms_key_id="alias/aws/sagemaker"), "kms_key_id is alias/aws/sagemaker"),
        },
    ),
    Case(
        "CKV_MLGOV_120",
        "aws_sagemaker_notebook_instance",
        passes={"supported": changed(NOTEBOOK, platform_identifier="notebook-al2-v3")},
        fails={
            "absent": (NOTEBOOK, "platform_identifier is not set, and AWS takes its own choice"),
            "old": (changed(NOTEBOOK, platform_identifier="notebook-al1-v1"), "not among notebook-al2-v3"),
        },
    ),
    Case(
        "CKV_MLGOV_165",
        "aws_sagemaker_notebook_instance",
        passes={
            "ours": changed(NOTEBOOK, lifecycle_config_name="acme-dev-idle"),
            "of_stack": changed(
                NOTEBOOK,
                lifecycle_config_name="${aws_sagemaker_notebook_instance_lifecycle_configuration.@own.name}",
            ),
        },
        fails={
            "foreign": (changed(NOTEBOOK, lifecycle_config_name="mine"), "lifecycle_config_name is mine, not among")
        },
        ignores={"absent": NOTEBOOK},
        beside={"aws_sagemaker_notebook_instance_lifecycle_configuration.own": {"name": "acme-own"}},
    ),
]
