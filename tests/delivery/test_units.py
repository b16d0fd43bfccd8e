"""The small parts: the binary, the provider source, events, order, environment, the pinned download."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from delivery import binary, fetch_terraform, mirror, schedule
from delivery.events import Events, lacks_bucket
from delivery.guard import held_data
from delivery.process import Stop
from delivery.target import Target
from delivery.verbs import gate
from modules.core.errors import TerraformError
from policies.cache import tree_digest
from policies.errors import GateError
from policies.isolation import PACKAGE
from policies.verdict import Counts, StackVerdict
from tests.support.stacks import Synthesis
from tests.support.verdicts import FAILED


def fake_terraform(folder: Path, version: str, name: str = "terraform") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\necho \'{{"terraform_version": "{version}"}}\'\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_missing_binary_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With neither terraform nor tofu on PATH the error names `make terraform` and the variable; exit code 4."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TerraformError, match=r"make terraform.*MLGOV_TERRAFORM") as caught:
        binary.find({"PATH": str(tmp_path)})
    assert caught.value.exit_code == 4


def test_the_fetched_binary_goes_before_path_and_the_variable_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLGOV_TERRAFORM, then .mlgov/bin/terraform, then terraform on PATH, then tofu."""
    monkeypatch.chdir(tmp_path)
    tofu = fake_terraform(tmp_path / "tofu", "1.11.1", "tofu")
    on_path = fake_terraform(tmp_path / "path", "1.12.0")
    chosen = fake_terraform(tmp_path / "chosen", "1.11.0")
    path = f"{on_path.parent}:{tofu.parent}:/bin:/usr/bin"
    assert binary.find({"PATH": str(tofu.parent)}).path == str(tofu)
    assert binary.find({"PATH": path}).path == str(on_path)
    fetched = fake_terraform(tmp_path / ".mlgov/bin", "1.11.4")
    assert binary.find({"PATH": path}).path == str(fetched)
    assert binary.find({"PATH": path, "MLGOV_TERRAFORM": str(chosen)}).version == "1.11.0"


@pytest.mark.parametrize("version", ["1.10.5", "0.15.0", "1.9.8-beta1"])
def test_an_old_binary_is_refused(tmp_path: Path, version: str) -> None:
    """A Terraform before 1.11 is refused with its version."""
    with pytest.raises(TerraformError, match=f"version {version}, too old"):
        binary.find({"MLGOV_TERRAFORM": str(fake_terraform(tmp_path, version))})


def test_a_binary_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    """A file that is not Terraform is an error, not a crash."""
    path = fake_terraform(tmp_path, "")
    path.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    with pytest.raises(TerraformError, match="does not answer"):
        binary.find({"MLGOV_TERRAFORM": str(path)})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, no usual mirrors, no variable."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("TF_CLI_CONFIG_FILE", mirror.MIRROR_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(mirror, "_USUAL", ("~/.terraform.d/plugins",))
    return home


def test_the_users_own_configuration_is_left_alone(home: Path, tmp_path: Path) -> None:
    """With a ~/.terraformrc nothing is generated."""
    (home / ".terraformrc").write_text("", encoding="utf-8")
    assert mirror.cli_config(tmp_path / "shared") is None


def test_a_configuration_that_does_not_exist_counts_as_none(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TF_CLI_CONFIG_FILE naming an absent file gives a configuration with a shared plugin cache."""
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(home / "absent"))
    config = mirror.cli_config(tmp_path / "shared")
    assert config is not None
    assert config.read_text(encoding="utf-8").startswith("plugin_cache_dir")
    assert (tmp_path / "shared/plugins").is_dir()


def test_a_mirror_serves_what_it_holds_and_nothing_else(home: Path, tmp_path: Path) -> None:
    """A provider in a usual mirror comes only from there; all others come from the registry."""
    (home / ".terraform.d/plugins/registry.terraform.io/hashicorp/aws").mkdir(parents=True)
    config = mirror.cli_config(tmp_path / "shared")
    assert config is not None
    text = config.read_text(encoding="utf-8")
    assert text.count('["registry.terraform.io/hashicorp/aws"]') == 2
    assert str(home / ".terraform.d/plugins") in text


def test_the_variable_goes_before_the_users_configuration(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLGOV_PROVIDER_MIRROR wins, and a folder that is no mirror is an error with what it must be."""
    (home / ".terraformrc").write_text("", encoding="utf-8")
    monkeypatch.setenv(mirror.MIRROR_VARIABLE, str(tmp_path / "mirror"))
    with pytest.raises(TerraformError, match="no provider lies there"):
        mirror.cli_config(tmp_path / "shared")
    (tmp_path / "mirror/registry.terraform.io/hashicorp/aws").mkdir(parents=True)
    assert mirror.cli_config(tmp_path / "shared") == tmp_path / "shared/terraform.rc"


def test_an_emulated_run_sees_no_aws_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials, profile and endpoints of the caller are absent from an emulated run and present in a real one."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("AWS_CA_BUNDLE", "bundle.pem")
    emulated = Target("emulated", "http://127.0.0.1:1", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    seen = {name for name in emulated.environment(access="apply") if name.startswith("AWS_")}
    assert seen == {"AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"}
    real = Target.aws().environment(access="plan")
    assert (real["AWS_PROFILE"], real["TF_VAR_access"]) == ("production", "plan")


def test_terraform_collects_garbage_less_often_unless_the_caller_says_how_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GOGC is 400, which saves a third of a short run's processor time, or what the caller's environment says."""
    monkeypatch.delenv("GOGC", raising=False)
    assert Target.aws().environment(access="plan")["GOGC"] == "400"
    monkeypatch.setenv("GOGC", "50")
    assert Target.aws().environment(access="plan")["GOGC"] == "50"


def diagnostic(summary: str, detail: str, severity: str = "error") -> str:
    return json.dumps(
        {"type": "diagnostic", "diagnostic": {"severity": severity, "summary": summary, "detail": detail}}
    )


def test_the_first_error_is_kept_and_warnings_are_not_errors() -> None:
    """Of several diagnostics the first error is the stack's failure."""
    events = Events()
    for line in (diagnostic("w", "", "warning"), diagnostic("first", "a"), diagnostic("second", "b"), "not json"):
        events.feed(line)
    assert events.failure is not None
    assert events.failure.summary == "first"


def test_a_missing_state_bucket_leads_to_bootstrap() -> None:
    """The S3 backend's error for an absent bucket advises `mlgov bootstrap`, however its text is wrapped."""
    events = Events()
    events.feed(diagnostic("Failed to get existing workspaces", 'S3 bucket "acme-org-state"\ndoes not exist.'))
    assert events.failure is not None
    assert "mlgov bootstrap" in events.failure.advice
    assert lacks_bucket(events.failure)


def test_a_link_to_a_database_holds_no_data() -> None:
    """A link to what is read no longer may go; a database, and what the plan does not tell of, counts as data."""
    link, database, unknown = (f"aws_glue_catalog_database.{name}" for name in ("link", "own", "unknown"))
    target = [{"catalog_id": "222222222222", "database_name": "customers_profile", "region": ""}]
    plan = {
        "resource_changes": [
            {"address": link, "change": {"before": {"name": "customers_profile", "target_database": target}}},
            {"address": database, "change": {"before": {"name": "own", "target_database": []}}},
            {"address": "aws_iam_role.new", "change": {"before": None}},
        ]
    }
    assert held_data([link, database, unknown], plan) == (database, unknown)
    assert held_data([link], {}) == (link,)


def test_what_cloud_control_made_is_guarded_by_what_it_is() -> None:
    """A model card is data, a hook of CloudFormation is none."""
    card, hook = (f"aws_cloudcontrolapi_resource.{name}" for name in ("card", "hook"))
    kinds = {card: "AWS::SageMaker::ModelCard", hook: "AWS::CloudFormation::GuardHook"}
    changes = [{"address": each, "change": {"before": {"type_name": kind}}} for each, kind in kinds.items()]
    assert held_data([card, hook], {"resource_changes": changes}) == (card,)


def test_order_leads_over_unselected_stacks(tmp_path: Path) -> None:
    """Selecting the ends of a chain keeps their order; reversing turns every edge round."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("a", {})
    synthesis.stack("b", {}, depends_on=["a"])
    synthesis.stack("c", {}, depends_on=["b"])
    edges = schedule.dependencies(synthesis.manifest, ["a", "c"])
    assert edges == {"a": (), "c": ("a",)}
    assert schedule.reverse(edges) == {"c": (), "a": ("c",)}


def test_the_longest_path_is_begun_first(tmp_path: Path) -> None:
    """Of stacks that may start together, the one with the most work behind it starts first."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("alone", {"x": {}, "y": {}})
    synthesis.stack("begin", {"x": {}})
    synthesis.stack("end", {"x": {}}, depends_on=["begin"])
    edges = schedule.dependencies(synthesis.manifest, ["alone", "begin", "end"])
    assert list(edges) == ["begin", "alone", "end"]


def test_an_error_in_our_own_code_ends_the_run_and_is_raised() -> None:
    """An exception of one job is not swallowed: the others are asked to stop and it is raised."""
    stop = Stop()

    def work(node: str) -> str:
        raise ValueError(node)

    with pytest.raises(ValueError, match="a"):
        schedule.run({"a": ()}, jobs=2, stop=stop, work=work, good=bool, skip=lambda node, bad: node)
    assert stop.requested


def release(folder: Path) -> tuple[str, str]:
    """A release to download from a folder: its base URL and SHA-256."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("terraform", "#!/bin/sh\n")
    path = folder / fetch_terraform.VERSION / f"terraform_{fetch_terraform.VERSION}_linux_amd64.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(buffer.getvalue())
    return folder.as_uri(), hashlib.sha256(buffer.getvalue()).hexdigest()


def test_a_download_is_installed_only_with_the_pinned_checksum(tmp_path: Path) -> None:
    """The right bytes become an executable file; wrong ones are refused and nothing is written."""
    base, sha256 = release(tmp_path / "releases")
    target = tmp_path / "bin/terraform"
    with pytest.raises(TerraformError, match="not the pinned"):
        fetch_terraform.fetch(target, key="linux_amd64", base=base)
    assert not target.exists()
    fetch_terraform.fetch(target, key="linux_amd64", base=base, checksums={"linux_amd64": sha256})
    assert target.stat().st_mode & 0o111


def test_releases_come_from_the_mirror_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make terraform` asks MLGOV_TERRAFORM_RELEASES and nobody else; what it cannot have there is an error."""
    monkeypatch.setenv(fetch_terraform.MIRROR_VARIABLE, f"{tmp_path.as_uri()}/")
    assert fetch_terraform.main() == 4
    assert f"Could not download {tmp_path.as_uri()}/{fetch_terraform.VERSION}/" in capsys.readouterr().err


def test_a_platform_without_a_pin_is_refused() -> None:
    """Machine names are those of Python; a platform we have no checksum for is an error."""
    assert fetch_terraform.platform_key("Linux", "x86_64") == "linux_amd64"
    assert fetch_terraform.platform_key("Darwin", "arm64") == "darwin_arm64"
    with pytest.raises(TerraformError, match="windows_amd64"):
        fetch_terraform.platform_key("Windows", "AMD64")


def test_a_verdict_of_other_policies_allows_nothing(tmp_path: Path) -> None:
    """Once a policy has changed, the gate must judge again before anything is applied; till then its word holds."""
    covered = StackVerdict(sha256="0" * 64, file="f", passed=True, counts=Counts(passed=1), valid_until=None)
    present = FAILED.model_copy(
        update={"passed": True, "stacks": {"a": covered}, "policy_digest": tree_digest(PACKAGE, PACKAGE)}
    )
    present.write(tmp_path / "present")
    assert gate.allowed(tmp_path / "present")("a", "0" * 64)
    assert not gate.allowed(tmp_path / "present")("a", "1" * 64)
    present.model_copy(update={"policy_digest": "0" * 64}).write(tmp_path / "past")
    with pytest.raises(GateError, match="policies have changed since this verdict; run `mlgov gate`"):
        gate.allowed(tmp_path / "past")("a", "0" * 64)
