"""What the linter finds in policy documents, all asked in one run of Node."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.support.linting.documents import Kind, PolicyDocument
from tests.support.node import run_node

SCRIPT = Path(__file__).with_name("lint.mjs")


@dataclass(frozen=True)
class Finding:
    """A fault of one statement. `document` is the first that has it, of all with the same text."""

    document: PolicyDocument
    rule: str
    sid: str
    message: str

    def __str__(self) -> str:
        return f"{self.document} {self.sid or 'the document'}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Meant:
    """What is known and meant: the statements `sid` of the stacks (globs, as `sid` is), and why."""

    stacks: tuple[str, ...]
    sid: str
    reason: str
    rule: str = ""

    def covers(self, document: PolicyDocument, sid: str, rule: str = "") -> bool:
        """Whether it speaks of this statement, and of this rule."""
        here = any(fnmatchcase(document.stack, stack) for stack in self.stacks)
        return here and fnmatchcase(sid, self.sid) and rule == self.rule


def faults(policies: Iterable[tuple[Kind, Mapping[str, Any]]]) -> list[list[dict[str, str]]]:
    """The faults of each policy, as {rule, sid, message}. Skips the calling test where the packages are missing."""
    found: list[list[dict[str, str]]] = run_node(SCRIPT, [{"kind": kind, "body": body} for kind, body in policies])
    return found


def lint(documents: Iterable[PolicyDocument]) -> list[Finding]:
    """The faults of the documents. Documents that IAM reads as the same are linted once."""
    distinct: dict[str, PolicyDocument] = {}
    for document in documents:
        distinct.setdefault(json.dumps([document.kind, document.readable], sort_keys=True), document)
    answers = faults((document.kind, document.readable) for document in distinct.values())
    return [
        Finding(document, **fault)
        for document, found in zip(distinct.values(), answers, strict=True)
        for fault in found
    ]
