"""What is known of drift: `.mlgov/<organisation>/<target>/last-drift.json`, read by the report and by the next run."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from delivery.review.model import SEVERITIES, AttributeChange, Reason, Severity
from delivery.run_result import Failure, write_atomically
from environments.vocabulary import Tier
from modules.core.errors import TerraformError
from modules.core.settings import Strict
from policies.errors import reasons

Kind = Literal[
    "drift",  # the world was changed, or what the stack reads: the next apply would put it back
    "noted",  # the world was changed where the configuration says nothing: the next apply takes it as it is
    "ahead",  # the configuration is ahead of the world: not applied yet
]
State = Literal[
    "in-sync",
    "drifted",
    "ahead",
    "failed",  # it could not be planned: nothing new is known of it
    "gone",  # it is not a stack of this synthesis any more
]


class Difference(Strict):
    """One resource that is not as its stack says. `since` (UTC, ISO 8601) is the run that saw it first.

    `actions` are what happened to it in the world (`drift`, `noted`), or what an apply would do to it (`ahead`, and
    `drift` of what a stack reads). `attributes` are the first that differ, from what was applied to what is there
    (`ahead`: to what will be), without values that Terraform calls sensitive; `more_attributes` how many others do.
    `severity` and `reasons` are those of the review, which judges what happened as if a plan had done it.
    """

    address: str
    type: str
    kind: Kind
    actions: tuple[str, ...]
    attributes: tuple[AttributeChange, ...] = ()
    more_attributes: int = 0
    arn: str = ""
    severity: Severity = "none"
    reasons: tuple[Reason, ...] = ()
    since: str = ""

    @property
    def counts(self) -> bool:
        """Whether somebody has to act on it: an apply would put it back, or it is bad though none does."""
        return self.kind == "drift" or (
            self.kind == "noted" and SEVERITIES.index(self.severity) >= SEVERITIES.index("high")
        )


class StackDrift(Strict):
    """One stack, as the plan of `checked` (UTC, ISO 8601; empty when none has succeeded yet) saw it.

    `applied` is when the working folder's last apply of it ended well, empty when there is no record; `of_these_bytes`
    says that it applied what is planned now. `ended` are what somebody had to act on after the run before, and has not
    any more. After a failure, differences are those of the last good plan.
    """

    id: str
    account: str
    environment: str
    region: str
    tier: Tier
    owner: str
    state: State
    checked: str
    applied: str = ""
    of_these_bytes: bool = False
    differences: tuple[Difference, ...] = ()
    ended: tuple[Difference, ...] = ()
    failure: Failure | None = None
    log: str = ""

    @property
    def acted_on(self) -> tuple[Difference, ...]:
        """The differences that somebody has to act on."""
        return tuple(each for each in self.differences if each.counts)


class DriftResult(Strict):
    """What is known after a run. `planned` are the stacks that it planned, or tried to; of the others it repeats what
    was known before, so that a run over some stacks forgets nothing of the rest."""

    version: Literal[1] = 1
    organization: str
    partition: str
    home_region: str
    target: Literal["aws", "emulated"]
    started: str
    seconds: float
    planned: tuple[str, ...]
    stacks: tuple[StackDrift, ...]

    @property
    def of_this_run(self) -> tuple[StackDrift, ...]:
        """The stacks that the run planned, or tried to."""
        wanted = frozenset(self.planned)
        return tuple(stack for stack in self.stacks if stack.id in wanted)

    @property
    def exit_code(self) -> int:
        """0, or 4 when a stack of this run has drifted or could not be planned."""
        return 4 if any(stack.state in ("drifted", "failed") for stack in self.of_this_run) else 0

    def write(self, path: Path) -> None:
        """Write as JSON, atomically."""
        write_atomically(path, self.model_dump_json(indent=2) + "\n")

    @classmethod
    def read(cls, path: Path) -> DriftResult | None:
        """What `write` wrote, None when nothing did. Raises TerraformError when it cannot be read."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TerraformError(f"{path} cannot be read ({error.strerror})") from error
        except ValidationError as error:
            told = "; ".join(reasons(error))
            raise TerraformError(f"{path}: not a result of drift of this version ({told}); delete it") from error
