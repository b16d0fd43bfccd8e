"""Terraform on one stack: init when needed, then one command, with everything it says in the stack's log."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from delivery import mirror, process
from delivery.binary import Binary
from delivery.events import Events, advice
from delivery.process import Stop
from delivery.run_result import Failure
from delivery.target import Access, Document
from delivery.workspace import LOCK_FILE, Log, StackFolder, Workspace, providers
from modules.core.errors import TerraformError

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a Terraform command ended: its exit code, what its output said, whether we interrupted it."""

    exit_code: int
    events: Events
    interrupted: bool

    def failure(self) -> Failure:
        """The first error; made from the exit code when Terraform gave none."""
        return self.events.failure or Failure(
            address="", summary=f"terraform ended with exit code {self.exit_code}", detail="see the log", advice=""
        )


@dataclass(frozen=True, slots=True)
class Toolchain:
    """What all stacks of a run share: the binary, the provider source, the lock file and the stop flag."""

    binary: Binary
    config: Path | None
    space: Workspace
    stop: Stop

    @classmethod
    def open(cls, binary: Binary, space: Workspace, stop: Stop) -> Toolchain:
        """Write the provider configuration of the run; raises TerraformError as `mirror.cli_config` does."""
        return cls(binary, mirror.cli_config(space.shared), space, stop)

    def environment(self, access: Access) -> dict[str, str]:
        """The environment of a Terraform process of this run."""
        config = {"TF_CLI_CONFIG_FILE": str(self.config)} if self.config else {}
        return {**self.space.target.environment(access=access), **config}

    def lock_file(self, terraform_block: Document) -> Path | None:
        """The dependency lock file for these providers, made once and shared; None when there are none.

        Raises TerraformError with Terraform's own words when the providers cannot be had.
        """
        required = providers(terraform_block)
        if not required:
            return None
        text = json.dumps({"terraform": {"required_providers": required}}, sort_keys=True)
        folder = self.space.shared / f"lock-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        lock = folder / LOCK_FILE
        if not lock.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "main.tf.json").write_text(text, encoding="utf-8")
            log = Log(self.space.log("providers"))
            session = Session(self, StackFolder(folder), log, lambda text: None)
            with process.exclusive(folder / "run.lock", stop=self.stop, on_wait=lambda: None) as hold:
                if hold is not None and not lock.is_file():
                    done = session.command(hold, "plan", "init", "-json")
                    if done.exit_code and not done.interrupted:
                        raise TerraformError(
                            f"The providers cannot be installed; log: {log.path}\n{done.failure().describe()}"
                        )
        return lock if lock.is_file() else None


@dataclass(frozen=True, slots=True)
class Session:
    """Commands in one folder. The caller holds the folder (`process.exclusive`) and passes the held file on."""

    tools: Toolchain
    folder: StackFolder
    log: Log
    tell: Tell

    def init(self, hold: BinaryIO, access: Access, terraform_block: Document, *arguments: str) -> Outcome:
        """`terraform init`, with the shared lock file copied in and read-only."""
        lock = self.tools.lock_file(terraform_block)
        self._init_marker.unlink(missing_ok=True)
        if lock:
            shutil.copyfile(lock, self.folder.path / LOCK_FILE)
        self.tell("init")
        options = [*arguments]
        if lock:
            options.append("-lockfile=readonly")
        if "-migrate-state" not in arguments:  # Terraform refuses the two together
            options.append("-json")
        done = self.command(hold, access, "init", *options)
        if done.exit_code == 0:
            self._init_marker.write_text(self._init_key(terraform_block, lock), encoding="utf-8")
        return done

    def ensure_init(self, hold: BinaryIO, access: Access, terraform_block: Document) -> Outcome | None:
        """`init`, unless nothing it depends on has changed since it last succeeded here; then None."""
        wanted = self._init_key(terraform_block, self.tools.lock_file(terraform_block))
        if self._init_marker.is_file() and self._init_marker.read_text(encoding="utf-8") == wanted:
            return None
        return self.init(hold, access, terraform_block)

    def command(self, hold: BinaryIO, access: Access, verb: str, *arguments: str) -> Outcome:
        """Run `terraform <verb> -no-color <arguments>` here and log what it says."""
        events = Events()

        def on_line(line: str) -> None:
            text = events.feed(line)
            self.log.write(text)
            self.tell(f"{verb} {events.step()} {text.splitlines()[0] if text else ''}")

        done = self._run(hold, access, (verb, "-no-color", *arguments), on_line)
        if done.exit_code and events.failure is None and done.stderr.strip():
            events.failure = Failure(
                address="", summary=f"terraform {verb} failed", detail=done.stderr.strip(), advice=advice(done.stderr)
            )
        return Outcome(done.exit_code, events, done.interrupted)

    def _run(
        self, hold: BinaryIO, access: Access, arguments: Sequence[str], on_line: Callable[[str], None]
    ) -> process.Finished:
        binary = self.tools.binary
        self.log.header(f"terraform {' '.join(arguments)} (version {binary.version}, access {access})")
        self.folder.private.mkdir(parents=True, exist_ok=True)
        done = process.run(
            [binary.path, *arguments],
            cwd=self.folder.path,
            env=self.tools.environment(access),
            scratch=self.folder.private,
            stop=self.tools.stop,
            on_line=on_line,
            hold=hold,
        )
        self.log.write(done.stderr)
        return done

    def pull_state(self, hold: BinaryIO) -> dict[str, Any]:
        """The state in the backend, empty when there is none; it is not logged. Raises TerraformError."""
        return self._secret(hold, "apply", "the state cannot be read", "state", "pull")

    def show_plan(self, hold: BinaryIO) -> None:
        """Put the saved plan, as people read it, into the log."""
        self.command(hold, "plan", "show", str(self.folder.plan))

    def read_plan(self, hold: BinaryIO, plan: Path) -> dict[str, Any]:
        """The plan in that file as Terraform's JSON, secrets included; it is not logged. Raises TerraformError."""
        return self._secret(hold, "plan", "the plan cannot be read", "show", "-json", str(plan))

    def _secret(self, hold: BinaryIO, access: Access, trouble: str, *arguments: str) -> dict[str, Any]:
        """The JSON that a command prints, which no file keeps; empty when it prints nothing."""
        lines: list[str] = []
        try:
            done = self._run(hold, access, arguments, lines.append)
        finally:
            process.forget_output(self.folder.private)
        text = "\n".join(lines).strip()
        if done.exit_code:
            raise TerraformError(f"{trouble}; log: {self.log.path}\n{done.stderr.strip()}")
        return dict(json.loads(text)) if text else {}

    @property
    def _init_marker(self) -> Path:
        return self.folder.path / ".terraform" / "mlgov-init"

    def _init_key(self, terraform_block: Document, lock: Path | None) -> str:
        config = self.tools.config
        parts = (
            json.dumps(terraform_block, sort_keys=True).encode(),
            lock.read_bytes() if lock else b"",
            config.read_bytes() if config else b"",
            self.tools.binary.version.encode(),
        )
        return hashlib.sha256(b"\0".join(parts)).hexdigest()
