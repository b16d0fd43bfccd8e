"""From an approval in a team's account to the start of a release, by the functions that were applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from modules.ml_operations.names import PROMOTIONS
from modules.ml_use_case.names import project_bucket
from tests.e2e.world import MODEL, World
from tests.support.flow import Flow
from tests.support.function_process import Run, archives
from tests.support.release_world import REPORTS

pytestmark = pytest.mark.e2e

PROJECT = "order-returns"
PIPELINE = f"minnow-org-release--{PROJECT}"
QUEUE = f"minnow-org-{PROMOTIONS}"
# One of AWS's own images, which all accounts pull from AWS.
IMAGE = f"141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn@sha256:{'5' * 64}"
AUTHOR, LEAD, RELEASER = "minnow-org-scoring-pipeline", "AWSReservedSSO_ml-team-lead_1", "AWSReservedSSO_ml-engineer_1"
SAMPLE = {"content_type": "text/csv", "accept": "text/csv", "request": "1,2", "answer": "0.9"}


@dataclass
class Story:
    """The people who build and approve versions of the small organisation's model, and what they see."""

    flow: Flow
    dev: str
    release: str
    builds: int = 0

    def build(self) -> str:
        """The team's pipeline registers a version with all that a version names; returns its ARN."""
        self.builds += 1
        bucket, run = f"minnow-org-{project_bucket(PROJECT)}", f"runs/{self.builds}"
        s3 = self.flow.client(self.dev, "s3")
        files = {name: json.dumps(report).encode() for name, report in REPORTS.items()}
        files |= {"model.tar.gz": f"weights {self.builds}".encode(), "samples.jsonl": json.dumps(SAMPLE).encode()}
        for name, content in files.items():
            s3.put_object(Bucket=bucket, Key=f"{run}/{name}", Body=content)
        place = f"s3://{bucket}/{run}"

        def source(name: str) -> dict[str, str]:
            return {"ContentType": "application/json", "S3Uri": f"{place}/{name}"}

        container = {"Image": IMAGE, "ModelDataUrl": f"{place}/model.tar.gz"}
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
            DriftCheckBaselines={"ModelQuality": {"Statistics": source("quality.json")}},
            SamplePayloadUrl=f"{place}/samples.jsonl",
            CustomerMetadataProperties={"project": PROJECT, "commit": "abc"},
        )
        return str(made["ModelPackageArn"])

    def approve(self, version: str, role: str) -> None:
        """Somebody approves a version where it is registered."""
        registry = self.flow.client(version.split(":")[4], "sagemaker", role)
        registry.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")

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


@pytest.fixture(scope="module", name="story")
def _story(world: World) -> Iterator[Story]:
    dev, release = world.id("workload"), world.id("platform")
    with Flow(world.environment, archives(world.out), [dev, release]) as flow:
        flow.settle()  # what other tests left
        yield Story(flow, dev, release)


def _failed(runs: list[Run]) -> list[str]:
    return [f"{run.function}: {run.error}\n{run.log}" for run in runs if run.error is not None]


def test_an_approved_version_is_copied_and_released_when_it_is_approved_again(story: Story) -> None:
    """The copy has all files in the central bucket and waits; its approval starts the release; the card tells both."""
    version = story.build()
    story.approve(version, LEAD)
    runs = story.flow.settle()
    assert _failed(runs) == []
    (copy,) = story.copies(version)
    assert copy["ModelApprovalStatus"] == "PendingManualApproval"
    assert copy["CustomerMetadataProperties"]["commit"] == "abc"
    (container,) = copy["InferenceSpecification"]["Containers"]
    assert container["Image"] == IMAGE
    bucket, _, key = container["ModelDataUrl"].removeprefix("s3://").partition("/")
    assert bucket.startswith("minnow-org-ml-models")
    weights = story.flow.client(story.release, "s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert weights == f"weights {story.builds}".encode()
    central = copy["ModelPackageArn"]
    assert story.releases(central) == []
    assert story.card()["ModelCardStatus"] == "PendingReview"

    story.approve(central, RELEASER)
    assert _failed(story.flow.settle()) == []
    assert len(story.releases(central)) == 1
    assert story.card()["ModelCardStatus"] == "Approved"
    details = json.loads(story.card()["Content"])["model_package_details"]
    assert details["model_package_arn"] == central


def test_nobody_approves_what_they_made(story: Story) -> None:
    """Such an approval is refused where it can be seen, and nothing is copied."""
    version = story.build()
    story.approve(version, AUTHOR)
    runs = story.flow.settle()
    assert any("own-approval" in run.log for run in runs)
    assert story.copies(version) == []


def test_an_event_that_comes_twice_changes_nothing(story: Story) -> None:
    """One copy and one release, however often and in whatever order the queues give what they hold."""
    version = story.build()
    story.approve(version, LEAD)
    held = story.flow.take(story.release, QUEUE)
    story.flow.put(story.release, QUEUE, [*reversed(held), *held])
    assert _failed(story.flow.settle()) == []
    (copy,) = story.copies(version)
    story.approve(copy["ModelPackageArn"], RELEASER)
    story.approve(copy["ModelPackageArn"], RELEASER)
    assert _failed(story.flow.settle()) == []
    assert len(story.releases(copy["ModelPackageArn"])) == 1
