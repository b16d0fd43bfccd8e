"""Seed repositories: what a team gets, always the same, and in agreement with what the platform passes and demands."""

from __future__ import annotations

import ast
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from modules.core.errors import ConfigError
from modules.ml_use_case.project_document import SCHEMA, VARIABLE
from modules.ml_use_case.project_settings import BuildTemplate
from modules.ml_use_case.seed import seed_archive, seed_files, write_seed

ROOT = Path(__file__).parents[2]
TEMPLATES: tuple[BuildTemplate, ...] = ("build-tabular", "build-language-model")
# What a stage of the build is given: by the stage itself, and by the pipeline (build_stage.py, build_pipeline.py).
GIVEN = {
    *("PIPELINE_EXECUTION_ID", "SOURCE_COMMIT", "CODEBUILD_RESOLVED_SOURCE_VERSION"),
    *("CODEARTIFACT_DOMAIN", "CODEARTIFACT_OWNER", "CODEARTIFACT_REPOSITORY"),
}


@pytest.fixture(scope="module", name="seeds")
def _seeds() -> dict[str, dict[str, bytes]]:
    return {template: seed_files(template, "card-fraud") for template in TEMPLATES}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_repository_is_whole_and_bears_its_name(template: str, seeds: dict[str, dict[str, bytes]]) -> None:
    """Source, tests, pins, the three stages and a README; the project's name in place of the placeholder."""
    files = seeds[template]
    assert {
        *("README.md", "Makefile", "pyproject.toml", "requirements.in", "requirements.txt", ".gitignore"),
        *("buildspec-test.yml", "buildspec-build.yml", "buildspec-register.yml"),
        *("ml_pipeline/definition.py", "ml_pipeline/settings.schema.json", "ml_pipeline/template.py"),
        *(
            "steps/prepare.py",
            "steps/train.py",
            "steps/evaluate.py",
            "steps/inference.py",
            "steps/hyperparameters.json",
        ),
        *("tests/settings.example.json", "tests/test_definition.py", "tests/test_steps.py"),
    } <= set(files)
    assert not [path for path, content in files.items() if b"PROJECT_NAME" in content]
    assert tomllib.loads(files["pyproject.toml"].decode())["project"]["name"] == "card-fraud"
    assert files["README.md"].startswith(b"# card-fraud\n")


def test_no_trace_of_tools_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches that a developer's tools leave in the source do not reach a team."""
    for path in ("common/steps/prepare.py", "common/__pycache__/a.pyc", "build-tabular/.mypy_cache/x", "settings.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    monkeypatch.setattr("modules.ml_use_case.seed._TEMPLATES", tmp_path)
    monkeypatch.setattr("modules.ml_use_case.seed._SHARED", {"settings.json": "tests/settings.json"})
    assert list(seed_files("build-tabular", "demo")) == ["steps/prepare.py", "tests/settings.json"]


def test_a_template_replaces_nothing_but_the_example() -> None:
    """A layer that hides a file of another would part from it without a word."""
    common = {path.relative_to(SCHEMA.parent / "common").as_posix() for path in SCHEMA.parent.glob("common/**/*.*")}
    for template in TEMPLATES:
        own = {
            path.relative_to(SCHEMA.parent / template).as_posix() for path in SCHEMA.parent.glob(f"{template}/**/*.*")
        }
        assert not {path for path in own & common if "_cache" not in path}


def test_the_archive_is_the_same_on_every_day(seeds: dict[str, dict[str, bytes]]) -> None:
    """The same bytes, so that nothing changes in the template bucket when nothing changed; and all files are in it."""
    archive = seed_archive("build-tabular", "card-fraud")
    assert archive == seed_archive("build-tabular", "card-fraud")
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == seeds["build-tabular"]


def test_a_folder_is_written_once(tmp_path: Path) -> None:
    """A new or empty folder is filled; one that holds something is left as it is, and the error says what to do."""
    written = write_seed("build-tabular", "demo", tmp_path / "new")
    assert {path.relative_to(tmp_path / "new").as_posix() for path in written} == set(
        seed_files("build-tabular", "demo")
    )
    with pytest.raises(ConfigError, match="is not empty; name a new folder"):
        write_seed("build-tabular", "demo", tmp_path / "new")


@pytest.mark.parametrize("template", TEMPLATES)
def test_examples_are_what_the_platform_could_pass(template: str, seeds: dict[str, dict[str, bytes]]) -> None:
    """The settings of a repository's tests keep to the schema of the document that the build stack writes."""
    example = json.loads(seeds[template]["tests/settings.example.json"])
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(example)
    assert example["template"] == template


def test_seam_4_stages_read_what_they_are_given(seeds: dict[str, dict[str, bytes]]) -> None:
    """No variable of a buildspec is one that nobody sets, and the settings are read from the one that is set."""
    files = seeds["build-tabular"]
    used = set()
    for stage in ("test", "build", "register"):
        content = files[f"buildspec-{stage}.yml"].decode()
        commands = [each for phase in yaml.safe_load(content)["phases"].values() for each in phase["commands"]]
        used |= set(re.findall(r"\$\{?([A-Z_]+)", "\n".join(commands)))
    assert used == GIVEN
    platform = [*(ROOT / "modules/ml_use_case").glob("build_*.py"), ROOT / "environments/stacks/build.py"]
    written = "\n".join(path.read_text() for path in platform)
    assert [name for name in GIVEN if not name.startswith("CODEBUILD_") and f'"{name}"' not in written] == []
    assert f'VARIABLE = "{VARIABLE}"' in files["ml_pipeline/settings.py"].decode()


def test_disks_without_keys_are_those_of_the_guardrail(seeds: dict[str, dict[str, bytes]]) -> None:
    """What the seed leaves without a key is what SM-22 lets through, and nothing else."""
    controls = yaml.safe_load((ROOT / "policies/controls/SM.yaml").read_text())
    statements = next(each for each in controls if each["id"] == "SM-22")["preventive"]["statements"]
    excepted = statements[0]["conditions"]["ForAnyValue:StringNotLike"]["sagemaker:InstanceTypes"]
    assert list(_literal(seeds["build-tabular"]["ml_pipeline/jobs.py"], "LOCAL_DISKS")) == excepted


@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_that_is_installed_is_pinned_with_hashes(template: str, seeds: dict[str, dict[str, bytes]]) -> None:
    """Each line of the lock names a version, and its hashes follow."""
    lock = seeds[template]["requirements.txt"].decode()
    entries = [entry for entry in re.split(r"\n(?=[a-z])", lock) if not entry.startswith("#")]
    assert len(entries) > 50
    assert [
        entry for entry in entries if not re.match(r"[a-z0-9.-]+==\S+", entry) or "--hash=sha256:" not in entry
    ] == []


def test_the_steps_are_tested_with_the_versions_of_their_containers(seeds: dict[str, dict[str, bytes]]) -> None:
    """XGBoost and Transformers as in the images that the templates name."""
    for template, package, digits in (("build-tabular", "xgboost-cpu", 2), ("build-language-model", "transformers", 3)):
        image = str(_literal(seeds[template]["ml_pipeline/template.py"], "VERSION")).split("-")[0].split(".")
        pin = re.search(rf"^{package}==([0-9.]+)", seeds[template]["requirements.txt"].decode(), re.MULTILINE)
        assert pin
        assert pin[1].split(".")[:digits][: len(image)] == image[:digits]


def _literal(source: bytes, name: str) -> Any:
    """The value of a constant in the source, or of the first of several."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            [target] = node.targets
            if isinstance(target, ast.Name) and target.id == name:
                return ast.literal_eval(node.value)
            if isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name) and target.elts[0].id == name:
                return ast.literal_eval(node.value)[0]
    raise AssertionError(f"there is no constant {name}")
