"""The command: exit codes, one clear line for each fault, nothing half-written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import main
from delivery.verbs import check
from modules.core.errors import ConfigError, TerraformError
from tests.support.organisations import Synthesised
from tests.support.sizes import organisation

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "examples" / "small"


def _mlgov(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(name="ready")
def _ready(place: Path, synthesised: Synthesised) -> Path:
    """`place` with the small organisation synthesised."""
    shutil.copytree(synthesised("minnow"), place / "cdktf.out")
    return place


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Path:
    """A working directory with the small organisation's YAML in `config`."""
    shutil.copytree(SMALL, tmp_path / "config")
    return tmp_path


def test_a_good_configuration_exits_0(place: Path) -> None:
    """`check` says what it found, with the characters that each guardrail has free, and nothing on standard error."""
    done = _mlgov(place, "check", "--config", "config")
    assert (done.returncode, done.stderr) == (0, "")
    first, *guardrails = done.stdout.splitlines()
    assert re.fullmatch(r"minnow: 3 accounts, \d+ stacks, no fault", first)
    assert guardrails
    assert all(re.fullmatch(r"guardrails \S+: [\d,]+ characters, [\d,]+ free", line) for line in guardrails)


@pytest.mark.parametrize("verb", ["check", "synth", "graph"])
def test_a_faulty_configuration_exits_2_and_writes_nothing(place: Path, verb: str) -> None:
    """Every fault is one line with file and line number; no output folder, no traceback."""
    organization = place / "config" / "organization.yaml"
    text = organization.read_text()
    organization.write_text(text.replace("home_region:", "home_regoin:", 1))
    (place / "config" / "dev.yaml").write_text("environment: development\n")
    done = _mlgov(place, verb, "--config", "config")
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert all(line.startswith("config/") and ".yaml:" in line for line in lines), lines
    assert any("home_regoin" in line for line in lines)
    assert any(line.startswith("config/dev.yaml:1 ") for line in lines)
    assert sorted(path.name for path in place.iterdir()) == ["config"]


def test_a_wrong_command_line_exits_2(place: Path) -> None:
    """An unknown verb, an unknown option or a wrong number is told in one line."""
    for arguments in (["sinth"], ["synth", "--outt", "x"], ["synth", "--jobs", "0"], ["synth", "--stack", "none-*"]):
        done = _mlgov(place, *arguments, *(["--config", "config"] if "--stack" in arguments else []))
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert sorted(path.name for path in place.iterdir()) == ["config"]


def test_an_unknown_leaver_exits_2(place: Path) -> None:
    """`offboard` of nobody is one line with the known names; it needs a kind, too."""
    done = _mlgov(place, "offboard", "team", "scorign", "--config", "config")
    assert (done.returncode, done.stderr) == (2, "there is no team scorign: did you mean scoring?\n")
    assert _mlgov(place, "offboard", "scoring", "--config", "config").returncode == 2


def test_a_gate_without_a_synthesis_exits_3(place: Path) -> None:
    """A missing, empty or damaged output folder never passes the gate."""
    assert _mlgov(place, "gate").returncode == 3
    (place / "cdktf.out").mkdir()
    assert _mlgov(place, "gate").returncode == 3
    (place / "cdktf.out" / "mlgov.json").write_text("{")
    done = _mlgov(place, "gate")
    assert done.returncode == 3
    assert "mlgov synth" in done.stderr


def test_an_apply_without_a_verdict_exits_3(ready: Path) -> None:
    """On AWS nothing is applied before the gate passed these bytes, and the message says what to run."""
    for verb in (["apply"], ["bootstrap"], ["destroy", "--yes-destroy", "minnow"]):
        done = _mlgov(ready, *verb)
        assert done.returncode == 3, done.stderr
        assert "mlgov gate" in done.stderr
    assert not list(ready.glob(".mlgov/minnow/aws/run/*"))


def test_a_missing_terraform_exits_4(ready: Path) -> None:
    """Without Terraform the message says how to get it."""
    done = _mlgov(ready, "plan", PATH=str(ready))
    assert done.returncode == 4
    assert "make terraform" in done.stderr


def test_a_failed_destroy_confirmation_exits_2(ready: Path) -> None:
    """On AWS destroy wants the organisation's name."""
    done = _mlgov(ready, "destroy")
    assert done.returncode == 2
    assert "--yes-destroy minnow" in done.stderr


@pytest.mark.e2e
def test_without_a_verb_it_synthesises_for_the_cdktf_cli(tmp_path: Path) -> None:
    """`python main.py` is `mlgov synth` (see test_build.py for its bytes), into the folder that the cdktf CLI names."""
    organisation(tmp_path, accounts=1, partition="aws").rename(tmp_path / "environments")
    assert _mlgov(tmp_path, CDKTF_OUTDIR="elsewhere").returncode == 0
    assert (tmp_path / "elsewhere" / "manifest.json").is_file()
    assert (tmp_path / "elsewhere" / "mlgov.json").is_file()
    assert not (tmp_path / "cdktf.out").exists()


def test_an_error_of_ours_carries_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence for the user's errors; a traceback and 5 for everything else."""
    cases: list[tuple[Exception, int, bool]] = [
        (ConfigError("wrong"), 2, False),
        (TerraformError("stack x failed"), 4, False),
        (RuntimeError("ours"), 5, True),
    ]
    for error, code, traced in cases:

        def raise_it(options: object, error: Exception = error) -> int:
            raise error

        monkeypatch.setattr(check, "run", raise_it)
        assert main.main(["check"]) == code
        assert ("Traceback" in capsys.readouterr().err) == traced


@pytest.mark.e2e
@pytest.mark.parametrize("words", [("controls", "list"), ("controls", "show", "SM-01")], ids=["long", "short"])
def test_a_reader_who_has_read_enough_is_told_of_in_one_line(words: tuple[str, ...]) -> None:
    """As `mlgov controls list | head -1` has it: exit 2, no traceback, and nothing that Python adds at its end."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (2, "standard output was closed before all was written\n")


def test_help_and_check_start_nothing_slow() -> None:
    """Neither `--help` nor `check` imports jsii, checkov, moto or rich."""
    program = (
        "import sys, main\n"
        "try: main.main(['--help'])\nexcept SystemExit: pass\n"
        f"main.main(['check', '--config', {str(SMALL)!r}])\n"
        "slow = [n for n in ('jsii', 'cdktf', 'checkov', 'moto', 'boto3', 'rich') if n in sys.modules]\n"
        "sys.stderr.write(repr(slow))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[]"
