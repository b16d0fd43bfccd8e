"""What `mlgov gate` writes of the reference organisation: each format by its validator, and all of them alike."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from main import main
from policies.report import markdown, markdown_text, oscal
from policies.verdict import Verdict
from tests.policies.outputs import test_csv, test_junit, test_oscal, test_sarif
from tests.policies.outputs.test_markdown import OURS, Page
from tests.support.organisations import Synthesised

pytestmark = pytest.mark.e2e  # judges many stacks

# The folder of results, and the bytes in it after a first run and after one with the first as its baseline.
Runs = tuple[Path, dict[str, bytes], dict[str, bytes]]
LINKS = "https://code.example/team/repo/blob/0a1b2c"


@pytest.fixture(scope="module", name="runs")
def _runs(synthesised: Synthesised, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Both runs of the gate, as a user would start them."""
    work = tmp_path_factory.mktemp("formats")
    folder = work / "acme" / "gate"
    given = ["gate", "--out", str(synthesised("acme")), "--work", str(work), "--oscal"]
    assert main(given) == 0
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    more = ["--baseline", str(folder), "--links", LINKS, "--summary", str(work / "comment" / "pull-request.md")]
    assert main([*given, *more]) == 0
    return folder, first, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_format_is_valid(runs: Runs) -> None:
    """SARIF by OASIS's schema, JUnit by its form, CSV by a strict reader, Markdown by GitHub's, OSCAL by trestle."""
    folder, _, _ = runs
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert list(test_sarif.validator().iter_errors(json.loads(texts["results.sarif"]))) == []
    assert test_junit.faults_of_form(texts["junit.xml"]) == []
    assert len(texts[markdown.FILE_NAME].encode()) < markdown_text.LIMIT
    assert Page(texts[markdown.FILE_NAME]).tags <= OURS
    assert test_oscal.faults_of_form(texts) == []
    assert len(test_csv.rows(Verdict.read(folder))) > 1_000


def test_every_format_tells_the_same(runs: Runs) -> None:
    """The numbers of passed, waived and unjudged findings are the verdict's, however they are counted."""
    folder, files, _ = runs
    counts = Verdict.read(folder).counts
    assert counts.waived
    (run,) = json.loads(files["results.sarif"])["runs"]
    assert sum("suppressions" in result for result in run["results"]) == len(run["results"]) == counts.waived
    root = Xml.fromstring(files["junit.xml"])
    assert sum(int(suite.get("skipped", "")) for suite in root) == counts.waived
    assert sum(int(suite.get("tests", "")) for suite in root) == counts.passed + counts.waived
    rows = Counter(row["outcome"] for row in test_csv.rows(Verdict.read(folder)))
    assert rows == {"passed": counts.passed, "waived": counts.waived, "unjudged": counts.unjudged}
    assert f"| 0 | {counts.waived} | {counts.passed} | 0 |" in files[markdown.FILE_NAME].decode()
    (result,) = json.loads(files[oscal.ASSESSMENT_RESULTS])["assessment-results"]["results"]
    assert sum(len(one["subjects"]) for one in result["observations"]) == sum(rows.values())


def test_a_second_run_writes_the_same_bytes(runs: Runs) -> None:
    """All but the summary, which now counts what is new since the first, and stands where it was asked for, too."""
    folder, first, second = runs
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == [markdown.FILE_NAME]
    assert b"| not met | new | waived |" in second[markdown.FILE_NAME]
    assert (folder.parents[1] / "comment" / "pull-request.md").read_bytes() == second[markdown.FILE_NAME]


def test_oscal_of_an_earlier_run_does_not_stay(runs: Runs, synthesised: Synthesised, tmp_path: Path) -> None:
    """A gate that is not asked for OSCAL takes away what it would contradict."""
    folder, first, _ = runs
    shutil.copytree(folder.parents[1], tmp_path / "work")
    assert main(["gate", "--out", str(synthesised("acme")), "--work", str(tmp_path / "work")]) == 0
    left = {path.name for path in (tmp_path / "work" / "acme" / "gate").iterdir()}
    assert left == first.keys() - {*oscal.FILE_NAMES}
