"""What README and examples show is what the code does."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
import yaml

import main
from modules.data_lake.settings import DataLakeSettings
from modules.feature_store.settings import FeatureStoreSettings
from modules.foundations.settings import FoundationsSettings
from modules.ml_platform.settings import MlPlatformSettings
from modules.ml_use_case.settings import MlUseCaseSettings
from modules.observability.settings import ObservabilitySettings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {
    "data_lake": DataLakeSettings,
    "feature_store": FeatureStoreSettings,
    "foundations": FoundationsSettings,
    "ml_platform": MlPlatformSettings,
    "ml_use_case": MlUseCaseSettings,
    "observability": ObservabilitySettings,
}
VERBS = {verb.__name__.rpartition(".")[2] for verb in main.VERBS}


def test_every_verb_of_the_readme_exists() -> None:
    """Each `mlgov VERB` in README is a verb of the command, and each verb is in README."""
    shown = set(re.findall(r"\bmlgov (\w+)", README)) & VERBS | set(re.findall(r"`(plan|apply|destroy)`", README))
    assert shown == VERBS
    for verb in VERBS:
        with pytest.raises(SystemExit) as ended:
            main.parser().parse_args([verb, "--help"])
        assert ended.value.code == 0


def test_the_team_file_of_the_readme_is_the_one_that_is_shipped() -> None:
    """README's example of a team equals the reference organisation's, comments aside."""
    (shown,) = re.findall(r"```yaml\n# environments/teams/fraud.yaml\n(team: .*?)```", README, re.DOTALL)
    shipped = (ROOT / "environments" / "teams" / "fraud.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(shown) == yaml.safe_load(shipped)


def test_links_of_the_documents_lead_somewhere() -> None:
    """Every relative link of a Markdown file is a file of the repository."""
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("modules/*/README.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


@pytest.mark.parametrize(
    ("module", "prefix", "last"),
    [
        ("cost_reporting", "CO", 11),
        ("data_lake", "DL", 17),
        ("feature_store", "FS", 10),
        ("ml_operations", "OP", 13),
        ("ml_platform", "PS", 21),
        ("ml_use_case", "UC", 13),
        ("observability", "LO", 13),
    ],
)
def test_every_capability_names_a_test_that_there_is_or_is_not_built(module: str, prefix: str, last: int) -> None:
    """The table of a module's README has each row once, in order, and what works has tests of those names."""
    text = (ROOT / "modules" / module / "README.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| ({prefix}-\d+) \| .+ \| (none|`.+::.+`) \| (.+) \|$", text, re.MULTILINE)
    assert [row for row, *_ in rows] == [f"{prefix}-{number}" for number in range(1, last + 1)]
    for row, tests, state in rows:
        if state.startswith("not built"):
            continue
        assert state.startswith("works"), row
        named = re.findall(r"`([^`]+)::([^`]+)`", tests)
        assert named, row
        for file, name in named:
            assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{row}: {file}::{name}"


@pytest.mark.parametrize("module", SETTINGS)
def test_the_comprehensive_example_shows_every_setting_with_its_default(module: str) -> None:
    """`examples/comprehensive.yaml` is all settings of the module at their defaults."""
    example = yaml.safe_load((ROOT / "modules" / module / "examples" / "comprehensive.yaml").read_text())
    assert set(example) == {module}
    assert example[module] == yaml.safe_load(SETTINGS[module]().model_dump_json())


def test_every_module_has_the_same_pieces() -> None:
    """README, settings, contract and an example stand in every module."""
    modules = {path.parent for path in (ROOT / "modules").glob("*/settings.py")} - {ROOT / "modules" / "core"}
    for module in sorted(modules):
        for piece in ("README.md", "contract.py", "examples/comprehensive.yaml"):
            assert (module / piece).is_file(), f"{module.name} lacks {piece}"


def _texts(suffixes: Collection[str]) -> Iterator[Path]:
    """The files of this repository with these endings; hidden folders and what is synthesised are not entered."""
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(name for name in below if not name.startswith(".") and name != "cdktf.out")
        yield from (Path(folder, name) for name in sorted(names) if Path(name).suffix in suffixes)


def test_nothing_of_one_machine_is_committed() -> None:
    """No tracked text names a folder of a developer's machine."""
    paths = re.compile(r"(?<![\w.])/(?:work|farm|root|home)/|/opt/(?:tf|pypi|wheels|skills)")
    suffixes = {".py", ".md", ".yaml", ".toml", ".json", ".lock", ".cjs", ".j2"}
    found = [
        str(path.relative_to(ROOT))
        for path in _texts(suffixes)
        if path != Path(__file__) and paths.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
