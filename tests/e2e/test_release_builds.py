"""The builds of a release as they were applied: from the start of the pipeline to its passport, and what stops it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from modules.ml_operations.release.candidate import Candidate
from tests.e2e.world import World
from tests.support.flow import Flow
from tests.support.function_process import Run, archives
from tests.support.release_builds import Builds, execution
from tests.support.release_story import LEAD, RELEASER, Story

pytestmark = pytest.mark.e2e

PASSPORTS = "minnow-org-model-passports"


@pytest.fixture(scope="module", name="story")
def _story(world: World) -> Iterator[Story]:
    dev, release = world.id("workload"), world.id("platform")
    with Flow(world.environment, archives(world.out), [dev, release]) as flow:
        flow.settle()  # what other tests left
        yield Story(flow, dev, release, builds=2000)


def _failed(runs: list[Run]) -> list[str]:
    return [f"{run.function}: {run.error}\n{run.log}" for run in runs if run.error is not None]


def _central(story: Story) -> str:
    """A version that is approved in dev and in the central registry."""
    version = story.build()
    story.approve(version, LEAD)
    assert _failed(story.flow.settle()) == []
    (copy,) = story.copies(version)
    central = str(copy["ModelPackageArn"])
    story.approve(central, RELEASER)
    assert _failed(story.flow.settle()) == []
    return central


def _passports(story: Story) -> set[str]:
    """The SHA-256 of every passport that is stored."""
    listed = story.flow.client(story.release, "s3").list_objects_v2(Bucket=PASSPORTS, Prefix="passports/")
    return {each["Key"].rpartition("/")[2].removesuffix(".json") for each in listed.get("Contents", [])}


def test_a_release_has_its_passport_before_it_serves(story: Story, world: World, tmp_path: Path) -> None:
    """The builds that were applied: prepared, evidence stored with both approvers, taken for deployment.

    What Terraform does then, and the endpoint's answers, are shown by `tests/delivery/emulator/test_release.py`.
    """
    central = _central(story)
    run = execution(story, central)
    builds = Builds(world, story, tmp_path, run)
    prepared = builds.run("Prepare")
    assert prepared.code == 0, prepared.said
    assert prepared.json("release.json")["model_package_arn"] == central
    issued = builds.run("Passport")
    assert issued.code == 0, issued.said
    digest = hashlib.sha256((issued.artifacts / "passport.json").read_bytes()).hexdigest()
    assert digest in _passports(story)
    candidate = Candidate.read(issued.artifacts)
    assert candidate.passport == digest
    approvals = issued.json("passport.json")["evidence"]["approvals"]
    assert [approvals[each]["by"].rpartition("/")[2] for each in ("development", "central")] == ["jo", "kim"]


def test_production_is_refused_without_evidence_and_to_what_was_rejected_meanwhile(
    story: Story, world: World, tmp_path: Path
) -> None:
    """No passport where its bucket is gone or a report has changed; no deployment without one, or after a rejection."""
    central = _central(story)
    builds = Builds(world, story, tmp_path, execution(story, central))
    assert builds.run("Prepare").code == 0
    before = _passports(story)
    unstored = builds.run("Passport", PASSPORT_BUCKET="minnow-org-no-such-bucket")
    assert unstored.code == 1
    assert not (unstored.artifacts / "passport.json").exists()

    release = json.loads((tmp_path / "Prepare" / "out" / "release.json").read_text(encoding="utf-8"))
    bucket, _, folder = release["files"].removeprefix("s3://").partition("/")
    s3 = story.flow.client(story.release, "s3")
    key = f"{folder}baselines/data-quality/constraints.json"
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=b"{}", ChecksumAlgorithm="SHA256")
    refused = builds.run("Passport")
    assert refused.code == 1
    for gap in ("baselines/data-quality/constraints.json hashes to", "baseline data-quality"):
        assert gap in refused.said
    assert _passports(story) == before
    s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")

    assert builds.run("Passport").code == 0
    story.reject(central, RELEASER)
    assert _failed(story.flow.settle()) == []
    deployed = builds.run("DeployProd")
    assert deployed.code == 1
    assert "is Rejected" in deployed.said
