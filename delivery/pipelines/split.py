"""The affected stacks, cut into the jobs of a pipeline.

Two kinds of stacks are apart (ADR 5). The bootstrap stack has no role that CI could take, so an administrator applies
it. An `access` stack is entered by a role that only `ci-apply` may assume, so it is planned where it is applied.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from delivery.affected.model import Matrix, MatrixRow
from delivery.run_result import RunResult
from delivery.terraform import BOOTSTRAP
from environments.manifest import Manifest
from environments.selection import SEPARATOR
from environments.vocabulary import TIERS, Tier
from modules.core.errors import ConfigError
from policies.errors import reasons

ACCESS = "access"


def read(path: Path) -> Matrix:
    """What `mlgov affected --format matrix` wrote; raises ConfigError when the file cannot be read or is another."""
    try:
        return Matrix.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): name what `mlgov affected` wrote") from error
    except ValidationError as error:
        told = "; ".join(reasons(error))
        raise ConfigError(f"{path} is not what `mlgov affected --format matrix` prints: {told}") from error


@dataclass(frozen=True, slots=True)
class PlanJob:
    """A job of a pull request: stacks (ids, separated by commas) of one wave that are planned together.

    `waits`: what they read is changed by the same pull request, so that their plan may fail until that is applied.
    """

    name: str
    stacks: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ApplyJob:
    """Stacks of one wave and tier that are applied together. `planned`: a job without approval has planned them."""

    name: str
    tier: Tier
    stacks: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave: the stacks that are planned before anybody approves, and the jobs that apply."""

    planned: str
    jobs: tuple[ApplyJob, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The jobs of both pipelines. `by_hand` are stacks that an administrator has to apply."""

    plans: tuple[PlanJob, ...]
    waves: tuple[Wave, ...]
    by_hand: tuple[str, ...]

    @classmethod
    def of(cls, affected: Matrix, manifest: Manifest, most: int) -> Split:
        """`most` is the number of waves that the pipelines have.

        Raises ConfigError when there are more, or when a stack has gone that was not retired, ManifestError for a stack
        that is not in the manifest.
        """
        if affected.orphaned:
            raise ConfigError(
                f"{_joined(affected.orphaned)}: no folder in live/, and never retired, so what they made would run on "
                "unseen: get live/ back (git checkout), then run `mlgov synth --live`, which retires them"
            )
        if len(affected.waves) > most:
            raise ConfigError(f"the pipelines have {most} waves, and {len(affected.waves)} are needed: run `mlgov ci`")
        kinds = {each.stack: manifest.stack(each.stack).stack for wave in affected.waves for each in wave}
        by_hand = tuple(stack for stack in kinds if kinds[stack] == BOOTSTRAP)
        plans: list[PlanJob] = []
        waves: list[Wave] = []
        for number, stacks in enumerate(affected.waves, 1):
            here = [each for each in stacks if kinds[each.stack] != BOOTSTRAP]
            own = [each.stack for each in here if each.stack in affected.changed and kinds[each.stack] != ACCESS]
            waiting = {stack for stack in own if set(manifest.stack(stack).depends_on) & kinds.keys()}
            for waits in (False, True):
                chosen = [stack for stack in own if (stack in waiting) == waits]
                if chosen:
                    plans.append(PlanJob(f"wave {number}{', inputs change' * waits}", _joined(chosen), waits))
            waves.append(_wave(here, {stack for stack in kinds if kinds[stack] == ACCESS}))
        return cls(tuple(plans), tuple(waves), by_hand)

    def outputs(self, most: int) -> str:
        """`name=value` lines as GitHub's runners read them as the outputs of a step; each of `most` waves is there."""
        none: Sequence[Wave] = [Wave("", ())] * (most - len(self.waves))
        values = {
            "plans": [asdict(job) for job in self.plans],
            "waves": [asdict(wave) for wave in (*self.waves, *none)],
            "by_hand": list(self.by_hand),
        }
        return "".join(f"{name}={json.dumps(value)}\n" for name, value in values.items())


def plannable(manifest: Manifest) -> str:
    """The stacks that the plan role can plan: ids, separated by commas."""
    return _joined(entry.id for entry in manifest.stacks if entry.stack not in (BOOTSTRAP, ACCESS))


def changing(jobs: str, last_plan: Callable[[], RunResult]) -> list[ApplyJob]:
    """Of the jobs of a wave, in JSON, those that change something: the others need no approval.

    `last_plan` is asked when a job was planned. Raises ConfigError when `jobs` is not what `Split.outputs` writes.
    """
    try:
        given = [ApplyJob(**job) for job in json.loads(jobs)]
    except (ValueError, TypeError) as error:
        raise ConfigError(f"the jobs of the wave are not as `mlgov ci --affected` writes them: {error}") from error
    planned = {stack.id for stack in last_plan().drifted} if any(job.planned for job in given) else set()
    found = []
    for job in given:
        stacks = [stack for stack in job.stacks.split(SEPARATOR) if not job.planned or stack in planned]
        if stacks:
            found.append(replace(job, stacks=_joined(stacks)))
    return found


def _wave(stacks: Sequence[MatrixRow], access: Collection[str]) -> Wave:
    jobs = []
    for tier in TIERS:
        for planned in (False, True):
            chosen = [each.stack for each in stacks if each.tier == tier and (each.stack not in access) == planned]
            if chosen:
                name = tier if planned else f"{tier} access"
                jobs.append(ApplyJob(name, tier, _joined(chosen), planned))
    return Wave(_joined(each.stack for each in stacks if each.stack not in access), tuple(jobs))


def _joined(stacks: Iterable[str]) -> str:
    return SEPARATOR.join(stacks)
