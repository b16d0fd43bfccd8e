"""Writes an evidence pack, whole or not at all, and verifies one."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from delivery.evidence.model import MANIFEST, SUMS, Evidence, EvidenceError, Files, Packed, Review, Source, Versions
from delivery.evidence.review import review
from environments.folder import exchange
from modules.core.errors import ConfigError
from policies.errors import reasons

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def write(
    to: Path,
    files: Files,
    *,
    policies: str,
    made: str | None,
    target: Literal["aws", "emulated"],
    source: Source,
    versions: Versions,
) -> tuple[Evidence, str]:
    """Write the pack of these files; returns its manifest, and the SHA-256 of it that an auditor keeps elsewhere.

    `policies` is the digest of those in force now; `made` in ISO 8601 stands before the time of the commit. A pack
    that stands at `to` is replaced. Raises EvidenceError when the files contradict each other, ConfigError when
    something else stands there; then nothing is written.
    """
    if to.exists() and not (to.is_dir() and (not any(to.iterdir()) or {MANIFEST, SUMS} <= set(_names(to)))):
        raise ConfigError(f"--to {to}: something that is no evidence pack stands there; name a new or empty folder")
    found, problems = review(files)
    if found.policy_digest != policies:
        problems.append("the policies have changed since the verdict: run `mlgov gate`")
    if problems:
        raise EvidenceError(problems)
    packed = {name: _packed(content) for name, content in sorted(files.items())}
    evidence = Evidence(
        made=made or source.committed, target=target, source=source, versions=versions, review=found, files=packed
    )
    manifest = evidence.render()
    whole = {**files, MANIFEST: manifest}
    whole[SUMS] = _sums(whole)
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as scratch:
        fresh = Path(scratch) / "new"
        for name, content in whole.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        exchange(fresh, to)
    return evidence, _packed(manifest).sha256


def verify(folder: Path, *, sha256: str | None = None, applied: bool = False) -> Evidence:
    """The manifest of a pack in which no byte has changed and what was reviewed is what is applied.

    `sha256` is that of `manifest.json`, as the auditor has kept it; `applied` demands that every stack is.
    Raises EvidenceError that names each file and stack at fault, ConfigError when there is no such folder.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
    files = {name: path.read_bytes() for name, path in _entries(folder)}
    evidence = _intact(files, sha256)
    told = {name: content for name, content in files.items() if name not in (MANIFEST, SUMS)}
    found, problems = review(told)
    if evidence.review != found:
        problems.append(f"{MANIFEST} says otherwise of: {', '.join(_differing(evidence.review, found)) or 'the order'}")
    if applied and found.unapplied:
        problems.append(f"there is no record of an apply of: {', '.join(found.unapplied)}")
    if problems:
        raise EvidenceError(problems)
    return evidence


def _intact(files: Files, sha256: str | None) -> Evidence:
    """The manifest, if every file is the one that it and the sums list."""
    for name in (MANIFEST, SUMS):
        if name not in files:
            raise EvidenceError([f"{name} is missing: this is no evidence pack, or no whole one"])
    actual = _packed(files[MANIFEST]).sha256
    if sha256 is not None and actual != sha256:
        raise EvidenceError([f"{MANIFEST} was changed: its SHA-256 is {actual}, not {sha256}"])
    try:
        evidence = Evidence.model_validate_json(files[MANIFEST])
    except ValidationError as error:
        raise EvidenceError([f"{MANIFEST} was changed: it cannot be read ({'; '.join(reasons(error))})"]) from error
    problems = list(_unlike(files, evidence))
    if not problems and files[SUMS] != _sums(files):
        problems.append(f"{SUMS} was changed: it lists these files, but not in its form")
    if problems:
        raise EvidenceError(problems)
    return evidence


def _unlike(files: Files, evidence: Evidence) -> Iterator[str]:
    """Each file that the manifest or the sums have otherwise; the sums alone can tell of the manifest."""
    lines = map(_LINE.fullmatch, files[SUMS].decode("utf-8", "replace").split("\n"))
    listed = {match[2]: match[1] for match in lines if match}
    for name in sorted({*files, *evidence.files, *listed} - {SUMS}):
        packed = _packed(files[name]) if name in files else None
        unlike = [MANIFEST] if name != MANIFEST and evidence.files.get(name) != packed else []
        unlike += [SUMS] if listed.get(name) != (packed.sha256 if packed else None) else []
        if unlike and packed is None:
            yield f"{name} is missing, though it stands in {' and '.join(unlike)}"
        elif unlike:
            yield f"{name} is not as it stands in {' and '.join(unlike)}: it was changed or added, or they were changed"


def _differing(told: Review, found: Review) -> Iterator[str]:
    """What the manifest has otherwise than the files."""
    for name in ("organization", "policy_digest", "waivers_sha256", "providers"):
        if getattr(told, name) != getattr(found, name):
            yield name
    lines = {stack.id: stack for stack in told.stacks}
    yield from (f"stack {stack.id}" for stack in found.stacks if lines.pop(stack.id, None) != stack)
    yield from (f"stack {name}" for name in lines)


def _sums(files: Files) -> bytes:
    """What `sha256sum` says of all files but the sums themselves."""
    return "".join(f"{_packed(files[name]).sha256}  {name}\n" for name in sorted(files) if name != SUMS).encode()


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise EvidenceError([f"{name} is a link or a device: a pack holds plain files"])
        if path.is_file():
            yield name, path


def _names(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir())


def _packed(content: bytes) -> Packed:
    return Packed(size=len(content), sha256=hashlib.sha256(content).hexdigest())
