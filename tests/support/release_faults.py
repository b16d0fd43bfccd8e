"""A release with something that goes wrong: what is injected, what waits then, and what brings it back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from typing import Any

import main
from environments.manifest import Manifest
from modules.ml_operations.decision_alarms import CARDS, DECISIONS
from modules.ml_operations.names import PROMOTIONS
from tests.e2e.world import World
from tests.support.flow import Flow, Listener
from tests.support.function_process import Fault, Run, archives
from tests.support.release_story import LEAD, QUEUE, RELEASER, Story

DECIDING, WRITING = f"minnow-org-{DECISIONS}", f"minnow-org-{CARDS}"
# Where what failed waits: of the ways to the central bus, of promotions, of decisions, of cards.
ANNOUNCED = "minnow-org-scoring-announcer-dead-letters"
SYNCED = "minnow-org-model-sync-dead-letters"
DECIDED, WRITTEN = f"{DECIDING}-dead-letters", f"{WRITING}-dead-letters"
# Every queue on the way of a version.
WATCHED = (ANNOUNCED, SYNCED, DECIDED, WRITTEN, QUEUE, DECIDING, WRITING)
# What the rules of schedules send.
IS_TIME = json.dumps({"source": "aws.events", "detail-type": "Scheduled Event"})
FORWARDER = "minnow-org-scoring-announcer"


@dataclass
class Scene:
    """One row of the table on the applied organisation. `places`: name of an account -> its id."""

    world: World
    story: Story
    places: Mapping[str, str]
    runs: list[Run] = field(default_factory=list)

    @property
    def flow(self) -> Flow:
        """What gives functions their messages."""
        return self.story.flow

    def approved(self) -> str:
        """A version that was built and approved in dev; its event waits."""
        version = self.story.build()
        self.story.approve(version, LEAD)
        return version

    def promoted(self) -> tuple[str, str]:
        """A version and its central copy, which waits for approval."""
        version = self.approved()
        self.flow.settle()
        (copy,) = self.story.copies(version)
        return version, str(copy["ModelPackageArn"])

    def released(self, *faults: Fault, queue: str = DECIDING) -> str:
        """A version that is approved centrally while `faults` meet each run of what listens to `queue`."""
        version, central = self.promoted()
        self.story.approve(central, RELEASER)
        self.suffer(queue, *faults)
        return version

    def suffer(self, queue: str, *faults: Fault, times: int = 100) -> None:
        """Let the faults meet what takes messages of the queue, so many times at most, until none is left."""
        listener = self.listener(queue)
        for _ in range(times):
            run = self.flow.give(listener, faults)
            if run is None:
                return
            self.runs.append(run)

    def listener(self, queue: str) -> Listener:
        """Who is given what comes into the queue."""
        return next(each for each in self.flow.listeners() if each.queue == queue)

    def at_once(self, queue: str) -> None:
        """Two runs of one function take one message each at the same time."""
        listener, account = self.listener(queue), self.story.release
        with Flow(self.world.environment, archives(self.world.out), [account]) as other:
            runs = [threading.Thread(target=flow.give, args=(listener,)) for flow in (self.flow, other)]
            for run in runs:
                run.start()
            for run in runs:
                run.join()

    def later(self) -> None:
        """Time passes until every claim has run out, as it does before SQS gives a killed run's message again."""
        table = self.flow.client(self.story.release, "dynamodb")
        name = f"minnow-org-{PROMOTIONS}"
        for item in table.scan(TableName=name)["Items"]:
            if "central_version" not in item:
                table.put_item(TableName=name, Item={**item, "expires_at": {"N": "1"}})

    @contextmanager
    def unreachable_bus(self) -> Iterator[None]:
        """The central bus is not there, as the account in dev sees it."""
        events = self.flow.client(self.story.dev, "events")
        (target,) = events.list_targets_by_rule(Rule=FORWARDER)["Targets"]
        events.put_targets(Rule=FORWARDER, Targets=[{**target, "Arn": f"{target['Arn']}-gone"}])
        yield
        events.put_targets(Rule=FORWARDER, Targets=[target])

    @contextmanager
    def silent_rule(self) -> Iterator[None]:
        """What happens in dev is not announced at all."""
        events = self.flow.client(self.story.dev, "events")
        events.disable_rule(Name=FORWARDER)
        yield
        events.enable_rule(Name=FORWARDER)

    def waiting(self) -> dict[str, int]:
        """How many messages wait in which queue that has to do with releases, dead letters and all."""
        found = {}
        for name, (account, url) in self._queues.items():
            sqs = self.flow.client(account, "sqs")
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            if count := sum(int(told[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible")):
                found[name] = count
        return found

    @cached_property
    def _queues(self) -> dict[str, tuple[str, str]]:
        """Name of a queue -> its account and URL."""
        listed = {
            account: self.flow.client(account, "sqs").list_queues(QueueNamePrefix="minnow-org-")["QueueUrls"]
            for account in self.places.values()
        }
        found = {url.rpartition("/")[2]: (account, url) for account, urls in listed.items() for url in urls}
        return {name: place for name, place in found.items() if name in WATCHED}

    def redrive(self, queue: str) -> None:
        """An operator brings back what waits in the queue, by the command."""
        place = ("--out", str(self.world.out), "--emulated", self.world.environment["AWS_ENDPOINT_URL"])
        with redirect_stdout(StringIO()):
            assert main.main(["redrive", queue, "--account", "platform", *place]) == 0
        self.flow.settle()

    def dismiss(self, *queues: str) -> None:
        """An operator has read what waits in the queues, and deletes it."""
        for queue in queues:
            self.flow.take(self._queues[queue][0], queue)

    @cached_property
    def alarms(self) -> dict[str, str]:
        """Name of a queue -> the alarm that tells people of its first message, as the stacks say it."""
        return watched(Manifest.read(self.world.out).documents(self.world.out).values())


def watched(documents: Any) -> dict[str, str]:
    """Name of a queue -> the alarm on it that acts on a topic which has a subscriber, over all stacks."""
    found = {}
    for document in documents:
        resources = document.get("resource", {})
        topics = _topics(resources)
        for alarm in resources.get("aws_cloudwatch_metric_alarm", {}).values():
            if alarm.get("metric_name") != "ApproximateNumberOfMessagesVisible" or alarm["threshold"] != 0:
                continue
            queue = str(alarm["dimensions"]["QueueName"])
            queue = _value(resources, queue)
            if set(alarm.get("alarm_actions", ())) & topics:
                found[queue] = str(alarm["alarm_name"])
    return found


def _topics(resources: Mapping[str, Any]) -> set[str]:
    """The ARNs, as the stack refers to them, of topics that somebody hears of."""
    return {str(each["topic_arn"]) for each in resources.get("aws_sns_topic_subscription", {}).values()}


def _value(resources: Mapping[str, Any], text: str) -> str:
    """The name of a queue, where it is named by reference."""
    if not text.startswith("${"):
        return text
    kind, name, _ = text.removeprefix("${").removesuffix("}").split(".")
    return str(resources[kind][name]["name"])


@dataclass(frozen=True)
class Row:
    """One fault. `play` injects it, lets run what runs, and returns the versions in dev that it is about.

    `queue` is where something waits then, empty if nothing does; `remedy` what an operator, or time, does next. In the
    end there are `copies` central versions of them all and `releases` executions, of each version one at most.
    """

    name: str
    injected: str
    play: Callable[[Scene], Sequence[str]]
    queue: str = ""
    remedy: str = ""
    copies: int = 1
    releases: int = 1


def end(scene: Scene, row: Row) -> str:
    """Play the row to its end; returns what was seen, as the table says it. Raises AssertionError where it went wrong.

    Copies that nobody decided on are approved: whatever went wrong before, the flow goes through to its end.
    """
    assert scene.waiting() == {}
    versions = row.play(scene)
    scene.flow.settle()
    seen = []
    waits = scene.waiting()
    assert set(waits) == ({row.queue} - {""}), f"{waits}: {[run.log[-1500:] for run in scene.flow.runs[-3:]]}"
    if row.queue:
        seen.append(f"{sum(waits.values())} in `{row.queue}`, alarm `{scene.alarms[row.queue]}`")
    if row.remedy:
        seen.append(_REMEDIES[row.remedy](scene, row, versions))
    scene.flow.settle()
    copies = {version: scene.story.copies(version) for version in versions}
    for found in copies.values():
        assert len(found) <= 1
        for copy in found:
            if copy["ModelApprovalStatus"] == "PendingManualApproval":
                scene.story.approve(copy["ModelPackageArn"], RELEASER)
                scene.flow.settle()
    releases = [len(scene.story.releases(copy["ModelPackageArn"])) for found in copies.values() for copy in found]
    assert max(releases, default=0) <= 1, "something was released twice"
    made = sum(len(found) for found in copies.values())
    assert (made, sum(releases)) == (row.copies, row.releases), [run.log[-1500:] for run in scene.flow.runs[-4:]]
    assert scene.waiting() == {}, "something still waits"
    return "; ".join([*seen, f"copies: {made}, releases: {sum(releases)}, nothing waits"])


def _redriven(scene: Scene, row: Row, versions: Sequence[str]) -> str:
    scene.redrive(row.queue)
    return "`mlgov redrive` brings it back"


def _looked(scene: Scene, row: Row, versions: Sequence[str]) -> str:
    if row.queue:
        scene.dismiss(row.queue)
    scene.flow.put(scene.story.release, QUEUE, [IS_TIME])
    return "the daily look finds it"


def _looked_at(scene: Scene, row: Row, versions: Sequence[str]) -> str:
    scene.flow.put(scene.story.release, DECIDING, [IS_TIME])
    return "the hourly look finds it"


def _dismissed(scene: Scene, row: Row, versions: Sequence[str]) -> str:
    scene.dismiss(row.queue)
    return "it is read and dismissed"


def _approved_again(scene: Scene, row: Row, versions: Sequence[str]) -> str:
    scene.dismiss(row.queue)
    for version in versions:
        scene.story.approve(version, LEAD)
    return "another person approves it"


_REMEDIES: Mapping[str, Callable[[Scene, Row, Sequence[str]], str]] = {
    "redrive": _redriven,
    "look": _looked,
    "hourly look": _looked_at,
    "dismiss": _dismissed,
    "approve": _approved_again,
}
