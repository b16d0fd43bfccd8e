"""Whatever is changed in an evidence pack is found and named; a forger needs the digest that the auditor keeps."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from delivery.evidence.model import MANIFEST, SUMS, Evidence, EvidenceError, Packed
from delivery.evidence.pack import verify
from tests.support.delivered import Delivered


def test_any_changed_byte_of_any_file_is_found_and_named(delivered: Delivered) -> None:
    """In every file of a pack, bytes from its first to its last are changed one at a time; manifest and sums, too."""
    pack, _ = delivered.pack()
    for path in sorted(path for path in pack.rglob("*") if path.is_file()):
        content, name = path.read_bytes(), path.relative_to(pack).as_posix()
        for place in sorted({*range(0, len(content), max(1, len(content) // 4)), len(content) - 1}):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            with pytest.raises(EvidenceError) as told:
                verify(pack)
            assert name in str(told.value), (name, place)
        path.write_bytes(content)
    verify(pack)


def test_a_file_that_is_missing_or_added_is_found_and_named(delivered: Delivered) -> None:
    """Whichever file goes, and whatever comes: a file, an empty one, a link."""
    pack, _ = delivered.pack()
    for path in sorted(path for path in pack.rglob("*") if path.is_file()):
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(EvidenceError, match=path.relative_to(pack).as_posix()):
            verify(pack)
        path.write_bytes(content)
    for name in ("gate/more.json", "applied/.hidden"):
        (pack / name).write_bytes(b"")
        with pytest.raises(EvidenceError, match=name):
            verify(pack)
        (pack / name).unlink()
    (pack / "link").symlink_to(pack / MANIFEST)
    with pytest.raises(EvidenceError, match="link is a link"):
        verify(pack)


def _forge(pack: Path, name: str, content: bytes) -> None:
    """Change a file, and manifest and sums with it, as somebody would who knows the form of a pack."""
    (pack / name).write_bytes(content)
    evidence = Evidence.model_validate_json((pack / MANIFEST).read_bytes())
    packed = Packed(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    if name != MANIFEST:
        told = evidence.model_copy(update={"files": {**evidence.files, name: packed}})
        (pack / MANIFEST).write_bytes(told.render())
    files = sorted(path for path in pack.rglob("*") if path.is_file() and path.name != SUMS)
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(pack).as_posix()}\n" for path in files
    )
    (pack / SUMS).write_text(sums)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("synthesis/stacks/one/cdk.tf.json", b'"x"', b'"y"', "synthesis/stacks/one/cdk.tf.json is not what"),
        ("synthesis/mlgov.json", b'"id": "one"', b'"id": "uno"', "the gate has not judged these bytes of: uno"),
        (
            "gate/verdict.json",
            b'"passed": true',
            b'"passed": false',
            "the gate has not passed, or no longer when it was applied: one",
        ),
        ("waivers.yaml", b"none", b"some", "waivers.yaml is not the file that the gate has applied"),
        ("applied/one.json", b'"finished": "2', b'"finished": "1', "manifest.json says otherwise of: stack one"),
        ("applied/one.json", b'"finished": "2', b'"finished": "x', "applied/one.json cannot be read"),
        ("applied/one.plan.json", b"create", b"update", "applied/one.plan.json is not what applied/one.json says"),
        ("plans/two.json", b'"made":"2', b'"made":"1', "manifest.json says otherwise of: stack two"),
        ("plan-gate/verdict.json", b'"passed": true', b'"passed": false', "has not passed the plan that was applied"),
        (MANIFEST, b'"policy_digest": "p"', b'"policy_digest": "q"', "manifest.json says otherwise of: policy_digest"),
        (MANIFEST, b'"unfinished": false', b'"unfinished": true', "manifest.json says otherwise of: stack one"),
    ],
)
def test_a_forger_who_mends_the_hashes_is_found_by_what_the_files_say(
    delivered: Delivered, name: str, old: bytes, new: bytes, says: str
) -> None:
    """The files contradict each other; and who has kept the SHA-256 of the manifest needs none of that."""
    pack, sha256 = delivered.pack()
    content = (pack / name).read_bytes()
    assert old in content
    _forge(pack, name, content.replace(old, new))
    with pytest.raises(EvidenceError, match=says.replace(".", r"\.")):
        verify(pack)
    with pytest.raises(EvidenceError, match=r"manifest\.json was changed: its SHA-256 is"):
        verify(pack, sha256=sha256)


def test_a_forged_commit_is_found_by_the_kept_digest_alone(delivered: Delivered) -> None:
    """Nothing else in the pack tells of the commit: that is what the digest is kept for."""
    pack, sha256 = delivered.pack()
    _forge(pack, MANIFEST, (pack / MANIFEST).read_bytes().replace(b"c" * 40, b"d" * 40))
    verify(pack)
    with pytest.raises(EvidenceError, match="was changed"):
        verify(pack, sha256=sha256)
