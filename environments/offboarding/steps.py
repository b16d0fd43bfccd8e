"""The plan of leaving, as data: the stages to come, each with its edit and what it does to stacks. No cdktf here."""

from __future__ import annotations

from typing import Literal

from environments.vocabulary import Offboarding
from modules.core.settings import Strict

Kind = Literal["team", "domain"]
# What follows on `closed`: the file itself goes.
Stage = Literal[Offboarding, "deleted"]


class Edit(Strict):
    """The one change of a file that a stage takes. `line` counts from 1; an added line stands there afterwards."""

    file: str
    line: int
    action: Literal["add", "replace", "delete file"]
    text: str


class StackChange(Strict):
    """What a stage does to one stack, by address.

    `left` means that the stack is no longer synthesised: what it made is `untouched`, and ends with its account.
    `forgotten` resources stay in AWS and leave the state.
    """

    stack: str
    change: Literal["appears", "changes", "emptied", "left"]
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    destroyed: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()


class Step(Strict):
    """One stage. `first` holds what must be put right before it, as `file:line path message`; then it has no stacks."""

    stage: Stage
    edit: Edit
    first: tuple[str, ...] = ()
    stacks: tuple[StackChange, ...] = ()
    by_hand: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class LeavingPlan(Strict):
    """How a team or data domain leaves. `own` are the accounts made for it, `used` those it uses and leaves behind."""

    organization: str
    kind: Kind
    name: str
    stage: Offboarding | None
    own: tuple[str, ...]
    used: tuple[str, ...]
    steps: tuple[Step, ...]
