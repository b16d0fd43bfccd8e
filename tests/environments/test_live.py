"""`live/` holds what every synthesis holds, laid out to be committed, and nothing else is taken for it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from delivery import binary
from delivery.mirror import cli_config
from delivery.target import Target
from environments import live
from environments.build import synthesise
from environments.manifest import FILE_NAME, STACK_FILE, Manifest, ManifestError
from main import main
from modules.core.errors import ConfigError
from tests.environments.committed import taken_from
from tests.support.organisations import ORGANISATIONS, Synthesised

SMALL = ORGANISATIONS["minnow"]
SINK = "org/platform/sink"


@pytest.fixture(name="minnow", scope="module")
def _minnow(synthesised: Synthesised) -> Path:
    return synthesised("minnow")


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Path:
    """Minnow's YAML, with a provider lock file beside it."""
    config = tmp_path / "config"
    shutil.copytree(SMALL, config)
    (config / live.LOCK_SOURCE).write_text("# the providers\n")
    return config


@pytest.mark.e2e
def test_the_stacks_are_those_of_every_synthesis(minnow: Path, tmp_path: Path) -> None:
    """JSON and assets of every stack are the same bytes in both layouts; the index of the cdktf CLI is not there."""
    written = live.write(SMALL, tmp_path / "live")
    assert Manifest.read(tmp_path / "live") == written.manifest
    first = {entry.id: (entry.sha256, entry.assets) for entry in Manifest.read(minnow).stacks}
    assert {entry.id: (entry.sha256, entry.assets) for entry in written.manifest.stacks} == first
    assert sorted(path.name for path in (tmp_path / "live").iterdir()) == [FILE_NAME, "org"]


def test_what_lies_beside_the_stacks_stays_and_is_no_stack(
    minnow: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second writing keeps `.terraform` of a run by hand, even one of a folder that has gone, and says so.

    Every stack has the lock file of the configuration folder; what is generated is written anew.
    """
    taken_from(minnow, monkeypatch)
    out = tmp_path / "live"
    first = live.write(config, out, select="platform-sink,platform-hub")
    (out / SINK / ".terraform/providers").mkdir(parents=True)
    (out / SINK / STACK_FILE).write_text("{}")
    (out / "org/gone/.terraform").mkdir(parents=True)
    assert (out / SINK / live.LOCK_FILE).read_text() == "# the providers\n"
    second = live.write(config, out, select="platform-sink")
    assert second.kept == ("org/gone", f"{SINK}/.terraform")
    assert (out / SINK / ".terraform/providers").is_dir()
    assert Manifest.read(out) == second.manifest == first.manifest


@pytest.mark.e2e
def test_the_check_names_every_file_that_differs_and_writes_nothing(
    minnow: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Changed, missing, superfluous and foreign files each are a line, the exit code is 2, and no byte is written."""
    taken_from(minnow, monkeypatch)
    out = tmp_path / "live"
    arguments = ["synth", "--live", "--config", str(config), "--out", str(out)]
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    (out / SINK / STACK_FILE).write_text("{}")
    (out / SINK / live.LOCK_FILE).unlink()
    (out / "org/platform/hub/terraform.tfvars").write_text('access = "apply"\n')
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 2
    assert capsys.readouterr().err.splitlines()[:-1] == [
        f"missing: {SINK}/{live.LOCK_FILE}",
        f"differs: {SINK}/{STACK_FILE}",
        "not written by mlgov: org/platform/hub/terraform.tfvars",
    ]
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["extra.tf", "more.tf.json", "terraform.tfvars", "on.auto.tfvars.json", "x.tofu"])
def test_a_file_that_terraform_would_read_is_refused(tmp_path: Path, name: str) -> None:
    """Neither gate nor delivery works on a folder with Terraform that nobody synthesised; `.terraform` may be."""
    (tmp_path / FILE_NAME).write_text(_empty("live"))
    (tmp_path / "org/.terraform").mkdir(parents=True)
    (tmp_path / "org/.terraform" / name).touch()
    assert Manifest.read(tmp_path).layout == "live"
    (tmp_path / "org" / name).touch()
    with pytest.raises(ManifestError, match=f"org/{name} is not in"):
        Manifest.read(tmp_path)


def test_a_folder_whose_index_is_unreadable_is_refused(tmp_path: Path) -> None:
    """Only mlgov.json knows which stacks have left: without it, or with half of it, nothing is written over them."""
    (tmp_path / "org").mkdir()
    with pytest.raises(ConfigError, match=r"no mlgov\.json.*git checkout"):
        live.write(SMALL, tmp_path)
    (tmp_path / FILE_NAME).write_text('{"version": 1')
    with pytest.raises(ConfigError, match=r"which stacks have left.*git checkout"):
        live.write(SMALL, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, "org"]


def test_neither_layout_is_written_over_the_other(tmp_path: Path) -> None:
    """`synth` does not replace what is committed, nor `synth --live` what the cdktf CLI reads."""
    (tmp_path / FILE_NAME).write_text(_empty("live"))
    with pytest.raises(ConfigError, match="mlgov synth --live"):
        synthesise(SMALL, tmp_path)
    (tmp_path / FILE_NAME).write_text(_empty("cdktf"))
    with pytest.raises(ConfigError, match="laid out for the cdktf CLI"):
        live.write(SMALL, tmp_path)


def test_options_that_do_not_go_together_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """--check and --lock are about what is committed, and --check about all of it."""
    assert main(["synth", "--check"]) == 2
    assert "add --live" in capsys.readouterr().err
    assert main(["synth", "--live", "--check", "--stack", "x"]) == 2
    assert "leave --lock and --stack out" in capsys.readouterr().err


def _empty(layout: str) -> str:
    organization = (
        '{"name": "minnow", "partition": "aws", "home_region": "eu-west-1", "management_account_id": "1", '
        '"units": [], "accounts": []}'
    )
    return f'{{"layout": "{layout}", "organization": {organization}, "stacks": []}}'


@pytest.mark.e2e
def test_terraform_takes_the_lock_file_as_it_is(
    minnow: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `--lock` writes names the provider's version, each stack has it, and a read-only init is content with it."""
    if not (shutil.which("terraform") or shutil.which("tofu")):
        pytest.skip("neither terraform nor tofu is on PATH: run `make terraform` and put .mlgov/bin on PATH")
    taken_from(minnow, monkeypatch)
    (config / live.LOCK_SOURCE).unlink()
    out = tmp_path / "live"
    arguments = ["synth", "--live", "--config", str(config), "--out", str(out), "--stack", "platform-sink"]
    assert main(arguments) == 0
    assert "no stack has a lock file" in capsys.readouterr().out
    assert main([*arguments, "--lock"]) == 0
    assert "locked for" in capsys.readouterr().out
    lock = (config / live.LOCK_SOURCE).read_text()
    assert 'version     = "5.100.0"' in lock
    assert (out / SINK / live.LOCK_FILE).read_text() == lock
    environment = Target.aws().environment(access="plan")
    if installation := cli_config(tmp_path / "cli"):
        environment["TF_CLI_CONFIG_FILE"] = str(installation)
    command = [binary.find().path, "init", "-backend=false", "-lockfile=readonly", "-input=false"]
    done = subprocess.run(command, cwd=out / SINK, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (out / SINK / live.LOCK_FILE).read_text() == lock
