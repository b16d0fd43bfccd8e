"""A version that was approved in dev comes into the central registry once, whole, and only if another approved it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from modules.ml_operations.functions.promote_model.files import GIB
from modules.ml_operations.functions.promote_model.handler import AGAIN, fetch
from tests.support.promotions import (
    AUTHOR,
    BUCKET,
    CENTRAL,
    DIGEST,
    GROUP,
    HERE,
    LEAD,
    SHARED,
    SOURCE,
    KilledError,
    World,
    event,
    uri,
    work,
)
from tests.support.recording import Refusal, recording

IS_TIME = json.dumps({"source": "aws.events"})
FOLDER = "models/fraud/card-fraud/222222222222-7/"


@pytest.fixture(name="clients", scope="module")
def _clients() -> Iterator[World]:
    world = World()
    with recording(world):  # type: ignore[arg-type]  # a mapping in all that is asked of it
        world.worker = work(world)
        yield world


@pytest.fixture(name="world")
def _world(clients: World) -> World:
    clients.reset()
    return clients


def container(world: World) -> dict[str, Any]:
    """The container of the version in dev, to be changed."""
    found: dict[str, Any] = world.versions[SOURCE]["InferenceSpecification"]["Containers"][0]
    return found


def rule(world: World) -> str:
    """The rule that the only dead letter broke; nothing was registered."""
    assert not world.copies
    (message,) = world.messages
    found: str = message["MessageAttributes"]["Rule"]["StringValue"]
    return found


def test_the_copy_waits_for_approval_and_knows_where_it_comes_from(world: World) -> None:
    """It keeps what dev knew, lineage as it was, and says who made and who approved it."""
    assert world.deliver(event()) == []
    (copy,) = world.copies
    assert (copy["ModelPackageGroupName"], copy["ModelApprovalStatus"]) == (GROUP, "PendingManualApproval")
    properties = copy["CustomerMetadataProperties"]
    assert properties.items() >= {"project": "card-fraud", "commit": "abc", "dataset": "s3://lake/data"}.items()
    assert properties["source_version"] == SOURCE
    assert (properties["author"], properties["approved_by"]) == (AUTHOR, LEAD)
    assert properties["approved_at"] == "2026-11-20T09:00:00+00:00"
    assert properties["files"] == f"s3://{CENTRAL}/{FOLDER}"
    assert copy["MetadataProperties"] == world.versions[SOURCE]["MetadataProperties"]


def test_every_file_lies_where_monitors_and_tests_look_for_it(world: World) -> None:
    """Model, metrics, all baselines and samples are copied, and no URI of dev is left in what is served."""
    world.deliver(event())
    assert set(world.copied()) == {
        FOLDER + path
        for path in (
            "model/0/model.tar.gz",
            "metrics/model-quality/statistics.json",
            "metrics/data-quality/statistics.json",
            "metrics/data-quality/constraints.json",
            "metrics/model-bias/post-training-report.json",
            "metrics/model-explainability/report.json",
            "baselines/model-quality/constraints.json",
            "baselines/data-quality/statistics.json",
            "baselines/data-quality/constraints.json",
            "baselines/model-bias/constraints.json",
            "baselines/model-bias/pre-training-constraints.json",
            "baselines/model-explainability/constraints.json",
            "samples/samples.jsonl",
            "manifest.json",
        )
    }
    (copy,) = world.copies
    said = {name: value for name, value in copy.items() if name != "CustomerMetadataProperties"}
    assert BUCKET not in json.dumps(said, default=str)
    assert copy["SamplePayloadUrl"] == f"s3://{CENTRAL}/{FOLDER}samples/samples.jsonl"


def test_the_manifest_holds_every_file_with_its_checksum(world: World) -> None:
    """Its own hash stands in the version, so that who has the version can prove the files."""
    world.deliver(event())
    content = world.copied()[f"{FOLDER}manifest.json"]
    (copy,) = world.copies
    assert copy["CustomerMetadataProperties"]["manifest_sha256"] == hashlib.sha256(content).hexdigest()
    listed = {each["path"]: each for each in json.loads(content)["files"]}
    assert len(listed) == len(world.copied()) - 1
    model = listed["model/0/model.tar.gz"]
    assert (model["source"], model["bytes"]) == (uri("train/model.tar.gz"), len("train/model.tar.gz"))
    assert json.loads(content).items() >= {"source_version": SOURCE, "approver": LEAD}.items()


def test_the_image_is_pinned_to_what_was_tested(world: World) -> None:
    """AWS's own image stays where it is, by the digest that SageMaker resolved its tag to; ETags of dev are dropped."""
    world.deliver(event())
    (served,) = world.copies[0]["InferenceSpecification"]["Containers"]
    assert served["Image"].endswith(f"/sagemaker-xgboost@{DIGEST}")
    assert served.keys() == {"Image", "ModelDataUrl", "Environment"}


def test_an_event_that_comes_twice_makes_one_copy(world: World) -> None:
    """Neither at once nor when the claim is forgotten, for then the registry tells."""
    assert world.deliver(event(), event()) == []
    world.table.clear()
    assert world.deliver(event()) == []
    assert len(world.copies) == 1


def test_an_approval_of_which_no_event_told_is_found(world: World) -> None:
    """The daily look sends what the event would have said, and nothing of a version that has its copy."""
    assert world.deliver(IS_TIME) == []
    (sent,) = world.sent
    assert world.deliver(sent["MessageBody"]) == []
    assert len(world.copies) == 1
    assert world.deliver(IS_TIME) == []
    assert len(world.sent) == 1


def test_a_look_that_fails_is_made_again(world: World) -> None:
    """Its message goes back to the queue."""
    world.refused["sagemaker:ListModelPackages"] = Refusal("ThrottlingException")
    assert world.deliver(IS_TIME) == ["0"]
    assert (world.sent, world.messages) == ([], [])


def test_two_runs_at_once_make_one_copy(world: World) -> None:
    """The second is told to come back, and finds the work done."""
    claim = {"source_version": {"S": SOURCE}, "expires_at": {"N": str(int(world.now) + 900)}}
    world.table[SOURCE] = claim
    assert world.deliver(event()) == ["0"]
    assert (world.copies, world.hidden) == ([], [AGAIN[0]])


def test_a_run_that_dies_anywhere_is_made_good_by_the_next(world: World) -> None:
    """Whichever call was the last: there is one copy in the end, and all its files."""

    def again() -> None:
        """A version with few files, as every call is the last one once."""
        world.reset()
        del world.versions[SOURCE]["ModelMetrics"], world.versions[SOURCE]["DriftCheckBaselines"]

    again()
    assert world.deliver(event()) == []
    calls, files = len(world.asked), set(world.copied())
    assert (calls, len(files)) == (12, 3)
    for number in range(1, calls + 1):
        again()
        world.faults = {number: KilledError()}
        with pytest.raises(KilledError):
            world.deliver(event())
        world.faults = {}
        world.now += 961
        assert world.deliver(event(), tries=2) == []
        assert (len(world.copies), set(world.copied())) == (1, files), number


def test_what_aws_cannot_now_is_tried_again_ever_later(world: World) -> None:
    """Throttling, a key or a registry that is denied: nothing is registered, and the claim is given back."""
    for operation, code in (
        ("s3:CopyObject", "SlowDownForever"),
        ("s3:HeadObject", "AccessDenied"),
        ("sagemaker:CreateModelPackage", "ResourceNotFound"),
        ("sagemaker:DescribeModelPackage", "AccessDeniedException"),
        ("dynamodb:PutItem", "AccessDeniedException"),
    ):
        world.reset()
        world.refused = {operation: Refusal(code)}
        assert world.deliver(event(), tries=3) == ["0"], operation
        assert (world.copies, world.table, world.messages) == ([], {}, [])
        assert world.hidden == [AGAIN[2]]
        world.refused = {}
        assert world.deliver(event(), tries=4) == []
        assert len(world.copies) == 1


def test_one_bad_message_holds_up_no_other(world: World) -> None:
    """Of a batch only what failed is tried again."""
    strange = SOURCE.replace(":222222222222:", ":333333333333:")
    assert world.deliver(event(arn=strange, account="333333333333"), event()) == []
    assert (len(world.copies), len(world.messages)) == (1, 1)


@pytest.mark.parametrize("state", ["Rejected", "PendingManualApproval"])
def test_what_is_approved_no_more_is_not_promoted(world: World, state: str) -> None:
    """An old event of an approval says nothing: the registry does. Other events are not even looked up."""
    world.versions[SOURCE]["ModelApprovalStatus"] = state
    assert world.deliver(event()) == []
    assert world.deliver(event(state)) == []
    assert (world.copies, world.messages, world.asked) == ([], [], ["sagemaker:DescribeModelPackage"])


@pytest.mark.parametrize(
    ("author", "approver", "broken"),
    [
        ({"Arn": LEAD}, {"Arn": LEAD}, "own-approval"),
        ({"Arn": AUTHOR}, {"Arn": AUTHOR.replace("/SageMaker", "/other")}, "own-approval"),
        ({"Arn": LEAD}, {"Arn": LEAD.replace("team-lead", "data-scientist")}, "own-approval"),
        ({"Arn": LEAD, "SourceIdentity": "jo"}, {"Arn": f"{LEAD}x", "SourceIdentity": "jo"}, "own-approval"),
        ({"Arn": AUTHOR}, {}, "unknown-approver"),
        ({}, {"Arn": LEAD}, "unknown-approver"),
    ],
)
def test_nobody_approves_their_own_version(
    world: World, author: dict[str, str], approver: dict[str, str], broken: str
) -> None:
    """Not in another session, not as a job of the same role, not unknown: people hear of it, and nothing is copied."""
    world.versions[SOURCE] |= {"CreatedBy": {"IamIdentity": author}, "LastModifiedBy": {"IamIdentity": approver}}
    assert world.deliver(event()) == []
    assert rule(world) == broken


def test_two_people_may_share_a_permission_set(world: World) -> None:
    """One registers by hand, the other approves."""
    other = LEAD.replace("jo@", "sam@")
    world.versions[SOURCE]["CreatedBy"] = {"IamIdentity": {"Arn": other}}
    world.deliver(event())
    assert len(world.copies) == 1


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ("no JSON", "event"),
        ('{"detail": {}}', "event"),
        (event(account=HERE), "event"),
        (event(arn=SOURCE.rpartition("/")[0]), "event"),
        (event(arn=SOURCE.replace("-fraud-card", "-lending-card")), "group"),
        (event(arn=SOURCE.replace(":222222222222:", ":333333333333:"), account="333333333333"), "account"),
    ],
)
def test_an_account_speaks_for_its_own_teams_alone(world: World, body: str, broken: str) -> None:
    """What is no event, or of a group or account from which nothing is taken, is put aside and never tried again."""
    assert world.deliver(body) == []
    assert rule(world) == broken


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"ModelDataUrl": "s3://elsewhere/model.tar.gz"}, "elsewhere"),
        ({"ModelDataUrl": f"s3://{BUCKET}/data/model.tar.gz"}, "elsewhere"),
        ({"ModelDataUrl": uri("gone.tar.gz")}, "missing-file"),
        ({"NearestModelName": uri("what.json")}, "unknown-file"),
        ({"Image": "333333333333.dkr.ecr.eu-west-1.amazonaws.com/mine:1"}, "image"),
        ({"Image": "docker.io/library/python:3"}, "image"),
        ({"Image": f"{SHARED}.dkr.ecr.eu-west-1.amazonaws.com/other/x:1"}, "image"),
    ],
)
def test_what_would_point_out_of_the_copy_is_refused(world: World, change: dict[str, str], broken: str) -> None:
    """Files outside the project's runs, files that are gone or not known, and images that production does not trust."""
    container(world).update(change)
    assert world.deliver(event()) == []
    assert rule(world) == broken


def test_a_version_has_room_for_its_properties(world: World) -> None:
    """What SageMaker would refuse for ever is not tried five times."""
    world.versions[SOURCE]["CustomerMetadataProperties"] = {str(number): "x" for number in range(50)}
    world.deliver(event())
    assert rule(world) == "properties"


def test_a_folder_is_copied_with_all_below_it(world: World) -> None:
    """Uncompressed models are many files; a file in the environment is one more."""
    container(world).pop("ModelDataUrl")
    container(world)["ModelDataSource"] = {
        "S3DataSource": {"S3Uri": uri("llm/"), "S3DataType": "S3Prefix", "CompressionType": "None", "ETag": "of-dev"}
    }
    container(world)["Environment"]["SAGEMAKER_SUBMIT_DIRECTORY"] = uri("code.tar.gz")
    for path in ("llm/config.json", "llm/weights/1.safetensors", "code.tar.gz"):
        world.put(path, b"x")
    world.deliver(event())
    found = {key.removeprefix(FOLDER) for key in world.copied() if "/model/" in key}
    below = "model/0/sagemaker-submit-directory/code.tar.gz"
    assert found == {"model/0/config.json", "model/0/weights/1.safetensors", below}
    (served,) = world.copies[0]["InferenceSpecification"]["Containers"]
    source = served["ModelDataSource"]["S3DataSource"]
    assert source == {
        "S3Uri": f"s3://{CENTRAL}/{FOLDER}model/0/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }


def test_a_large_file_is_copied_in_parts(world: World) -> None:
    """Of 1 GiB each, without a gap; its checksum says how many they were."""
    world.put("train/model.tar.gz", b"large", 12 * GIB + 1)
    world.deliver(event())
    parts = sorted(world.parts[f"{FOLDER}model/0/model.tar.gz"].values())
    assert [last + 1 - first for first, last in parts] == [GIB] * 12 + [1]
    assert all(before[1] + 1 == after[0] for before, after in pairwise(parts))


def test_a_version_that_is_too_large_is_told_before_anything_is_copied(world: World) -> None:
    """In words that say what to raise."""
    world.put("train/model.tar.gz", b"large", 101 * GIB)
    world.deliver(event())
    assert rule(world) == "too-large"
    assert "ml_operations.promotion.largest_gib" in world.messages[0]["MessageAttributes"]["Reason"]["StringValue"]
    assert not world.copied()


def platform_image(world: World, layers: dict[str, bytes], size: int | None = None) -> None:
    """The platform's image, an index of one manifest, in the registry that models are built with."""
    place, child = f"{SHARED}/acme-test-ml/serving", "sha256:" + "c" * 64
    for digest, content in layers.items():
        world.layers[place, digest] = content
    sizes = [{"digest": digest, "size": size or len(content)} for digest, content in layers.items()]
    kind = "application/vnd.oci.image.{}.v1+json"
    for digest, what, manifest in (
        (DIGEST, "index", {"manifests": [{"digest": child}]}),
        (child, "manifest", {"config": sizes[0], "layers": sizes[1:]}),
    ):
        world.images[place, digest] = {
            "imageId": {"imageDigest": digest},
            "imageManifest": json.dumps(manifest),
            "imageManifestMediaType": kind.format(what),
        }
    container(world)["Image"] = f"{SHARED}.dkr.ecr.eu-west-1.amazonaws.com/acme-test-ml/serving:3"
    container(world).pop("ImageDigest")


def test_the_platforms_images_are_copied_byte_for_byte(world: World) -> None:
    """By their digests, the layers in parts, once each; the copy is pulled from the central registry."""
    layers = {"sha256:" + letter * 64: content for letter, content in (("1", b"config"), ("2", b"a long layer"))}
    platform_image(world, layers)
    world.deliver(event())
    place = f"{HERE}/acme-prod-ml/serving"
    assert {digest: world.layers[place, digest] for digest in layers} == layers
    assert world.images[place, DIGEST]["imageTag"] == DIGEST.replace(":", "-")
    (served,) = world.copies[0]["InferenceSpecification"]["Containers"]
    assert served["Image"] == f"{HERE}.dkr.ecr.eu-west-1.amazonaws.com/acme-prod-ml/serving@{DIGEST}"
    uploads = world.asked.count("ecr:InitiateLayerUpload")
    world.versions[SOURCE] |= {"ModelPackageArn": SOURCE}
    world.table.clear()
    world.versions = {SOURCE: world.versions[SOURCE]}
    world.deliver(event())
    assert world.asked.count("ecr:InitiateLayerUpload") == uploads == 2


def test_an_image_that_is_too_large_is_refused(world: World) -> None:
    """A run would not end in time."""
    platform_image(world, {"sha256:" + "1" * 64: b"config"}, size=2 * 1024**2)
    world.deliver(event())
    assert rule(world) == "image"


def test_a_central_image_that_is_gone_is_refused(world: World) -> None:
    """What names an image by its digest says nothing of whether it is there still."""
    container(world)["Image"] = f"{HERE}.dkr.ecr.eu-west-1.amazonaws.com/acme-prod-ml/gone@{DIGEST}"
    world.deliver(event())
    assert rule(world) == "image"


def test_layers_are_fetched_by_https_alone() -> None:
    """What ECR does not say is not asked for."""
    with pytest.raises(OSError, match="HTTPS"):
        next(fetch("file:///etc/passwd?x", 4))
