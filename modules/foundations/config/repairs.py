"""The repairs of what AWS Config finds: what each does, to which type, and what it needs for that. No cdktf here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.foundations.config import repair_scripts

_RESOURCE = "{{ ResourceId }}"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair. `step` is the last step of its Systems Manager document; `needs` gives the statements it needs."""

    title: str
    resource_type: str
    step: Mapping[str, Any]
    needs: Callable[[Naming], tuple[Statement, ...]]


def _script(function: Callable[[dict[str, str], object], object]) -> dict[str, Any]:
    return {
        "action": "aws:executeScript",
        "inputs": {
            "Runtime": "python3.11",
            "Handler": function.__name__,
            "InputPayload": {"ResourceId": _RESOURCE},
            "Script": inspect.getsource(function),
        },
    }


def _everywhere(naming: Naming, service: str, resource: str) -> str:
    """The ARN of this account's resources in every region: the role of repairs is one for all regions."""
    return f"arn:{naming.partition}:{service}:*:{naming.account_id}:{resource}"


REPAIRS: Mapping[str, Repair] = {
    "block-public-bucket": Repair(
        "Switches on the public access block of the bucket",
        "AWS::S3::Bucket",
        {
            "action": "aws:executeAwsApi",
            "inputs": {
                "Service": "s3",
                "Api": "PutPublicAccessBlock",
                "Bucket": _RESOURCE,
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
            },
        },
        lambda naming: (
            Statement(
                "BlockPublicBuckets",
                actions=("s3:PutBucketPublicAccessBlock",),
                resources=(f"arn:{naming.partition}:s3:::*",),
                conditions={"StringEquals": {"aws:ResourceAccount": naming.account_id}},
            ),
        ),
    ),
    "close-default-security-group": Repair(
        "Revokes every rule of the VPC's default security group",
        "AWS::EC2::SecurityGroup",
        _script(repair_scripts.close_security_group),
        lambda naming: (
            # EC2 describes on * alone.
            Statement("SeeSecurityGroups", actions=("ec2:DescribeSecurityGroupRules",), resources=("*",)),
            Statement(
                "CloseSecurityGroups",
                actions=("ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
                resources=(
                    _everywhere(naming, "ec2", "security-group/*"),
                    _everywhere(naming, "ec2", "security-group-rule/*"),
                ),
            ),
        ),
    ),
    "stop-public-notebook": Repair(
        "Stops the notebook instance; its volume stays",
        "AWS::SageMaker::NotebookInstance",
        _script(repair_scripts.stop_notebook),
        lambda naming: (
            Statement(
                "StopNotebooks",
                actions=("sagemaker:DescribeNotebookInstance", "sagemaker:StopNotebookInstance"),
                resources=(_everywhere(naming, "sagemaker", "notebook-instance/*"),),
            ),
        ),
    ),
}
REPAIR_ROLE, APPROVER_ROLE = "repair", "repair-approver"
