"""What is kept of a plan beside Terraform's own file: what it was made of, and the document that the gate judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from delivery.run_result import write_atomically
from delivery.workspace import StackFolder, Workspace
from environments.manifest import StackEntry, digest
from modules.core.errors import TerraformError
from modules.core.settings import Strict
from policies.plan import SENSITIVE, PlanDocument, PlannedChange
from policies.record import StackFile

UNPLANNED = "0" * 64  # no file has this digest


class PlanFacts(Strict):
    """Of which bytes of the stack a plan was made, and when (UTC, ISO 8601).

    `plan` and `document` are the SHA-256 of Terraform's file and of the gate's document; both are empty when the plan
    changes nothing, for then there is nothing to apply and nothing to judge. `lost` are the resources that hold data
    and that it destroys, each named by the run that made it.
    """

    sha256: str
    made: str
    plan: str = ""
    document: str = ""
    lost: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the plan changes anything."""
        return bool(self.plan)

    def is_of(self, folder: StackFolder) -> bool:
        """Whether Terraform's file is still the one that was planned."""
        return folder.plan.is_file() and digest(folder.plan) == self.plan


def keep(
    folder: StackFolder, entry: StackEntry, *, stack: bytes, plan: dict[str, Any] | None, lost: Sequence[str] = ()
) -> None:
    """Write the facts, and for a plan that changes something its document.

    `plan` is Terraform's JSON of it, None when it changes nothing: then Terraform's file goes, as it is not applied.
    Raises TerraformError when the plan is of a form that we do not know, or not whole.
    """
    made = datetime.now(UTC).isoformat(timespec="seconds")
    if plan is None:
        folder.plan.unlink(missing_ok=True)
        write_atomically(folder.plan_facts, PlanFacts(sha256=entry.sha256, made=made).model_dump_json())
        return
    write_atomically(folder.plan_document, document(entry.id, stack, plan).model_dump_json())
    facts = PlanFacts(
        sha256=entry.sha256,
        made=made,
        plan=digest(folder.plan),
        document=digest(folder.plan_document),
        lost=tuple(lost),
    )
    write_atomically(folder.plan_facts, facts.model_dump_json())


def document(stack_id: str, stack: bytes, plan: dict[str, Any]) -> PlanDocument:
    """What the gate judges of a plan in Terraform's JSON. Raises TerraformError as `keep` does."""
    return PlanDocument(stack=stack.decode(), changes=list(_changes(stack_id, plan)))


def read(folder: StackFolder, entry: StackEntry) -> PlanFacts | None:
    """The facts of the last plan, if it was made of exactly these bytes of the stack."""
    try:
        facts = PlanFacts.model_validate_json(folder.plan_facts.read_bytes())
    except (OSError, ValidationError):
        return None
    return facts if facts.sha256 == entry.sha256 else None


def judged(space: Workspace, entries: Sequence[StackEntry]) -> list[StackFile]:
    """What the gate has to judge of these stacks: every plan that changes something, and those that are missing."""
    files = []
    for entry in entries:
        folder = space.folder(entry.id)
        facts = read(folder, entry)
        if facts is None or facts.changes:
            # Without a plan the digest is that of no file, which the gate tells as a fault.
            sha256, source = facts.document if facts else UNPLANNED, space.out / entry.path
            files.append(StackFile(entry.id, folder.plan_document, sha256, "plan", source))
    return files


def _changes(stack_id: str, plan: dict[str, Any]) -> Iterator[PlannedChange]:
    if str(plan.get("format_version", "")).partition(".")[0] != "1":
        raise TerraformError(f"stack {stack_id}: Terraform's plan is of format {plan.get('format_version')}, not 1.x")
    if plan.get("errored") or plan.get("complete") is False:
        raise TerraformError(f"stack {stack_id}: Terraform's plan is not whole, so it cannot be judged")
    for resource in plan.get("resource_changes", ()):
        if resource["mode"] == "managed":
            yield planned_change(resource)


def planned_change(resource: Mapping[str, Any]) -> PlannedChange:
    """One of `resource_changes` or `resource_drift` in Terraform's JSON, without secrets.

    What is a secret on one side is taken out of both: a mark may come or go with the change.
    """
    change = resource["change"]
    marks = (change.get("before_sensitive"), change.get("after_sensitive"))
    stays = change["actions"] == ["no-op"]
    return PlannedChange(
        address=resource["address"],
        module=resource.get("module_address", ""),
        type=resource["type"],
        name=resource["name"],
        index=resource.get("index"),
        actions=change["actions"],
        after=_without(change.get("after"), marks),
        unknown=change.get("after_unknown"),
        before=None if stays else _without(change.get("before"), marks),
        previous=resource.get("previous_address", ""),
        imported=bool(change.get("importing")),
    )


def _without(value: Any, marks: Iterable[Any]) -> Any:
    for mark in marks:
        value = _without_secrets(value, mark)
    return value


def _without_secrets(value: Any, marks: Any) -> Any:
    """The value with what Terraform marks as sensitive taken out. A mark is `true`, or has the shape of the value."""
    if marks is True and value is not None:
        return SENSITIVE
    if isinstance(value, dict) and isinstance(marks, dict):
        return {key: _without_secrets(child, marks.get(key)) for key, child in value.items()}
    if isinstance(value, list) and isinstance(marks, list):
        ahead = [*marks, *[None] * (len(value) - len(marks))]
        return [_without_secrets(child, mark) for child, mark in zip(value, ahead, strict=False)]
    return value
