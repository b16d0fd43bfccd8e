"""The people who build, approve and release the small organisation's model, and what they see: by calls of AWS."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from modules.ml_operations.names import PROMOTIONS
from modules.ml_use_case.names import project_bucket
from tests.e2e.world import MODEL
from tests.support.flow import Flow
from tests.support.release_world import REPORTS

PROJECT = "order-returns"
PIPELINE = f"minnow-org-release--{PROJECT}"
QUEUE = f"minnow-org-{PROMOTIONS}"
# One of AWS's own images, which all accounts pull from AWS.
IMAGE = f"141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn@sha256:{'5' * 64}"
# People work as roles of Identity Center; their sessions are called as they are, here as the role ends.
AUTHOR, LEAD, RELEASER = (
    "minnow-org-scoring-pipeline",
    "AWSReservedSSO_ml-team-lead_jo",
    "AWSReservedSSO_ml-engineer_kim",
)
# What a build of this project writes beside its reports, and says of the version: all that a passport asks for.
BASELINES = {"statistics.json": {"features": [{"name": "total"}, {"name": "returned"}]}, "constraints.json": {"v": 0}}
LINEAGE = ("code", "commit", "dataset", "dataset_table", "execution", "query_sha256", "run", "template")
SAMPLE = {"content_type": "text/csv", "accept": "text/csv", "request": "1,2", "answer": "0.9"}


@dataclass
class Story:
    """The people who build and approve versions of the small organisation's model, and what they see."""

    flow: Flow
    dev: str
    release: str
    builds: int = 0

    def build(self, image: str = IMAGE) -> str:
        """The team's pipeline registers a version with all that a version names; returns its ARN."""
        self.builds += 1
        bucket, run = f"minnow-org-{project_bucket(PROJECT)}", f"runs/{self.builds}"
        s3 = self.flow.client(self.dev, "s3")
        files = {name: json.dumps(report).encode() for name, report in {**REPORTS, **BASELINES}.items()}
        files |= {"model.tar.gz": f"weights {self.builds}".encode(), "samples.jsonl": json.dumps(SAMPLE).encode()}
        for name, content in files.items():
            s3.put_object(Bucket=bucket, Key=f"{run}/{name}", Body=content)
        place = f"s3://{bucket}/{run}"

        def source(name: str) -> dict[str, str]:
            return {"ContentType": "application/json", "S3Uri": f"{place}/{name}"}

        both = {"Statistics": source("statistics.json"), "Constraints": source("constraints.json")}
        container = {"Image": image, "ModelDataUrl": f"{place}/model.tar.gz"}
        made = self.flow.client(self.dev, "sagemaker", AUTHOR).create_model_package(
            ModelPackageGroupName=MODEL,
            InferenceSpecification={
                "Containers": [container],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
            ModelMetrics={
                "ModelQuality": {"Statistics": source("quality.json")},
                "Explainability": {"Report": source("explained.json")},
                "Bias": {"PreTrainingReport": source("before.json"), "PostTrainingReport": source("after.json")},
            },
            DriftCheckBaselines={
                "ModelQuality": both,
                "ModelDataQuality": both,
                "Explainability": {"Constraints": source("constraints.json")},
            },
            SamplePayloadUrl=f"{place}/samples.jsonl",
            CustomerMetadataProperties={**dict.fromkeys(LINEAGE, "abc"), "project": PROJECT, "team": "scoring"},
        )
        return str(made["ModelPackageArn"])

    def approve(self, version: str, role: str) -> None:
        """Somebody approves a version where it is registered."""
        self._decide(version, role, "Approved")

    def reject(self, version: str, role: str) -> None:
        """Somebody rejects a version where it is registered."""
        self._decide(version, role, "Rejected")

    def _decide(self, version: str, role: str, status: str) -> None:
        registry = self.flow.client(version.split(":")[4], "sagemaker", role, role.rpartition("_")[2])
        registry.update_model_package(ModelPackageArn=version, ModelApprovalStatus=status)

    def copies(self, version: str) -> list[dict[str, Any]]:
        """The central versions that say they were made of this one."""
        registry = self.flow.client(self.release, "sagemaker")
        listed = registry.list_model_packages(ModelPackageGroupName=MODEL)["ModelPackageSummaryList"]
        found = [registry.describe_model_package(ModelPackageName=each["ModelPackageArn"]) for each in listed]
        return [each for each in found if each.get("CustomerMetadataProperties", {}).get("source_version") == version]

    def releases(self, central: str) -> list[dict[str, Any]]:
        """The executions of the project's pipeline that release the central version."""
        pipelines = self.flow.client(self.release, "codepipeline")
        listed = pipelines.list_pipeline_executions(pipelineName=PIPELINE)["pipelineExecutionSummaries"]
        found = [
            pipelines.get_pipeline_execution(pipelineName=PIPELINE, pipelineExecutionId=each["pipelineExecutionId"])[
                "pipelineExecution"
            ]
            for each in listed
        ]
        wanted = {"name": "MODEL_PACKAGE_ARN", "resolvedValue": central}
        return [each for each in found if wanted in each["variables"]]

    def card(self) -> dict[str, Any]:
        """The model's card in the central registry."""
        found: dict[str, Any] = self.flow.client(self.release, "sagemaker").describe_model_card(ModelCardName=MODEL)
        return found
