"""What went wrong, where, and what to do: the errors that a user of mlgov may see.

Each class carries the exit code of the command that raises it (see the README's table):
2 configuration, 4 Terraform, 5 internal. The policy gate's error (3) lives in `policies.errors`,
because `policies` imports nothing of ours but its own package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MlgovError(Exception):
    """Base of every error that is told to the user as a sentence instead of a traceback."""

    exit_code = 5


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of the configuration: `file:line path message`, as an editor can jump to it."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return " ".join(part for part in (where, self.path, self.message) if part)


class ConfigError(MlgovError):
    """The YAML, or an option of the command line, is not what it must be. Holds every problem found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems = (Problem("", 0, "", problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ContractError(MlgovError):
    """A stack reads what no stack publishes, or publishes something other than its contract."""

    exit_code = 2


class HandshakeError(MlgovError):
    """A way from one account to another lacks one of its sides; the message names the way, the side and the stack."""

    exit_code = 2


class SynthError(MlgovError):
    """The constructs produced something that Terraform would misread, such as two resources with one address."""

    exit_code = 5


class TerraformError(MlgovError):
    """Terraform is missing, or a run of it failed; the message names the stack and its log file."""

    exit_code = 4
