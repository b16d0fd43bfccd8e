"""Deploy: put a version to use in one place, or leave everything as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.ml_operations.layout import ServedVersion
from modules.ml_operations.release import plan_rules
from modules.ml_operations.release.aws import Role
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.override import LOCK_FILE, OVERRIDE_FILE, STACK_FILE, Document, lock, override
from modules.ml_operations.release.parameter import NONE, VersionParameter
from modules.ml_operations.release.terraform import Terraform


@dataclass(frozen=True, slots=True)
class Stack:
    """The stack `serving` as it was applied last: its bytes, which passed the gate, and as whom a release works."""

    content: bytes
    deployer: Role
    keeper: Role
    provider_hash: str

    def lay_out(self, folder: Path) -> None:
        """Write it into `folder`, and beside it as whom Terraform works, and with which provider."""
        document: Document = json.loads(self.content)
        beside = override(document, deployer=self.deployer, keeper=self.keeper)
        (folder / STACK_FILE).write_bytes(self.content)
        (folder / OVERRIDE_FILE).write_text(json.dumps(beside, indent=2), encoding="utf-8")
        (folder / LOCK_FILE).write_text(lock(document, self.provider_hash), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Deploy:
    """A release of one stack.

    While an alarm of the endpoint is on SageMaker takes no update, not even that which goes back: that is tried
    `attempts` times, with `wait` in between.

    Guarantees:
    - what is applied is the stack that passed the gate; only the version parameter differs;
    - a plan that is more than a release is refused before anything changes;
    - it counts as released when Terraform finds nothing left to change: an endpoint that SageMaker has rolled back
      by itself runs another configuration than the plan says, and so has failed;
    - after any failure the version that was released last is put back, applied again, and the build fails;
    - run twice, it comes to the same.
    """

    parameter: VersionParameter
    terraform: Terraform
    wait: Callable[[], None]
    attempts: int = 6

    def run(self, version: ServedVersion) -> None:
        """Serve `version`. Raises ReleaseError when it is not served; the message says what is served now."""
        before = self.parameter.released()
        self.terraform.init()
        put = self.parameter.put(version)
        try:
            self._plan()
        except ReleaseError:
            self.parameter.mark(self.parameter.put(before))  # nothing was applied yet
            raise
        try:
            self._apply()
        except ReleaseError as error:
            raise ReleaseError(f"{error}\n{self._go_back(before)}") from error
        self.parameter.mark(put)

    def _plan(self, *, may_remove_endpoint: bool = False) -> None:
        refused = list(plan_rules.refusals(self.terraform.plan(), may_remove_endpoint=may_remove_endpoint))
        if refused:
            raise ReleaseError(
                f"this is no release: {'; '.join(refused)}. Plan and apply the stack `serving` by the way of all other "
                "stacks, then start the release again"
            )

    def _apply(self) -> None:
        self.terraform.apply()
        if left := sorted(_changes(self.terraform.plan())):
            raise ReleaseError(
                f"applied, but not in use: {', '.join(left)} would change again. SageMaker has rolled it back; see the "
                "alarms of the endpoint"
            )

    def _go_back(self, before: ServedVersion) -> str:
        """Put `before` back, and say how that went: the failure that led here is the one that is raised."""
        never = before["version"] == NONE["version"]
        what = "no version, as before" if never else f"version {before['version']}"
        put = self.parameter.put(before)
        for attempt in range(1, self.attempts + 1):
            try:
                self._plan(may_remove_endpoint=never)
                self._apply()
            except ReleaseError as error:
                failure = error
            else:
                self.parameter.mark(put)
                return f"In use now is {what}"
            if attempt < self.attempts:
                self.wait()
        return f"Going back to {what} failed, too: {failure}. Apply the stack `serving` of the project by hand"


def stack_content(objects: Any, bucket: str, key: str) -> bytes:
    """The bytes of the stack as it was applied last. Raises ReleaseError where it never was."""
    try:
        content: bytes = objects.get_object(Bucket=bucket, Key=key)["Body"].read()
    except objects.exceptions.NoSuchKey:
        raise ReleaseError(f"s3://{bucket}/{key} is not there: apply the stack `serving` of the project once") from None
    return content


def _changes(plan: Mapping[str, Any]) -> set[str]:
    found = plan.get("resource_changes", ())
    return {change["address"] for change in found if not set(change["change"]["actions"]) <= {"no-op", "read"}}
