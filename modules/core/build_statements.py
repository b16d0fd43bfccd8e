"""What roles of CodeBuild and CodePipeline need: whom they trust, and a network interface in one VPC. No cdktf here.

https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
"""

from __future__ import annotations

from modules.core.iam import Statement, service
from modules.core.naming import Naming


def trusts_codebuild(naming: Naming, project: str) -> Statement:
    """CodeBuild works as the role for this project of this account, and for no other."""
    return Statement(
        "CodeBuildForThisProject",
        actions=("sts:AssumeRole",),
        principals=service("codebuild.amazonaws.com"),
        conditions={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnEquals": {"aws:SourceArn": naming.arn("codebuild", f"project/{project}")},
        },
    )


def trusts_codepipeline(naming: Naming, pipeline_arn: str) -> Statement:
    """CodePipeline works as the role for this pipeline of this account, and for no other."""
    return Statement(
        "CodePipelineForThisPipeline",
        actions=("sts:AssumeRole",),
        principals=service("codepipeline.amazonaws.com"),
        conditions={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnEquals": {"aws:SourceArn": pipeline_arn},
        },
    )


def network_interface(naming: Naming, vpc_id: str) -> list[Statement]:
    """The network interface of a build: what describes has no resources, and who uses the interface is a condition."""
    interface = naming.arn("ec2", "network-interface/*")
    parts = [interface, *(naming.arn("ec2", what) for what in ("subnet/*", "security-group/*"))]
    describe = ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
    in_vpc = {"ec2:Vpc": naming.arn("ec2", f"vpc/{vpc_id}")}
    return [
        Statement("SeeNetwork", actions=tuple(f"ec2:Describe{what}" for what in describe), resources=("*",)),
        Statement(
            "MakeInterface",
            actions=("ec2:CreateNetworkInterface",),
            resources=parts,
            conditions={"ArnEquals": in_vpc},
        ),
        Statement(
            "RemoveInterface",
            actions=("ec2:DeleteNetworkInterface",),
            resources=(interface,),
            conditions={"ArnEquals": in_vpc},
        ),
        Statement(
            "LetCodeBuildUseInterface",
            actions=("ec2:CreateNetworkInterfacePermission",),
            resources=(interface,),
            conditions={"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"}, "ArnEquals": in_vpc},
        ),
    ]
