"""`mlgov passport verify`: what an auditor is told of a passport, by a file or from S3."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import main
from modules.ml_operations.passport.bundle import sha256, to_json
from modules.ml_operations.passport.model import Passport
from tests.modules import test_passport_evidence as given

WHOLE = to_json(Passport(1, given.TODAY.isoformat(), given.DEMANDS, given.EVIDENCE))


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    path = tmp_path / "passport.json"
    path.write_bytes(WHOLE)
    return path


def test_a_whole_passport_is_told_with_who_approved_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the hash that an endpoint is tagged by, exit 0 and the evidence in words."""
    assert main.main(["passport", "verify", str(file), "--sha256", sha256(WHOLE).upper()]) == 0
    told = capsys.readouterr().out
    assert given.ARN in told
    assert f"approved (central) by {given.CENTRAL.by}" in told
    assert "as it must be" in told


def test_without_a_hash_nothing_says_whose_passport_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file alone proves its form and its evidence; the last line says what it does not prove."""
    assert main.main(["passport", "verify", str(file)]) == 0
    assert "proves nothing until it is compared" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (WHOLE.replace(b"0.91", b"0.99"), "its SHA-256 is"),
        (b"{}", "its SHA-256 is"),
    ],
)
def test_a_changed_passport_proves_nothing(
    file: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    """Another hash than it must have: exit 3, and why."""
    file.write_bytes(content)
    assert main.main(["passport", "verify", str(file), "--sha256", sha256(WHOLE)]) == 3
    assert words in capsys.readouterr().err


def test_what_is_missing_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A passport that lacks evidence, whoever wrote it: exit 3, all of it named."""
    lacking = replace(given.EVIDENCE, card=None, test=None)
    file.write_bytes(to_json(Passport(1, given.TODAY.isoformat(), given.DEMANDS, lacking)))
    assert main.main(["passport", "verify", str(file)]) == 3
    told = capsys.readouterr().err
    assert "model card: there is none" in told
    assert "integration test: it has left no result" in told


def test_in_s3_the_key_says_what_it_hashes_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under its own key it stands; under another it proves nothing; what is not there is told by its place."""
    good = f"passports/card-fraud/3/{sha256(WHOLE)}.json"
    objects = {good: WHOLE, f"passports/card-fraud/3/{'0' * 64}.json": WHOLE}

    class S3:
        def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
            if Key not in objects:
                raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "none"}}, "GetObject")
            return {"Body": io.BytesIO(objects[Key])}

    monkeypatch.setattr(boto3, "client", lambda service: S3())
    assert main.main(["passport", "verify", f"s3://b/{good}"]) == 0
    assert main.main(["passport", "verify", f"s3://b/passports/card-fraud/3/{'0' * 64}.json"]) == 3
    assert main.main(["passport", "verify", "s3://b/other.json"]) == 2
    assert "s3://b/other.json cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("s3://", "it must be s3://BUCKET/KEY"),
        ("s3://bucket", "it must be s3://BUCKET/KEY"),
        ("s3://bucket/", "it must be s3://BUCKET/KEY"),
        ("https://example.com/passport.json", "is neither a file nor s3://BUCKET/KEY"),
        ("missing.json", "No such file"),
    ],
)
def test_a_place_that_is_none_is_told(place: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before AWS is asked: exit 2, and what a place looks like."""
    assert main.main(["passport", "verify", place]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a":1,"a":2}'])
def test_what_is_no_passport_proves_nothing(file: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """However it is broken: exit 3 in a sentence, and no traceback."""
    file.write_bytes(content)
    assert main.main(["passport", "verify", str(file)]) == 3
    told = capsys.readouterr().err
    assert "proves nothing" in told
    assert "Traceback" not in told
