"""One stack of an organisation: what kind, where it stands, and what it needs. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from environments.model import Account
from modules.core.contract import Contract


@dataclass(frozen=True, slots=True)
class Node:
    """One stack: its kind in its module, its account and region, and the producer of each contract it consumes.

    `subject` is the team or data domain that the stack is for, where an account may have the stack for several.
    `gathers` are contracts that several stacks publish, each with all of its producers, sorted. `after` are stacks
    that must be applied before, though no value of theirs is read. `dismantled` says that the stack is empty: applying
    it takes down what it had made.
    """

    stack: str
    module: str
    account: Account
    region: str
    id: str
    subject: str | None = None
    consumes: Mapping[type[Contract], str] = field(default_factory=dict)
    gathers: Mapping[type[Contract], tuple[str, ...]] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    dismantled: bool = False

    @property
    def called(self) -> str:
        """The stack's name within its account and region: its kind, and whom it is for."""
        return f"{self.stack}-{self.subject}" if self.subject else self.stack

    @property
    def producers(self) -> tuple[str, ...]:
        """Ids of the stacks that must be applied before this one, sorted."""
        gathered = (stack_id for producers in self.gathers.values() for stack_id in producers)
        return tuple(sorted({*self.consumes.values(), *gathered, *self.after}))
