"""A construct that is renamed keeps the state of all below it, in every stack of its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from environments.moves import KEPT_FOR_MINOR_RELEASES, MOVES, Move, moved_blocks
from environments.stacks.registry import STACK_CLASSES
from modules.core.errors import SynthError
from modules.core.logical_id import logical_id
from tests.support.organisations import ORGANISATIONS, ROOT, Synthesised, documents

Documents = Iterable[tuple[str, Mapping[str, Any]]]  # kind of stack, document


def document(*paths: str, type_: str = "aws_kms_key") -> dict[str, Any]:
    """A stack with a resource at each construct path, as cdktf writes it."""
    bodies = {logical_id(path.split("/")): {"//": {"metadata": {"path": f"fraud-dev-studio/{path}"}}} for path in paths}
    return {"resource": {type_: bodies}}


def test_names_in_state_are_those_that_cdktf_gives(synthesised: Synthesised) -> None:
    """Every resource of the small example: its construct path leads to the name that cdktf wrote."""
    told = {
        (body["//"]["metadata"]["path"], name)
        for _, found in documents(synthesised("minnow"))
        for named in found.get("resource", {}).values()
        for name, body in named.items()
    }
    assert len(told) > 2000
    assert [name for path, name in told if logical_id(path.split("/")[1:]) != name] == []


def test_names_in_state_follow_the_rules_that_no_stack_of_ours_needs() -> None:
    """`Default` counts for nothing, `Resource` for the hash alone, an id that repeats the one before is not shown."""
    assert logical_id(["a.b"]) == "ab"
    assert logical_id(["key", "Default"]) == "key"
    assert logical_id(["key", "Resource"]).startswith("key_")
    assert logical_id(["big-key", "key"]).startswith("big-key_")
    assert logical_id(["big-key", "key"]) != logical_id(["big-key", "Resource"])
    assert len(logical_id(["x" * 300, "y"])) == 240 + 1 + 8
    with pytest.raises(ValueError, match="other than Default"):
        logical_id(["Default"])


def test_all_below_a_construct_moves_with_it() -> None:
    """One move, a block for each resource below the path, and none for what only begins with the same letters."""
    found = document("studio/desk/key", "studio/desk/alias", "studio/desk-2/key")
    blocks = moved_blocks("studio", found, [Move("studio", "studio/domain", "studio/desk", "0.2.0")])
    assert blocks == [
        {
            "from": f"aws_kms_key.{logical_id(['studio', 'domain', name])}",
            "to": f"aws_kms_key.{logical_id(['studio', 'desk', name])}",
        }
        for name in ("alias", "key")
    ]


def test_a_single_resource_moves_by_its_whole_path() -> None:
    """The path of a move may be that of the resource itself; other kinds of stack are left alone."""
    move = Move("studio", "key", "studio/key", "0.2.0")
    assert moved_blocks("studio", document("studio/key"), [move]) == [
        {"from": "aws_kms_key.key", "to": f"aws_kms_key.{logical_id(['studio', 'key'])}"}
    ]
    assert moved_blocks("build", document("studio/key"), [move]) == []


def test_what_moved_twice_is_followed_back_to_its_first_address() -> None:
    """A state that missed a release in between is met at either step: Terraform follows the chain."""
    moves = [Move("studio", "a", "b", "0.2.0"), Move("studio", "b", "c", "0.3.0")]
    steps = {(block["from"], block["to"]) for block in moved_blocks("studio", document("c/key"), moves)}
    first, second, third = (f"aws_kms_key.{logical_id([name, 'key'])}" for name in "abc")
    assert steps == {(first, second), (second, third)}


def test_a_move_that_leaves_something_behind_is_refused() -> None:
    """With something still at the old path Terraform could not tell whose the state is: the address is named."""
    move = Move("studio", "studio/domain", "studio/desk", "0.2.0")
    left = document("studio/domain/key", "studio/desk/alias")
    with pytest.raises(SynthError, match=rf"leaves aws_kms_key\.{logical_id(['studio', 'domain', 'key'])} behind"):
        moved_blocks("studio", left, [move])


def faults(moves: Sequence[Move], release: str, found: Documents) -> Iterator[str]:
    """What is wrong with moves beside this release of mlgov and the stacks that it makes."""
    kept, stacks = tuple(found), set(STACK_CLASSES)
    for move in moves:
        of_kind = [stack for kind, stack in kept if kind == move.stack]
        if move.stack not in stacks:
            yield f"{move}: there is no kind of stack {move.stack}"
        elif not any(moved_blocks(move.stack, stack, [move]) for stack in of_kind):
            yield f"{move}: nothing stands at {move.new} in any stack of the examples"
        if _minor(move.since) > _minor(release):
            yield f"{move}: {move.since} is not released yet, {release} is"
        elif _minor(release) - _minor(move.since) >= KEPT_FOR_MINOR_RELEASES:
            yield f"{move}: made {KEPT_FOR_MINOR_RELEASES} minor releases ago: remove it"


def _minor(release: str) -> int:
    """How many minor releases there were up to this one; a major release is far from all before it."""
    major, minor, _ = (int(part) for part in release.split("."))
    return 1000 * major + minor


@pytest.mark.e2e
def test_every_move_has_a_target_and_is_not_older_than_it_must_be(synthesised: Synthesised) -> None:
    """The moves that mlgov carries: each meets something in the examples, and goes after three minor releases."""
    release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    found = [(entry.stack, stack) for name in ORGANISATIONS for entry, stack in documents(synthesised(name)) if MOVES]
    assert list(faults(MOVES, release, found)) == []


@pytest.mark.parametrize(
    ("move", "told"),
    [
        (Move("studio", "a", "b", "0.4.0"), None),
        (Move("studioo", "a", "b", "0.4.0"), "no kind of stack studioo"),
        (Move("studio", "a", "nowhere", "0.4.0"), "nothing stands at nowhere"),
        (Move("studio", "a", "b", "0.2.0"), "made 3 minor releases ago: remove it"),
        (Move("studio", "a", "b", "0.6.0"), "0.6.0 is not released yet"),
    ],
)
def test_a_move_that_does_nothing_is_told(move: Move, told: str | None) -> None:
    """Unknown stacks, absent targets, moves that are due to go: each is a fault in words."""
    found = list(faults([move], "0.5.1", [("studio", document("b/key"))]))
    assert len(found) == (told is not None)
    assert told is None or told in found[0]
