"""What an unfinished `apply` has done, so that the next one does not do it again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from delivery.run_result import write_atomically
from modules.core.errors import TerraformError
from modules.core.settings import Strict


class Step(Strict):
    """A stack's last attempt. `applied_at` and `changed_at` are times on the run's own clock, from 1; 0 is never.

    `sha256` is that of the last success; `unfinished` says that an attempt began after it and has not succeeded.
    """

    sha256: str = ""
    applied_at: int = 0
    changed_at: int = 0
    unfinished: bool = False


class _File(Strict):
    select: str | None
    clock: int
    steps: dict[str, Step]


class Progress:
    """The resume marker, `progress.json`: it exists exactly while an apply has begun and not ended well.

    It belongs to one selection of stacks: an apply with another `--stack` starts anew. Starting anew is always
    safe, it only plans more. Thread-safe; each change is on disk before the method returns.
    """

    def __init__(self, path: Path, *, select: str | None) -> None:
        self._path, self._mutex = path, threading.Lock()
        found = self._read()
        self._file = found if found and found.select == select else _File(select=select, clock=0, steps={})

    def done(self, stack_id: str, sha256: str, dependencies: Iterable[str]) -> bool:
        """Whether these bytes were applied and no stack they depend on has been touched with changes since."""
        with self._mutex:
            step = self._step(stack_id)
            newest = max((self._step(dep).changed_at for dep in dependencies), default=0)
            return not step.unfinished and step.sha256 == sha256 and step.applied_at > newest

    def begin(self, stack_id: str) -> None:
        """Note that an attempt starts. One that began earlier and never finished may have changed something."""
        with self._mutex:
            step = self._step(stack_id)
            changed_at = self._file.clock + 1 if step.unfinished else step.changed_at
            self._put(stack_id, step.model_copy(update={"unfinished": True, "changed_at": changed_at}))

    def finish(self, stack_id: str, *, sha256: str, changed: bool) -> None:
        """Note that the attempt succeeded with these bytes."""
        with self._mutex:
            now, step = self._file.clock + 1, self._step(stack_id)
            changed_at = now if changed else step.changed_at
            self._put(stack_id, Step(sha256=sha256, applied_at=now, changed_at=changed_at))

    def clear(self) -> None:
        """The run has ended well: the next apply plans every stack again."""
        self._path.unlink(missing_ok=True)

    def _step(self, stack_id: str) -> Step:
        return self._file.steps.get(stack_id, Step())

    def _put(self, stack_id: str, step: Step) -> None:
        steps = {**self._file.steps, stack_id: step}
        self._file = self._file.model_copy(update={"clock": self._file.clock + 1, "steps": steps})
        write_atomically(self._path, self._file.model_dump_json(indent=2) + "\n")

    def _read(self) -> _File | None:
        try:
            return _File.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise TerraformError(f"{self._path}: not a resume marker; delete it to start anew ({error})") from error
