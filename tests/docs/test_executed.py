"""What the documentation shows is run: commands, examples of YAML, Python. Where, says tests/docs/world.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.site.hooks import pages
from environments.load import load
from tests.docs.world import World
from tests.support.blocks import Block, blocks
from tests.support.organisations import ROOT, Synthesised

pytestmark = pytest.mark.e2e
PAGES = {page: blocks(ROOT, page) for page in pages(ROOT) if page != "docs/tutorial.md"}  # tests/e2e/test_tutorial.py
FOLDERS = ("environments", "examples/small")
Worlds = Callable[[str], World]


def _of(*languages: str) -> list[str]:
    return [page for page, found in PAGES.items() if any(block.language in languages for block in found)]


@pytest.fixture(scope="module", name="world")
def _world(tmp_path_factory: pytest.TempPathFactory, synthesised: Synthesised) -> Worlds:
    made: dict[str, World] = {}

    def world(organisation: str) -> World:
        if organisation not in made:
            root = tmp_path_factory.mktemp("world") / organisation
            made[organisation] = World(root, organisation, synthesised(organisation))
        return made[organisation]

    return world


@pytest.mark.parametrize("page", _of("console"))
def test_commands_of_a_page_do_what_it_says(page: str, world: Worlds) -> None:
    """Each command ends well and prints what the page shows, one after the other as a reader runs them."""
    run = [block for block in PAGES[page] if block.language == "console"]
    for block in run:
        for command in block.commands():
            if next(command.programs())[0] == "make":  # a target is another job of CI; that it exists is a unit test
                continue
            try:
                world(block.organisation).run(command)
            except AssertionError as error:
                raise AssertionError(f"{block}: {error}") from None
    for organisation in {block.organisation for block in run}:
        world(organisation).reset()


def _named(block: Block) -> str | None:
    """The file of an organisation that the first line of the block names."""
    name = block.lines[0].removeprefix("# ").split()[0] if block.lines[0].startswith("# ") else ""
    return name if name.startswith(FOLDERS) and name.endswith(".yaml") else None


EXAMPLES = [block for found in PAGES.values() for block in found if block.language == "yaml" and _named(block)]


@pytest.mark.parametrize("block", EXAMPLES, ids=str)
def test_examples_of_yaml_are_valid_in_the_organisation(block: Block, tmp_path: Path) -> None:
    """An example put into the file that it names is accepted, with all rules across files."""
    name = _named(block)
    assert name
    folder = next(folder for folder in FOLDERS if name.startswith(folder))
    shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = tmp_path / name
    there = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(yaml.safe_dump(_merged(there, yaml.safe_load(block.text))), encoding="utf-8")
    load(tmp_path / folder)


def _merged(there: Any, shown: Any) -> Any:
    if isinstance(there, dict) and isinstance(shown, dict):
        return {**there, **{key: _merged(there.get(key), value) for key, value in shown.items()}}
    return shown


@pytest.mark.parametrize("page", _of("python"))
def test_python_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is executed as it stands there."""
    monkeypatch.chdir(tmp_path)
    for block in PAGES[page]:
        if block.language == "python":
            exec(compile("\n" * block.number + block.text, block.page, "exec"), {"__name__": "example"})
