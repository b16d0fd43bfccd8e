"""Read Terraform's machine-readable output (`-json`): counts, progress and the first error, in our words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from delivery.run_result import Changes, Failure
from modules.core.retention import is_stateful

_LOCK_FIELD = re.compile(r"^\s*(ID|Path|Operation|Who|Created):[ \t]*(.*)$", re.MULTILINE)
_PROTECTED = re.compile(r"Resource (\S+) has lifecycle\.prevent_destroy")
_DONE_HOOKS = {"apply_complete", "apply_errored"}
_NO_CHANGE = {"noop", "no-op", "read"}
_DESTROYING = {"delete", "replace"}

_NO_BUCKET = r"bucket .*does not exist|nosuchbucket"

# A pattern of an error's text -> what to do about it. The first that matches is used.
_ADVICE = (
    (
        r"lifecycle\.prevent_destroy",
        "the resource is protected on purpose: to destroy it, first apply a configuration without prevent_destroy",
    ),
    ("saved plan is stale", "the state moved on since `mlgov plan`; that plan was dropped: plan and review again"),
    ("unable to find remote state", "a stack it reads from has not been applied yet: apply that stack first"),
    ("unsupported attribute", "if the attribute is an output of another stack, apply that stack first"),
    (_NO_BUCKET, "the state bucket is missing: run `mlgov bootstrap` first"),
    (
        "backend configuration changed",
        "the state's address changed: move the state (`terraform init -migrate-state` in the stack's run folder), "
        "or undo the change",
    ),
    (
        r"errored\.tfstate",
        "the state could not be saved; in the stack's run folder, `terraform state push errored.tfstate`, "
        "then delete that file",
    ),
    ("no valid credential sources", "give the run AWS credentials, or use --emulated"),
    (
        "failed to query available provider packages",
        "the registry cannot be reached: set MLGOV_PROVIDER_MIRROR to a folder made by `terraform providers mirror`",
    ),
)


@dataclass(frozen=True, slots=True)
class StateLock:
    """A state lock that Terraform met and could not take."""

    id: str
    path: str
    who: str
    created: str
    operation: str

    def __str__(self) -> str:
        return f"lock {self.id} on {self.path}, held since {self.created} by {self.who} ({self.operation})"


@dataclass(slots=True)
class Events:
    """What one Terraform command said so far. Lines that are no JSON are kept as plain text in the log.

    `lost` are the addresses that its plan destroys or replaces although they hold data (`modules/core/retention.py`).
    """

    changes: Changes | None = None
    changed: bool = False
    failure: Failure | None = None
    lock: StateLock | None = None
    total: int = 0
    done: int = 0
    lost: list[str] = field(default_factory=list)
    _replaced: int = field(default=0)

    def feed(self, line: str) -> str:
        """Take one line of output in and return what the log should say of it (without the source snippet)."""
        try:
            event = json.loads(line)
        except ValueError:
            return line
        if not isinstance(event, dict):
            return line
        kind = event.get("type")
        if kind == "diagnostic":
            return self._diagnostic(event["diagnostic"])
        if kind == "planned_change":
            self._planned(event["change"])
        elif kind == "change_summary":
            self._summary(event["changes"])
        elif kind == "outputs":
            self.changed |= any(o.get("action", "noop") not in _NO_CHANGE for o in event["outputs"].values())
        elif kind in _DONE_HOOKS:
            self.done += 1
        return str(event.get("@message", ""))

    def step(self) -> str:
        """How far the command is, such as `3/10`; empty before the plan is known."""
        return f"{self.done}/{self.total}" if self.total else ""

    def _planned(self, change: dict[str, Any]) -> None:
        if change["action"] not in _NO_CHANGE:
            self.changed = True
            self.total += 1
        self._replaced += change["action"] == "replace"
        resource = change["resource"]
        if change["action"] in _DESTROYING and is_stateful(resource["resource_type"]):
            self.lost.append(resource["addr"])

    def _summary(self, counts: dict[str, Any]) -> None:
        self.changes = Changes(
            adopt=counts.get("import", 0),
            add=counts["add"],
            change=counts["change"],
            destroy=counts["remove"],
            replace=self._replaced,
        )

    def _diagnostic(self, found: dict[str, Any]) -> str:
        summary, detail, address = found.get("summary", ""), found.get("detail", ""), _address(found)
        if found.get("severity") == "error":
            if "state lock" in summary:
                self.lock = self.lock or _parse_lock(detail)
            if self.failure is None:
                known = advice(f"{summary} {detail}")
                self.failure = Failure(address=address, summary=summary, detail=detail, advice=known)
        title = f"{str(found.get('severity', '')).capitalize()}: {summary}"
        return "\n".join(part for part in (title, f"  with {address}" if address else "", detail) if part)


def advice(text: str) -> str:
    """What to do about an error with this text; empty when we know nothing better than the text."""
    flat = " ".join(text.split())
    return next((what for pattern, what in _ADVICE if re.search(pattern, flat, re.IGNORECASE)), "")


def lacks_bucket(failure: Failure) -> bool:
    """Whether the error is that the state bucket does not exist."""
    return re.search(_NO_BUCKET, f"{failure.summary} {failure.detail}".replace("\n", " "), re.IGNORECASE) is not None


def _address(found: dict[str, Any]) -> str:
    """The resource a diagnostic is about: Terraform says it in one of three places, or nowhere."""
    if address := found.get("address"):
        return str(address)
    if match := _PROTECTED.search(found.get("detail", "")):
        return match.group(1)
    context = (found.get("snippet") or {}).get("context") or ""
    parts = context.split(".")
    return ".".join(parts[1:3]) if parts[0] == "resource" and len(parts) >= 3 else ""


def _parse_lock(detail: str) -> StateLock | None:
    fields = {name: value.strip() for name, value in _LOCK_FIELD.findall(detail)}
    if not fields.get("ID"):
        return None
    names = ("Path", "Who", "Created", "Operation")
    return StateLock(fields["ID"], *(fields.get(name) or "unknown" for name in names))
