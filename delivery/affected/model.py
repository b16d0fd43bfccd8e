"""What `mlgov affected` tells, and the matrix by which pipelines plan and apply it. Other tools read both forms."""

from __future__ import annotations

from typing import Literal

from environments.manifest import StackEntry
from environments.vocabulary import Tier
from modules.core.settings import Strict

# `retired`: left the YAML, and its folder in live/ takes down what it made (ADR 40). `removed`: it is in no folder any
# more, having been retired, or closed with its account; `orphaned` had not been: what it made would run on unseen.
# `downstream`: its own bytes are the same, but what it reads of other stacks may change.
Kind = Literal["changed", "added", "retired", "removed", "orphaned", "downstream"]


class AffectedStack(Strict):
    """One stack and why it is affected. `path` is its folder below the committed output, `wave` counts from 0.

    A wave needs nothing but the waves before it. Of a stack that is removed all is told as it was at the base.
    """

    stack: str
    kind: Kind
    why: str
    wave: int
    path: str
    account: str
    environment: str
    region: str
    tier: Tier
    owner: str

    @classmethod
    def of(cls, entry: StackEntry, kind: Kind, why: str, wave: int) -> AffectedStack:
        """What is told of the stack of a manifest."""
        return cls(
            stack=entry.id,
            kind=kind,
            why=why,
            wave=wave,
            path=entry.folder,
            account=entry.account,
            environment=entry.environment,
            region=entry.region,
            tier=entry.tier,
            owner=entry.owner,
        )


class MatrixRow(Strict):
    """One job of a pipeline: the stack to plan and apply."""

    stack: str
    path: str
    account: str
    environment: str
    tier: Tier
    owner: str
    region: str
    why: str


class Matrix(Strict):
    """What a pipeline runs: wave by wave, the stacks of a wave side by side; waves without a stack are left out.

    `any` says whether there is something to run. `changed` are the ids of stacks whose own bytes differ or are new,
    `removed` and `orphaned` of those that are in no folder any more, so that no job can plan them.
    """

    waves: tuple[tuple[MatrixRow, ...], ...]
    any: bool
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    orphaned: tuple[str, ...] = ()


class Affected(Strict):
    """The stacks that differ between the commit `base` and the working tree, by wave and id."""

    version: Literal[1] = 1
    base: str
    stacks: tuple[AffectedStack, ...]

    def of(self, *kinds: Kind) -> tuple[AffectedStack, ...]:
        """Those of these kinds."""
        return tuple(stack for stack in self.stacks if stack.kind in kinds)

    def matrix(self) -> Matrix:
        """The same for a pipeline."""
        there = [stack for stack in self.stacks if stack.kind not in ("removed", "orphaned")]
        waves = sorted({stack.wave for stack in there})
        fields = MatrixRow.model_fields
        return Matrix(
            waves=tuple(
                tuple(MatrixRow(**stack.model_dump(include=set(fields))) for stack in there if stack.wave == wave)
                for wave in waves
            ),
            any=bool(there),
            changed=tuple(stack.stack for stack in self.of("changed", "added", "retired")),
            removed=tuple(stack.stack for stack in self.of("removed")),
            orphaned=tuple(stack.stack for stack in self.of("orphaned")),
        )
