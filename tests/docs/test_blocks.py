"""Every page and block of the documentation is well formed, and names commands that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

import main
from docs.site.hooks import pages
from tests.support.blocks import LANGUAGES, Block, Command, blocks

ROOT = Path(__file__).parents[2]
PAGES = pages(ROOT)
TARGETS = frozenset(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
VERBS = {verb.__name__.rpartition(".")[2] for verb in main.VERBS}


@pytest.fixture(scope="module", name="all_blocks")
def _all_blocks() -> list[Block]:
    return [block for page in PAGES for block in blocks(ROOT, page)]


def test_every_block_says_its_language(all_blocks: list[Block]) -> None:
    """A block without a language, or of another than the tests know, would be shown and never tried."""
    assert [f"{block}: {block.language!r}" for block in all_blocks if block.language not in LANGUAGES] == []


def test_what_is_not_run_says_why(all_blocks: list[Block]) -> None:
    """`sh` is what cannot run here: each has a reason. Every other block is run or read, so it has none."""
    wrong = [str(block) for block in all_blocks if (block.language == "sh") != (block.not_run is not None)]
    assert wrong == [], "`<!-- not run: REASON -->` stands before `sh`, and before nothing else"


def test_every_command_of_a_block_exists(all_blocks: list[Block]) -> None:
    """What pages show of `mlgov` and `make` is taken by the command line and the Makefile, option by option."""
    shown = [block for block in all_blocks if block.language in ("console", "sh")]
    found = [f"{block}: {fault}" for block in shown for each in block.commands() for fault in each.faults(TARGETS)]
    assert found == []
    assert len(shown) > 20


def test_every_verb_in_the_text_exists() -> None:
    """`mlgov VERB` within a sentence is a verb."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        named = set(re.findall(r"`mlgov ([a-z][a-z-]*)", text))
        assert named <= VERBS, f"{page}: {named - VERBS}"


def test_blocks_of_data_can_be_read(all_blocks: list[Block]) -> None:
    """JSON and YAML parse."""
    for block in all_blocks:
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            assert list(yaml.safe_load_all(block.text)), block


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("mlgov plan --no-such-option", "mlgov has no such command: mlgov plan --no-such-option"),
        ("mlgov synthesise", "mlgov has no such command: mlgov synthesise"),
        ("(cd live && mlgov gate --outt x)", "mlgov has no such command: mlgov gate --outt x"),
        ("make nothing", "make has no target nothing"),
    ],
)
def test_a_command_that_there_is_not_is_told(line: str, fault: str) -> None:
    """A verb, an option or a target that does not exist is a fault, also within a line of a shell."""
    assert list(Command(line).faults(TARGETS)) == [fault]


def test_a_block_is_read_with_its_marks_and_output(tmp_path: Path) -> None:
    """Marks hold for the next block alone; `$ ` makes the other lines output; a backslash continues a line."""
    output = "```console\n$ mlgov cost \\\n    --by price\na\n...\nb\n```\n"
    text = f"<!-- organisation: acme -->\n{output}\n```console\nls # x\n```\n"
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    first, second = blocks(tmp_path, "page.md")
    assert (first.organisation, second.organisation) == ("acme", "minnow")
    assert first.commands() == [Command("mlgov cost --by price", ("a", "b"))]
    assert first.commands()[0].arguments == ["cost", "--by", "price"]
    assert Command("mlgov cost > costs.txt").arguments is None
    assert second.commands() == [Command("ls # x")]
    assert list(second.commands()[0].programs()) == [["ls"]]


def test_a_block_that_does_not_end_is_refused(tmp_path: Path) -> None:
    """What would swallow the rest of a page is an error with its line."""
    (tmp_path / "page.md").write_text("text\n```yaml\na: 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md:2: this block does not end"):
        blocks(tmp_path, "page.md")
