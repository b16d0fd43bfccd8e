"""Without a network: what mlgov needs to check, synthesise, judge and plan is on this machine; it asks nobody."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from delivery import mirror
from delivery.emulator import Emulator
from tests.support.stacks import Synthesis
from tests.support.watch import Watch, watch

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "examples" / "small"
STACK = "management-organization"


@pytest.fixture(name="seen")
def _seen(tmp_path: Path) -> Iterator[Watch]:
    with watch(tmp_path) as seen:
        yield seen


def _ran(seen: Watch, cwd: Path, *arguments: str | Path) -> CompletedProcess[str]:
    return seen.run([sys.executable, ROOT / "main.py", *arguments], cwd, {"PYTHONPATH": str(ROOT)})


def _mlgov(seen: Watch, cwd: Path, *arguments: str | Path) -> None:
    ended = _ran(seen, cwd, *arguments)
    assert ended.returncode == 0, f"{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}"


def test_the_watch_sees_what_is_asked_of_others(seen: Watch, tmp_path: Path) -> None:
    """By Python, whatever it asks with, and by what goes through the proxy; loopback is free."""
    program = (
        "import os, socket, urllib.request\n"
        "for ask in (lambda: socket.create_connection(('192.0.2.1', 443), 1),\n"
        "            lambda: socket.getaddrinfo('registry.terraform.io', 443),\n"
        "            lambda: urllib.request.urlopen('https://checkpoint-api.hashicorp.com')):\n"
        "    try:\n        ask()\n    except OSError:\n        continue\n    raise SystemExit('it was let through')\n"
        "socket.getaddrinfo('localhost', 80)\n"
    )
    ended = seen.run([sys.executable, "-c", program], tmp_path, {})
    assert ended.returncode == 0, ended.stderr
    proxied, *direct = seen.asked
    assert direct == ["python 192.0.2.1", "python registry.terraform.io"]
    assert proxied.startswith("proxy CONNECT checkpoint-api.hashicorp.com:443 ")


def test_check_synth_and_gate_ask_nobody(seen: Watch, tmp_path: Path) -> None:
    """Neither jsii nor checkov, nor what they bring, calls home."""
    out = tmp_path / "out"
    _mlgov(seen, ROOT, "check", "--config", SMALL)
    _mlgov(seen, ROOT, "synth", "--config", SMALL, "--out", out, "--stack", STACK)
    judged = _ran(seen, ROOT, "gate", "--out", out, "--work", tmp_path / "work", "--jobs", "1")
    assert "0 findings" in judged.stdout  # waivers of stacks that are not there are faults: one stack cannot pass
    assert seen.asked == []


def test_a_plan_takes_its_provider_from_the_mirror(seen: Watch, synthesis: Synthesis, tmp_path: Path) -> None:
    """Terraform and the AWS provider ask neither registry nor checkpoint, nor AWS where an emulator is named."""
    found = mirror.cli_config(tmp_path / "rc")
    if found is None or "filesystem_mirror" not in found.read_text(encoding="utf-8"):
        pytest.skip(f"the AWS provider is in no mirror of this machine: set {mirror.MIRROR_VARIABLE}")
    synthesis.stack(
        STACK,
        {},
        provider={"aws": [{"region": "eu-central-1"}]},
    )
    path = synthesis.out / "stacks" / STACK / "cdk.tf.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["terraform"]["required_providers"] = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}
    document["resource"] = {"aws_s3_bucket": {"one": {"bucket": "acme-org-one"}}}
    synthesis.rewrite(STACK, document)
    assert synthesis.manifest.stacks
    work = tmp_path / "work"
    with Emulator(tmp_path / "emulator.log") as emulator:
        _mlgov(seen, tmp_path, "plan", "--out", synthesis.out, "--work", work, "--emulated", emulator.endpoint)
    assert seen.asked == []
    said = "".join(log.read_text(encoding="utf-8") for log in work.rglob("*.log"))
    assert "1 to add" in said
