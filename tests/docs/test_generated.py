"""What is generated of the documentation is current and whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from docs.site import hooks
from docs.site.__main__ import stale
from docs.site.contracts_page import contracts
from docs.site.decisions_page import text as decisions
from docs.site.upgrade_page import text as upgrade_notes
from environments import schema

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_generated_pages_are_current() -> None:
    """Settings, commands, contracts, stacks, decisions and upgrade notes are as the code says: else `make docs`."""
    assert stale(ROOT) == []


def test_settings_name_every_key() -> None:
    """Each key of each model of the YAML has a row with its default or that it is required."""
    models = json.loads(schema.text())["$defs"]
    sections = re.split(r"^## ", (REFERENCE / "settings.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    shown = sum(len(re.findall(r"^\| `", section, re.MULTILINE)) for section in sections)
    assert shown == sum(len(model["properties"]) for model in models.values() if "properties" in model)


def test_contracts_name_every_field_that_crosses_a_stack() -> None:
    """Each contract that a module declares has its section."""
    page = (REFERENCE / "contracts.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)", page, re.MULTILINE) == [contract.__name__ for contract in contracts(ROOT)]


def test_an_entry_without_plan_impact_is_refused(tmp_path: Path) -> None:
    """A change whose effect on plans nobody wrote down does not reach the upgrade notes in silence."""
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [1.0]\n- Something new.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Plan impact"):
        upgrade_notes(tmp_path)


def test_upgrade_notes_tell_what_plans_show(tmp_path: Path) -> None:
    """An entry with an impact stands under its release; one without any does not."""
    entries = "- Keys rotate (ADR 1). More. Plan impact: in-place\n  changes of `keys`.\n- A page. Plan impact: none.\n"
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## [1.0]\n\n### Added\n{entries}", encoding="utf-8")
    page = upgrade_notes(tmp_path)
    assert page.endswith("## 1.0\n\n- **Keys rotate (ADR 1).** In-place changes of `keys`.\n")


def test_a_decision_whose_number_is_not_that_of_its_file_is_refused(tmp_path: Path) -> None:
    """Numbers of decisions are how pages name them."""
    (tmp_path / "docs" / "adr").mkdir(parents=True)
    (tmp_path / "docs" / "adr" / "0007-x.md").write_text("# 8. X\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"0007-x\.md"):
        decisions(tmp_path)


def test_the_site_takes_every_page_and_what_it_links_to() -> None:
    """Pages of modules and the catalogue are pages of the site; repositories of their own are not."""
    pages = hooks.pages(ROOT)
    assert {"README.md", "CHANGELOG.md", "policies/CATALOG.md", "modules/foundations/network/README.md"} <= set(pages)
    assert not [page for page in pages if "templates" in page or "seeds" in page]
    assert "policies/limits.yaml" in set(hooks.links(ROOT, "README.md"))


def test_a_pattern_of_the_navigation_without_pages_is_refused() -> None:
    """A folder that was moved would else take its pages out of the navigation."""
    with pytest.raises(ValueError, match=r"no page is docs/none/\*\.md"):
        hooks.expanded([{"Guides": ["docs/none/*.md"]}], ["docs/tutorial.md"])


def test_the_navigation_holds_each_page_once() -> None:
    """A page that is named stands there alone, and not once more under its pattern."""
    pages = ["docs/a/one.md", "docs/a/two.md", "docs/a/b/three.md"]
    nav = hooks.expanded([{"First": "docs/a/two.md"}, {"All": ["docs/a/*.md"]}], pages)
    assert nav == [{"First": "docs/a/two.md"}, {"All": ["docs/a/one.md"]}]


def test_example_files_are_all_tried() -> None:
    """Each module's folder of examples holds the one that tests read, and the small organisation is complete."""
    assert {path.name for path in ROOT.glob("modules/*/examples/*")} == {"comprehensive.yaml"}
    for path in ROOT.glob("examples/small/**/*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
