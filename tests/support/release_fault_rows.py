"""The faults of a release that are tried: from the event in dev to the card of a version that is approved centrally."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.support.function_process import Fault, killed
from tests.support.release_faults import ANNOUNCED, DECIDED, DECIDING, SYNCED, WRITING, WRITTEN, Row, Scene
from tests.support.release_story import AUTHOR, LEAD, QUEUE, RELEASER

Play = Callable[[Scene], Sequence[str]]


def _silent(scene: Scene) -> list[str]:
    with scene.silent_rule():
        return [scene.approved()]


def _unreachable(scene: Scene) -> list[str]:
    with scene.unreachable_bus():
        return [scene.approved()]


def _lost(scene: Scene) -> list[str]:
    version = scene.approved()
    assert len(scene.flow.take(scene.story.release, QUEUE)) == 1
    return [version]


def _twice(scene: Scene) -> list[str]:
    version = scene.approved()
    held = scene.flow.take(scene.story.release, QUEUE)
    scene.flow.put(scene.story.release, QUEUE, held * 3)
    return [version]


def _approved_twice(scene: Scene) -> list[str]:
    version = scene.approved()
    scene.story.approve(version, LEAD)
    scene.flow.settle()
    scene.story.approve(version, LEAD)
    scene.flow.settle()
    return [version]


def _at_once(scene: Scene) -> list[str]:
    version = scene.approved()
    held = scene.flow.take(scene.story.release, QUEUE)
    scene.flow.put(scene.story.release, QUEUE, held * 2)
    scene.at_once(QUEUE)
    scene.flow.settle()
    return [version]


def _reversed(scene: Scene) -> list[str]:
    versions = [scene.approved(), scene.approved()]
    held = scene.flow.take(scene.story.release, QUEUE)
    scene.flow.put(scene.story.release, QUEUE, list(reversed(held)))
    scene.flow.settle()
    first, second = (scene.story.copies(version)[0]["ModelPackageArn"] for version in versions)
    scene.story.approve(max(first, second, key=_number), RELEASER)
    scene.flow.settle()
    scene.story.approve(min(first, second, key=_number), RELEASER)
    scene.flow.settle()
    return versions


def _number(arn: str) -> int:
    return int(arn.rpartition("/")[2])


def _rejected_in_dev(scene: Scene) -> list[str]:
    version = scene.approved()
    scene.story.reject(version, LEAD)
    scene.flow.settle()
    return [version]


def _rejected(scene: Scene) -> list[str]:
    version, central = scene.promoted()
    scene.story.approve(central, RELEASER)
    scene.story.reject(central, RELEASER)
    held = scene.flow.take(scene.story.release, DECIDING)
    scene.flow.put(scene.story.release, DECIDING, list(reversed(held)))
    scene.flow.settle()
    return [version]


def _own(scene: Scene) -> list[str]:
    version = scene.story.build()
    scene.story.approve(version, AUTHOR)
    scene.flow.settle()
    return [version]


def _claimed(scene: Scene) -> list[str]:
    """Another run claimed the version and was never heard of again."""
    version = scene.approved()
    item = {"source_version": {"S": version}, "expires_at": {"N": "99999999999"}}
    table = scene.flow.client(scene.story.release, "dynamodb")
    table.put_item(TableName=QUEUE, Item=item)
    scene.suffer(QUEUE, times=2)
    scene.later()
    scene.flow.settle()
    return [version]


def _object_gone(scene: Scene) -> list[str]:
    version = scene.story.build()
    registry = scene.flow.client(scene.story.dev, "sagemaker")
    container = registry.describe_model_package(ModelPackageName=version)["InferenceSpecification"]["Containers"][0]
    bucket, _, key = container["ModelDataUrl"].removeprefix("s3://").partition("/")
    s3 = scene.flow.client(scene.story.dev, "s3")
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=bucket, Key=key)
    scene.story.approve(version, LEAD)
    scene.flow.settle()
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return [version]


def _deleted(scene: Scene) -> list[str]:
    version = scene.approved()
    scene.flow.client(scene.story.dev, "sagemaker").delete_model_package(ModelPackageName=version)
    scene.flow.settle()
    return [version]


def promoting(*faults: Fault, times: int = 100) -> Play:
    """An approval in dev, while the faults meet so many runs of what copies; then they are over."""

    def play(scene: Scene) -> list[str]:
        version = scene.approved()
        scene.suffer(QUEUE, *faults, times=times)
        if times < 100:
            scene.later()
            scene.flow.settle()
        return [version]

    return play


def deciding(*faults: Fault, queue: str = DECIDING, times: int = 100) -> Play:
    """An approval in the central registry, while the faults meet so many runs; then they are over."""

    def play(scene: Scene) -> list[str]:
        version, central = scene.promoted()
        scene.story.approve(central, RELEASER)
        scene.suffer(queue, *faults, times=times)
        scene.flow.settle()
        return [version]

    return play


def _decision_lost(scene: Scene) -> list[str]:
    version, central = scene.promoted()
    scene.story.approve(central, RELEASER)
    assert scene.flow.take(scene.story.release, DECIDING)
    scene.flow.settle()
    return [version]


def _decided_twice(scene: Scene) -> list[str]:
    version, central = scene.promoted()
    scene.story.approve(central, RELEASER)
    held = scene.flow.take(scene.story.release, DECIDING)
    scene.flow.put(scene.story.release, DECIDING, held * 2)
    scene.at_once(DECIDING)
    scene.flow.settle()
    return [version]


ROWS = (
    Row("lost before the bus", "The rule in dev says nothing of an approval", _silent, remedy="look"),
    Row("bus missing", "The central bus is not there", _unreachable, ANNOUNCED, "look"),
    Row("lost before the queue", "The approval's message is lost", _lost, remedy="look"),
    Row("duplicated", "The same event comes three times", _twice),
    Row("approved twice", "The lead approves again, before and after the copy is made", _approved_twice),
    Row("two at once", "Two runs are given the same event at the same time", _at_once),
    Row("out of order", "Two versions' events come, and are approved, the newer first", _reversed, copies=2),
    Row("rejected in dev", "The lead rejects it before its event is worked on", _rejected_in_dev, copies=0, releases=0),
    Row(
        "key in dev denied",
        "S3 may not decrypt what it copies",
        promoting(Fault("s3.CopyObject", error="AccessDenied", status=403)),
        SYNCED,
        "redrive",
    ),
    Row(
        "central key denied",
        "S3 may not encrypt what is written",
        promoting(Fault("s3.PutObject", error="KMS.DisabledException")),
        SYNCED,
        "redrive",
    ),
    Row(
        "central group missing",
        "The central registry does not know the group",
        promoting(Fault("sagemaker.CreateModelPackage", error="ValidationException")),
        SYNCED,
        "redrive",
    ),
    Row(
        "bucket throttled",
        "Two runs meet 503 SlowDown at a copy",
        promoting(Fault("s3.CopyObject", error="SlowDown", status=503, first=2), times=2),
    ),
    Row(
        "bucket throttled for long",
        "Every run meets 503 SlowDown",
        promoting(Fault("s3.*", error="SlowDown", status=503)),
        SYNCED,
        "redrive",
    ),
    Row(
        "claims throttled",
        "Two runs cannot claim the version",
        promoting(Fault("dynamodb.PutItem", error="ThrottlingException"), times=2),
    ),
    Row(
        "killed at its first call",
        "The run dies when it asks for the version",
        promoting(killed("sagemaker.DescribeModelPackage"), times=1),
    ),
    Row(
        "killed with its claim",
        "The run dies when it has claimed the version",
        promoting(killed("dynamodb.PutItem", afterwards=True), times=1),
    ),
    Row(
        "killed while copying",
        "The run dies at its third file, as at its timeout",
        promoting(killed("s3.CopyObject", first=3), times=1),
    ),
    Row(
        "killed before registering",
        "The run dies when all is copied",
        promoting(killed("sagemaker.CreateModelPackage"), times=1),
    ),
    Row(
        "killed after registering",
        "The run dies when the copy is registered",
        promoting(killed("sagemaker.CreateModelPackage", afterwards=True), times=1),
    ),
    Row("claim left behind", "A run that nobody hears of again holds the version", _claimed),
    Row("file missing", "A file that the version names is gone, and comes back", _object_gone, SYNCED, "redrive"),
    Row("own approval", "Who made the version approves it", _own, SYNCED, "approve"),
    Row("deleted meanwhile", "The version is deleted before its event is worked on", _deleted, SYNCED, "dismiss", 0, 0),
    Row("decision lost", "The message of the central approval is lost", _decision_lost, remedy="hourly look"),
    Row("decided twice", "Two runs are given the same central approval at the same time", _decided_twice),
    Row(
        "rejected centrally",
        "It is rejected after its approval, and the events come in the wrong order",
        _rejected,
        releases=0,
    ),
    Row(
        "table throttled",
        "Two runs cannot read what is live",
        deciding(Fault("dynamodb.Query", error="ThrottlingException"), times=2),
    ),
    Row(
        "pipeline missing",
        "CodePipeline does not know the pipeline",
        deciding(Fault("codepipeline.StartPipelineExecution", error="PipelineNotFoundException")),
        DECIDED,
        "redrive",
    ),
    Row(
        "killed before the start",
        "The run dies when it starts the pipeline",
        deciding(killed("codepipeline.StartPipelineExecution"), times=1),
    ),
    Row(
        "killed after the start",
        "The run dies when CodePipeline has started",
        deciding(killed("codepipeline.StartPipelineExecution", afterwards=True), times=1),
    ),
    Row(
        "start not noted",
        "It starts, and the table does not take the note",
        deciding(Fault("dynamodb.PutItem", error="ThrottlingException"), times=2),
    ),
    Row(
        "card in conflict",
        "Two runs meet ConflictException at the card",
        deciding(Fault("sagemaker.UpdateModelCard", error="ConflictException"), queue=WRITING, times=2),
    ),
    Row(
        "card denied",
        "No run may write the card",
        deciding(Fault("sagemaker.UpdateModelCard", error="AccessDeniedException"), queue=WRITING),
        WRITTEN,
        "redrive",
    ),
    Row(
        "killed between card and status",
        "The run dies when the card has its text and not its status",
        deciding(killed("sagemaker.UpdateModelCard", afterwards=True), queue=WRITING, times=1),
    ),
)
