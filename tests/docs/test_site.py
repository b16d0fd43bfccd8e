"""The documentation site builds strictly: every page is in the navigation, every link and anchor leads somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site import hooks

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def build(configuration: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a repository."""
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(configuration), "--site-dir", str(site)]
    return subprocess.run(command, cwd=configuration.parent, capture_output=True, text=True, check=False)


def test_the_site_builds_strictly_and_asks_no_other_host(tmp_path: Path) -> None:
    """Each page of the repository is a page of the site, and none takes a script, style or picture from elsewhere."""
    done = build(ROOT / "mkdocs.yml", tmp_path)
    assert done.returncode == 0, done.stderr
    for page in hooks.pages(ROOT):
        made = (tmp_path / page).with_suffix(".html")
        made = made.with_name("index.html") if made.name == "README.html" else made
        assert made.is_file(), page
        fetched = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"?(https?:[^\s>\"]+)", made.read_text("utf-8")
        )
        assert fetched == [], page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[gone](docs/gone.md)", "'docs/gone.md', but the target is not found"),
        ("[gone](docs/there.md#gone)", "does not contain an anchor '#gone'"),
        ("[gone](policies/gone.py)", "'policies/gone.py', but the target is not found"),
        ("[gone](gone/)", "gone/"),
    ],
)
def test_a_link_that_leads_nowhere_fails_the_build(text: str, told: str, tmp_path: Path) -> None:
    """A page, an anchor, a source file and a folder that there are not."""
    shutil.copytree(ROOT / "docs" / "site", tmp_path / "docs" / "site")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    nav = "\nnav: [README.md, docs/there.md]\n"
    (tmp_path / "mkdocs.yml").write_text(settings.replace("name: material", "name: mkdocs") + nav, encoding="utf-8")
    (tmp_path / "docs" / "there.md").write_text("# There\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(f"# Start\n\n{text}\n", encoding="utf-8")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert told in done.stderr, done.stderr


def test_a_page_that_is_in_no_navigation_fails_the_build(tmp_path: Path) -> None:
    """Nobody would find it."""
    shutil.copytree(ROOT / "docs" / "site", tmp_path / "docs" / "site")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    (tmp_path / "mkdocs.yml").write_text(settings + "\nnav: [README.md]\n", encoding="utf-8")
    (tmp_path / "docs" / "lost.md").write_text("# Lost\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("# Start\n", encoding="utf-8")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert "docs/lost.md" in done.stderr
