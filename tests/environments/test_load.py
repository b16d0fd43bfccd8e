"""What `load` makes of good files: both shipped organisations, values of YAML, overrides, and its cost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from environments import schema
from environments.load import DEFAULT_CONFIG, load
from environments.yaml_reader import parse
from environments.yaml_tree import plain
from modules.core.errors import ConfigError
from tests.environments.spoiled import (
    CONFIG,
    DEV,
    DOMAIN,
    ORGANIZATION,
    ROOT,
    SMALL,
    case,
    complaints,
    copy_of_small,
    spoil,
)

REFERENCE = ROOT / DEFAULT_CONFIG
# The root of the AWS bindings is not among them: modules/core/provider.py registers an unloaded module of that name.
NEVER = ("cdktf", "constructs", "jsii", "checkov", "cdktf_cdktf_provider_aws._jsii", "boto3")


def test_the_reference_organisation_has_its_nineteen_accounts() -> None:
    """acme has eleven platform accounts, two data domains and two teams with three; only management is pinned."""
    organization = load(REFERENCE)
    names = [account.name for account in organization.accounts]
    assert len(names) == 11 + 2 + 2 * 3
    assert names == sorted(names)
    assert {"data-customers", "data-payments", "fraud-dev", "lending-prod"} <= set(names)
    assert [account.name for account in organization.accounts if account.id] == ["management"]


def test_every_reference_unit_but_suspended_is_split_by_kind() -> None:
    """Below each unit that holds accounts stand a production and a non-production one."""
    units = load(REFERENCE).units
    for key in ("security", "infrastructure", "ml", "data", "deployments"):
        kinds = {unit.name: unit.kind for unit in units if unit.parent == key}
        assert kinds == {"Production": "production", "NonProduction": "non-production"}
    assert next(unit for unit in units if unit.key == "suspended").guardrails == "quarantine"


def test_the_small_organisation_has_the_same_roles_in_three_accounts() -> None:
    """Every role of the reference organisation is served in minnow too."""
    small, reference = load(SMALL), load(REFERENCE)
    assert [account.name for account in small.accounts] == ["management", "platform", "workload"]
    held = [{role for account in each.accounts for role in account.roles} for each in (small, reference)]
    assert held[0] == held[1]


def test_loading_imports_neither_jsii_nor_checkov() -> None:
    """`environments.load` stays cheap to import: nothing that starts Node or reads the AWS bindings."""
    code = f"import sys, environments.load; sys.exit(', '.join(sys.modules.keys() & set({NEVER})) or 0)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_loading_twice_gives_equal_organisations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The organisation depends on the files alone, not on the folder they stand in."""
    copy_of_small(tmp_path, monkeypatch)
    assert load(CONFIG) == load(SMALL)


def test_templates_in_text_reach_terraform_as_literal_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`${` and `%{` are escaped for Terraform, also where the text escapes them itself."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", DOMAIN, "Every order of the shop", '${file("/etc/passwd")} %{if} $${x} 5%'))
    assert load(CONFIG).domains[0].description.startswith('$${file("/etc/passwd")} %%{if} $$${x} 5%')


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("yes", "yes"), ("off", "off"), ("12:30", "12:30"), ("2026-01-31", "2026-01-31"), ("1_000", "1_000")),
        *(("0x1F", "0x1F"), (".nan", ".nan"), ("1e999", "1e999"), ("9" * 19, "9" * 19), ("=", "=")),
        *(("true", True), ("~", None), ("", None), ("7", 7), ("-7", -7), ("0", 0), ("1.5", 1.5), ("1e3", 1000.0)),
        *(('"7"', "7"), ("'true'", "true"), ("|\n  a\n  b", "a\nb")),
    ],
)
def test_plain_scalars_are_read_by_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    """What YAML 1.1 turned into booleans, times and dates is text; quoted is always text."""
    read = plain(parse(f"key: {written}", "file"))
    assert read == {"key": value}
    assert isinstance(read, dict)
    assert type(read["key"]) is type(value)


def test_an_environment_overrides_single_keys_of_the_organisation() -> None:
    """dev.yaml of acme sets one key of `state`; all other settings stay those of organization.yaml."""
    organization = load(REFERENCE)
    days = {name: organization.settings(name).foundations.state.noncurrent_days for name in ("org", "dev", "prod")}
    assert days == {"org": 365, "dev": 90, "prod": 730}
    assert organization.settings("dev").observability == organization.settings("org").observability


def test_a_fault_of_the_shared_settings_is_told_once_and_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of organization.yaml that no environment overrides is one fault, not four."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "name: minnow", "name: minnow\nobservability: {logs: {lock_days: 1}}"))
    assert complaints() == ["config/organization.yaml:7 observability.logs.lock_days must be >= 90 (got 1)"]


def test_a_value_that_only_one_environment_has_is_told_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values keep the line of the file they come from when they are merged."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "name: minnow", "name: minnow\nobservability: {logs: {lock_days: 400}}"))
    spoil(case("", DEV, "environment: dev", "environment: dev\nobservability: {logs: {cold_after_days: 1}}"))
    assert complaints() == ["config/dev.yaml:6 observability.logs.cold_after_days must be >= 30 (got 1)"]


def test_hidden_files_and_other_endings_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python beside the YAML, and hidden files of editors in its folders, are no configuration."""
    copy_of_small(tmp_path, monkeypatch)
    (CONFIG / "load.py").touch()
    (CONFIG / "teams" / ".keep").touch()
    assert load(CONFIG) == load(SMALL)


def test_the_schema_for_editors_is_up_to_date() -> None:
    """schema.json is what the model generates: else run `python -m environments.schema`."""
    assert schema.SCHEMA_FILE.read_text(encoding="utf-8") == schema.text()


def test_the_schema_check_tells_an_outdated_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` exits with 2 and says what to run; without it the file is written, and then it passes."""
    target = tmp_path / "schema.json"
    assert schema.main(["--check"], target) == 2
    assert "run `python -m environments.schema`" in capsys.readouterr().err
    assert schema.main([], target) == 0
    assert schema.main(["--check"], target) == 0


@pytest.mark.parametrize(
    "file",
    [file for folder in (REFERENCE, SMALL) for file in sorted(folder.rglob("*.yaml"))],
    ids=lambda file: file.relative_to(ROOT).as_posix(),
)
def test_every_shipped_file_names_a_schema_that_it_keeps(file: Path) -> None:
    """The first line of each YAML file leads an editor to a schema, and the file is valid by it."""
    text = file.read_text(encoding="utf-8")
    reference = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    target, _, pointer = reference.partition("#")
    assert (file.parent / target).resolve() == schema.SCHEMA_FILE
    full = json.loads(schema.SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator({"$ref": f"#{pointer}", "$defs": full["$defs"]}).validate(plain(parse(text, file.name)))


def test_the_error_of_a_folder_that_is_not_there_names_it(tmp_path: Path) -> None:
    """A wrong --config is told by its path."""
    with pytest.raises(ConfigError, match="nowhere is not a folder"):
        load(tmp_path / "nowhere")


def test_an_account_says_where_it_is_written() -> None:
    """File, line and YAML path of an account, and of what uses it, hold no folder of this machine."""
    small = {account.name: account.origins for account in load(SMALL.resolve()).accounts}
    files = [origin.partition(":")[0] for origin in small["workload"]]
    assert files == ["organization.yaml", *["teams/scoring.yaml"] * 3, "domains/orders.yaml"]
    assert small["workload"][0].endswith(" accounts.workload")
    line = int(small["workload"][1].partition(":")[2].partition(" ")[0])
    written = (SMALL / "teams" / "scoring.yaml").read_text(encoding="utf-8").splitlines()
    assert "dev" in written[line - 1]
