"""One verb on one stack: plan, apply or destroy, with the saved plan, the state lock and the resume marker."""

from __future__ import annotations

import getpass
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from delivery import lock_holder, process, saved_plan
from delivery.apply_record import ApplyRecord
from delivery.events import StateLock
from delivery.guard import Guard, can_lose, held_data
from delivery.resume import Progress
from delivery.run_result import Failure, StackResult, Status
from delivery.saved_plan import PlanFacts
from delivery.session import Outcome, Session, Toolchain
from delivery.target import Access
from delivery.workspace import Log, StackFolder
from environments.manifest import Manifest, StackEntry
from modules.core.errors import TerraformError


class Reporter(Protocol):
    """Hears of every stack as it goes; called from several threads."""

    def started(self, stack_id: str) -> None: ...

    def step(self, stack_id: str, text: str) -> None: ...

    def finished(self, result: StackResult) -> None: ...


@dataclass(slots=True)
class Ended:
    """How a verb ended on a stack, before it is made a StackResult."""

    status: Status
    outcome: Outcome | None = None
    failure: Failure | None = None
    note: str = ""

    def remark(self, text: str) -> None:
        """Add to the note."""
        self.note = ", ".join(part for part in (self.note, text) if part)


def ended(verb: str, outcome: Outcome, folder: StackFolder) -> Ended:
    """Judge the last command of a verb: what it says of the stack, and for a state lock, how to remove it."""
    if verb == "plan" and outcome.exit_code == 2:
        return Ended("planned", outcome)
    if outcome.exit_code == 0:
        if verb == "destroy":
            return Ended("destroyed", outcome)
        return Ended("applied" if verb == "apply" and outcome.events.changed else "unchanged", outcome)
    failure = outcome.failure()
    if lock := outcome.events.lock:
        command = f"terraform -chdir={_shown(folder.path)} force-unlock {lock.id}"
        told = (
            f"the state is locked: {lock}. Wait for that run to end (--lock-timeout 60 waits a minute). "
            f"If no Terraform of {lock.who} is running any more: `{command}`"
        )
        failure = failure.model_copy(update={"advice": told})
    return Ended("interrupted" if outcome.interrupted else "failed", outcome, failure)


@dataclass(slots=True)
class StackRunner:
    """Runs verbs on stacks of one manifest; safe to call from several threads for different stacks.

    `judged` (stack id, digest of the plan's document), where given, lets apply carry out judged plans alone.
    `lock_seconds` is how long it waits for a state that is locked.
    """

    manifest: Manifest
    tools: Toolchain
    reporter: Reporter
    edges: Mapping[str, tuple[str, ...]]
    progress: Progress | None = None
    judged: Callable[[str, str], bool] | None = None
    guard: Guard = field(default_factory=Guard)
    lock_seconds: int = 0
    _changed: set[str] = field(default_factory=set)

    def plan(self, stack_id: str) -> StackResult:
        """Plan and save the plan if it changes something; the log then has it as people read it."""
        return self.in_folder(stack_id, self._plan)

    def apply(self, stack_id: str) -> StackResult:
        """Apply the saved plan of exactly these bytes if there is one, else plan and apply.

        A plan that the guard refuses is not applied. With a resume marker, a stack that the unfinished run has done is
        left alone.
        """
        entry = self.manifest.stack(stack_id)
        if self.progress and self.progress.done(stack_id, entry.sha256, self.edges[stack_id]):
            return self.finish(entry, "done-before")
        return self.in_folder(stack_id, self.apply_in)

    def destroy(self, stack_id: str) -> StackResult:
        """Destroy what the stack's state holds."""
        return self.in_folder(stack_id, self._destroy)

    def skip(self, stack_id: str, bad: str | None) -> StackResult:
        """The result of a stack that is not started: blocked by `bad`, or interrupted."""
        entry = self.manifest.stack(stack_id)
        if bad is None:
            return self.finish(entry, "interrupted", note="not started")
        return self.finish(entry, "blocked", note=f"blocked by {bad}")

    def finish(
        self,
        entry: StackEntry,
        status: Status,
        *,
        seconds: float = 0.0,
        outcome: Outcome | None = None,
        failure: Failure | None = None,
        note: str = "",
    ) -> StackResult:
        """Make the stack's result and tell the reporter."""
        result = StackResult(
            id=entry.id,
            account=entry.account,
            environment=entry.environment,
            module=entry.module,
            status=status,
            seconds=round(seconds, 1),
            resources=entry.resources,
            changes=outcome.events.changes if outcome else None,
            failure=failure,
            note=note,
            log=_shown(self.tools.space.log(entry.id)),
        )
        self.reporter.finished(result)
        return result

    def in_folder(self, stack_id: str, verb: Callable[[StackEntry, Session, BinaryIO], Ended]) -> StackResult:
        """Run `verb` with the stack's folder held, tell the reporter, and make the result."""
        entry, began = self.manifest.stack(stack_id), time.monotonic()
        self.reporter.started(stack_id)
        folder = self.tools.space.folder(stack_id)

        def tell(text: str) -> None:
            self.reporter.step(stack_id, text)

        session = Session(self.tools, folder, Log(self.tools.space.log(stack_id)), tell)
        waiting = "waiting for a Terraform that an earlier mlgov started in this folder"
        with process.exclusive(folder.run_lock, stop=self.tools.stop, on_wait=lambda: tell(waiting)) as hold:
            if hold is None:
                return self.finish(entry, "interrupted", note="not started")
            done = _errored_state(folder) or verb(entry, session, hold)
        seconds = time.monotonic() - began
        return self.finish(
            entry, done.status, seconds=seconds, outcome=done.outcome, failure=done.failure, note=done.note
        )

    def _plan(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        done = self._save_plan(entry, session, hold)
        if done.status == "planned":
            session.show_plan(hold)
        return done

    def _save_plan(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        """Plan, and save the plan if it changes something and the guard lets it pass."""
        folder = session.folder
        folder.drop_plan()
        done = self.run_in(entry, session, hold, "plan", "-json", "-detailed-exitcode", f"-out={folder.plan}")
        if done.status not in ("planned", "unchanged"):
            folder.drop_plan()
            return done
        try:
            plan = session.read_plan(hold, folder.plan) if done.status == "planned" else None
            lost = held_data(done.outcome.events.lost if done.outcome else (), plan or {})
            if refused := self.guard.refused(entry.id, lost):
                folder.drop_plan()
                return Ended("failed", done.outcome, refused)
            saved_plan.keep(folder, entry, stack=self.tools.space.source(entry), plan=plan, lost=lost)
        except TerraformError as error:
            folder.drop_plan()
            failure = Failure(address="", summary="the plan cannot be kept", detail=str(error), advice="")
            return Ended("interrupted" if self.tools.stop.requested else "failed", failure=failure)
        return done

    def apply_in(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        """What `apply` does once the folder is held."""
        if self.progress:
            self.progress.begin(entry.id)
        folder = session.folder
        facts = saved_plan.read(folder, entry)
        record = ApplyRecord(folder)
        if self.judged and (untouched := self._unjudged(entry, folder, facts)):
            if untouched.status == "unchanged":
                record.finish(entry, changed=False, facts=None, gated=True, terraform=session.tools.binary.version)
            return untouched
        if facts is None or not facts.is_of(folder):
            folder.drop_plan()
            record.begin()
            done = self._plan_and_apply(entry, session, hold)
            facts = saved_plan.read(folder, entry)
        elif lost := self.guard.refused(entry.id, facts.lost):
            done = Ended("failed", failure=lost)
        else:
            record.begin()
            done = self._carry_out(entry, session, hold)
            done.remark(f"applied the plan saved at {facts.made}")
            if later := sorted(self._changed.intersection(self.edges[entry.id])):
                done.remark(f"made before {', '.join(later)} changed: plan again")
        changed = done.status == "applied"
        if done.status in ("applied", "unchanged"):
            gated, version = self.judged is not None, session.tools.binary.version
            record.finish(entry, changed=changed, facts=facts, gated=gated, terraform=version)
        # A plan can be applied once; whatever came of it, the state has moved on.
        folder.drop_plan()
        if changed:
            self._changed.add(entry.id)
        if self.progress and done.status in ("applied", "unchanged"):
            self.progress.finish(entry.id, sha256=entry.sha256, changed=changed)
        return done

    def _plan_and_apply(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        """In one go where the state holds nothing that could be lost, else only what the guard lets pass."""
        if failed := self.ensure_init(entry, session, hold, "apply"):
            return failed
        try:
            state = session.pull_state(hold)
        except TerraformError as error:
            failure = Failure(address="", summary="the state cannot be read", detail=str(error), advice="")
            return Ended("interrupted" if self.tools.stop.requested else "failed", failure=failure)
        if not can_lose(state):
            return self.run_in(entry, session, hold, "apply", "-json", "-auto-approve")
        planned = self._save_plan(entry, session, hold)
        if planned.status != "planned":
            return planned
        return self._carry_out(entry, session, hold)

    def _carry_out(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        """Apply the saved plan. One that changes nothing is not kept, and Terraform does not tell a move again."""
        done = self.run_in(entry, session, hold, "apply", "-json", str(session.folder.plan))
        if done.status == "unchanged":
            done.status = "applied"
        return done

    def _destroy(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        session.folder.drop_plan()
        session.folder.drop_applied()
        return self.run_in(entry, session, hold, "destroy", "-json", "-auto-approve")

    def run_in(self, entry: StackEntry, session: Session, hold: BinaryIO, verb: str, *arguments: str) -> Ended:
        """Prepare, init, run; a lock left by a dead Terraform of ours on an emulator is removed, and said."""
        if failed := self.ensure_init(entry, session, hold, verb):
            return failed
        access = _access(verb)
        if self.lock_seconds and "-lock=false" not in arguments:
            arguments = (f"-lock-timeout={self.lock_seconds}s", *arguments)
        outcome = session.command(hold, access, verb, *arguments)
        lock = outcome.events.lock
        if lock is None or not self._is_stale(lock, session.folder) or self.tools.stop.requested:
            return ended(verb, outcome, session.folder)
        removed = session.command(hold, access, "force-unlock", "-force", lock.id)
        if removed.exit_code:
            return ended(verb, outcome, session.folder)
        again = ended(verb, session.command(hold, access, verb, *arguments), session.folder)
        again.remark(f"removed a stale {lock}")
        return again

    def _is_stale(self, lock: StateLock, folder: StackFolder) -> bool:
        """Whether nobody holds the lock any more. Only of an emulator's can that be known: what uses it runs here."""
        ours = self.tools.space.target.emulated and lock.who == _own_name()
        program, environment = Path(self.tools.binary.path).name, self.tools.environment("apply")
        return ours and not lock_holder.may_live(folder.path, program, environment)

    def _unjudged(self, entry: StackEntry, folder: StackFolder, facts: PlanFacts | None) -> Ended | None:
        """How apply ends without doing anything: the plan changes nothing, or is not the one that was judged."""
        if facts and not facts.changes:
            return Ended("unchanged", note="its plan changes nothing")
        if facts and facts.is_of(folder) and self.judged and self.judged(entry.id, facts.document):
            return None
        failure = Failure(
            address="",
            summary="the gate has not passed exactly this plan",
            detail="there is no saved plan of these bytes, or it was made anew since",
            advice=f"`mlgov plan --gate --stack {entry.id}`, then apply again",
        )
        return Ended("failed", failure=failure)

    def ensure_init(self, entry: StackEntry, session: Session, hold: BinaryIO, verb: str) -> Ended | None:
        """Put the stack's bytes into the folder and run init where it is needed; None when that went well."""
        outcome = session.ensure_init(hold, _access(verb), self.tools.space.prepare(entry))
        return ended(verb, outcome, session.folder) if outcome is not None and outcome.exit_code else None


def _access(verb: str) -> Access:
    return "plan" if verb == "plan" else "apply"


def _errored_state(folder: StackFolder) -> Ended | None:
    if not folder.errored_state.is_file():
        return None
    failure = Failure(
        address="",
        summary="an earlier run could not save its state",
        detail=f"{_shown(folder.errored_state)} is the only record of what that run did",
        advice=f"`terraform -chdir={_shown(folder.path)} state push errored.tfstate`, then delete the file",
    )
    return Ended("failed", failure=failure)


def _own_name() -> str:
    """How Terraform writes the holder of a lock that this user took on this machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _shown(path: Path) -> str:
    """A path as the user would type it: relative to the current folder where that is possible."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
