"""From an approval in a team's account to the start of a release, by the functions that were applied."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.world import World
from tests.support.flow import Flow
from tests.support.function_process import Run, archives
from tests.support.release_story import AUTHOR, IMAGE, LEAD, QUEUE, RELEASER, Story

pytestmark = pytest.mark.e2e


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
