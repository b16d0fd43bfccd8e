"""What the stages of a project's build may do beside reading and handing on: pure statements, no cdktf here."""

from __future__ import annotations

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_use_case.names import RUNS


def upserts(pipeline_arn: str, jobs_arn: str, bucket_arn: str) -> tuple[Statement, ...]:
    """Build: it brings this SageMaker pipeline up to date and starts it, with the team's role and the code of a run."""
    return (
        Statement(
            "BringPipelineUpToDate",
            actions=(
                "sagemaker:AddTags",
                "sagemaker:CreatePipeline",
                "sagemaker:DescribePipeline",
                "sagemaker:ListTags",
                "sagemaker:StartPipelineExecution",
                "sagemaker:UpdatePipeline",
            ),
            resources=(pipeline_arn,),
        ),
        Statement(
            "HandOverTheTeamsRole",
            actions=("iam:PassRole",),
            resources=(jobs_arn,),
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        Statement(
            "PutCodeOfTheRun",
            actions=("s3:GetObject", "s3:PutObject"),
            resources=(f"{bucket_arn}/{RUNS}code/*",),
        ),
    )


def verifies(naming: Naming, pipeline_arn: str, group: str) -> tuple[Statement, ...]:
    """Register: what the run came to, and which version it registered in `group`."""
    return (
        Statement(
            "ReadRun",
            actions=("sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutionSteps"),
            resources=(f"{pipeline_arn}/execution/*",),
        ),
        Statement(
            "ReadVersions",
            actions=("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
            resources=[
                naming.arn("sagemaker", what) for what in (f"model-package-group/{group}", f"model-package/{group}/*")
            ],
        ),
    )
