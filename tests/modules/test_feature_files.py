"""Files become messages, all of them, whatever stops a run: `functions/split_file`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from modules.feature_store.functions.split_file.handler import BATCH_BYTES, RESERVE_SECONDS, TRIES, Part, Split
from modules.feature_store.functions.split_file.lines import LONGEST_LINE, FileError, Lines

QUEUE = "https://sqs/acme-org-card-velocity-ingest"


class World:
    """A bucket with one file, and queues that may refuse a part of what they are sent."""

    def __init__(self, content: bytes, key: str = "incoming/card-velocity/day.jsonl", chunk: int = 7) -> None:
        self.content, self.chunk, self.left = content, chunk, [1000.0]
        self.part = Part("features", key, "v1")
        self.sent: list[str] = []
        self.requests: list[int] = []
        self.rest: list[Part] = []
        self.refusing = 0
        self.split = Split(self, self, "acme-org-{}-ingest", "https://own", lambda _: None)

    def head_object(self, **_: Any) -> dict[str, int]:
        return {"ContentLength": len(self.content)}

    def get_object(self, *, VersionId: str, Range: str, **_: Any) -> dict[str, Any]:
        assert VersionId == "v1"
        body, chunk = io.BytesIO(self.content[int(Range.removeprefix("bytes=")[:-1]) :]), self.chunk

        class Body:
            def iter_chunks(self, _: int) -> Iterator[bytes]:
                return iter(lambda: body.read(chunk), b"")

        return {"Body": Body()}

    def get_queue_url(self, *, QueueName: str) -> dict[str, str]:
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:
        assert QueueUrl == QUEUE
        assert len(Entries) <= 10
        self.requests.append(len(Entries))
        refused = Entries[: self.refusing]
        self.sent += [each["MessageBody"] for each in Entries[self.refusing :]]
        return {"Failed": [{"Id": each["Id"]} for each in refused]} if refused else {}

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:
        assert QueueUrl == "https://own"
        self.rest.append(Part.of(MessageBody))

    def run(self, part: Part | None = None) -> int:
        """One run, with the seconds that it is left with at each look."""
        return self.split.part(part or self.part, lambda: self.left.pop(0) if len(self.left) > 1 else self.left[0])

    def records(self) -> list[Any]:
        """What was sent, read again."""
        return [json.loads(body) for body in self.sent]


def json_file(count: int) -> bytes:
    """A file of JSON lines, with a blank one and no line break at its end."""
    lines = [json.dumps({"card_id": f"c{number}", "name": "Zoë"}, ensure_ascii=False) for number in range(count)]
    return "\n".join([lines[0], "", *lines[1:]]).encode()


def test_every_line_becomes_a_message_ten_at_a_time() -> None:
    """Blank lines are passed over, and characters that a chunk cuts in two come out whole."""
    world = World(json_file(23))
    assert world.run() == 23
    assert [each["card_id"] for each in world.records()] == [f"c{number}" for number in range(23)]
    assert {each["name"] for each in world.records()} == {"Zoë"}
    assert world.requests == [10, 10, 3]


def test_a_row_of_csv_becomes_an_object_without_its_empty_cells() -> None:
    """A mark at the beginning is no part of a name, and a quoted cell may hold line breaks, commas and quotes."""
    content = '\ufeffcard_id,note,spend\r\nc1,"one, ""two""\nthree",5\r\nc2,,\r\n'.encode()
    world = World(content, "incoming/card-velocity/2027/day.csv")
    world.run()
    assert world.records() == [{"card_id": "c1", "note": 'one, "two"\nthree', "spend": "5"}, {"card_id": "c2"}]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_run_out_of_time_says_where_it_stopped_and_the_next_goes_on_there(kind: str) -> None:
    """Together the runs send each record once, in order, though quoted cells hold line breaks."""
    rows = [f'c{number},"a\nb"' for number in range(35)]
    content = json_file(35) if kind == "jsonl" else "\n".join(["card_id,note", *rows]).encode()
    world = World(content, f"incoming/card-velocity/day.{kind}")
    world.left = [RESERVE_SECONDS - 1.0]
    world.run()
    while len(world.rest) < 4:
        world.run(world.rest[-1])
    assert [each["card_id"] for each in world.records()] == [f"c{number}" for number in range(35)]
    assert world.rest[-1].start == len(content)
    assert world.run(world.rest[-1]) == 0


def test_a_run_that_died_begins_again_and_skips_nothing() -> None:
    """Its message comes back as it was: what had been sent is sent twice (and ingested once)."""
    world = World(json_file(12))
    world.refusing = 10
    with pytest.raises(RuntimeError, match="10 of 10"):
        world.run()
    assert len(world.requests) == TRIES
    world.refusing = 0
    assert world.run() == 12


def test_what_sqs_refuses_of_a_batch_is_sent_again_alone() -> None:
    """SQS takes a part of a batch and refuses the rest: the rest is tried again."""
    world = World(json_file(3))
    world.refusing = 1
    original = world.send_message_batch

    def once(**request: Any) -> dict[str, Any]:
        answer = original(**request)
        world.refusing = 0
        return answer

    world.send_message_batch = once  # type: ignore[method-assign]
    world.run()
    assert sorted(each["card_id"] for each in world.records()) == ["c0", "c1", "c2"]
    assert world.requests == [3, 1]


def test_a_batch_fits_into_a_request_of_sqs() -> None:
    """Large records go by fewer at a time."""
    large = json.dumps({"card_id": "x" * (BATCH_BYTES // 3)}).encode()
    world = World(b"\n".join([large] * 4), chunk=64 * 1024)
    world.run()
    assert world.requests == [2, 2]


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"card_id,card_id\n1,2\n", "csv", "name each column"),
        (b"", "csv", "name each column"),
        (b"card_id,note\n1\n", "csv", "has 1 cells"),
        (b'card_id,note\n1,"open\n', "csv", "no CSV"),
        (b'{"a": "\xff"}\n', "jsonl", "UTF-8"),
        (b"x" * (LONGEST_LINE + 100), "jsonl", "more than"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(content: bytes, kind: str, words: str) -> None:
    """It goes back to its queue, and in the end to the dead-letter queue: nothing of it is guessed."""
    with pytest.raises(FileError, match=words):
        World(content, f"incoming/card-velocity/day.{kind}", chunk=32 * 1024).run()


@pytest.mark.parametrize(
    "key", ["incoming/day.csv", "incoming/card-velocity/day.parquet", "offline/card-velocity/a.csv"]
)
def test_a_file_for_no_group_or_in_no_known_format_is_refused(key: str) -> None:
    """The key says for which group a file is and how it is written."""
    with pytest.raises(FileError, match="incoming/<group>/<name>"):
        World(b"", key).run()


def test_memory_is_bounded_by_a_line_and_a_chunk() -> None:
    """A line that never ends is given up before it is read whole."""
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024

    with pytest.raises(FileError):
        next(Lines(endless(), 0))
    assert read <= LONGEST_LINE // 1024 + 2


def test_an_event_of_s3_names_the_version_that_was_dropped() -> None:
    """The key is decoded, and a later version does not take the place of the one that was announced."""
    detail = {
        "bucket": {"name": "features"},
        "object": {"key": "incoming/card-velocity/a+b%C3%AB.csv", "version-id": "v7"},
    }
    part = Part.of(json.dumps({"detail": detail}))
    assert part == Part("features", "incoming/card-velocity/a bë.csv", "v7", 0)
