"""Synthesis is deterministic, whole, and says what Terraform will see."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from environments.build import synthesise
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import FILE_NAME, Manifest, ManifestError, digest
from modules.core.errors import ConfigError, ContractError, SynthError
from tests.support.organisations import Synthesised

ROOT = Path(__file__).parents[2]
SMALL, REFERENCE = ROOT / "examples" / "small", ROOT / "environments"


@pytest.fixture(name="small", scope="module")
def _small(synthesised: Synthesised) -> Path:
    return synthesised("minnow")


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _document(out: Path, stack_id: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "stacks" / stack_id / "cdk.tf.json").read_text())
    return document


def _documents(out: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in Manifest.read(out).stacks:
        yield entry.id, _document(out, entry.id)


@pytest.mark.e2e
def test_another_process_in_another_folder_writes_the_same_bytes(small: Path, tmp_path: Path) -> None:
    """Another process, another folder and another hash seed change no byte; `python main.py` alone is that process."""
    shutil.copytree(SMALL, tmp_path / "environments")
    subprocess.run(
        [sys.executable, str(ROOT / "main.py")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": "1"},
        check=True,
        capture_output=True,
    )
    assert _tree(tmp_path / "cdktf.out") == _tree(small)


@pytest.mark.e2e
def test_several_jobs_write_the_same_bytes(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stacks split over two processes come out the same, with yet another hash seed."""
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    synthesise(SMALL, tmp_path / "out", jobs=2)
    assert _tree(tmp_path / "out") == _tree(small)


def test_the_manifest_lists_every_stack_with_its_hash(small: Path) -> None:
    """The manifest's hashes are those of the files, and no file of a stack is unlisted."""
    manifest = Manifest.read(small)
    assert {entry.id for entry in manifest.stacks} == set(StackGraph(load(SMALL)).nodes)
    assert all(digest(small / entry.path) == entry.sha256 for entry in manifest.stacks)
    assert {path.parent.name for path in small.glob("stacks/*/cdk.tf.json")} == {entry.id for entry in manifest.stacks}


def test_a_narrow_run_rewrites_only_what_it_selects(small: Path, tmp_path: Path) -> None:
    """With a pattern the other stacks keep their bytes, and the manifest still lists them."""
    out = tmp_path / "out"
    shutil.copytree(small, out)
    target = out / "stacks" / "platform-baseline" / "cdk.tf.json"
    target.write_text("{}")
    manifest = synthesise(SMALL, out, select="platform-*")
    assert _tree(out) == _tree(small)
    assert {entry.id for entry in manifest.stacks} == set(StackGraph(load(SMALL)).nodes)


def test_a_stack_that_left_the_configuration_leaves_the_output(small: Path, tmp_path: Path) -> None:
    """No stale folder stays behind, which Terraform or Atlantis would still plan."""
    out = tmp_path / "out"
    shutil.copytree(small, out)
    shutil.copytree(out / "stacks" / "platform-baseline", out / "stacks" / "gone-baseline")
    synthesise(SMALL, out)
    assert _tree(out) == _tree(small)


def test_faulty_yaml_leaves_the_last_output_alone(small: Path, tmp_path: Path) -> None:
    """A run that fails writes nothing, not even a temporary folder."""
    out, config = tmp_path / "out", tmp_path / "config"
    shutil.copytree(small, out)
    shutil.copytree(SMALL, config)
    (config / "dev.yaml").write_text("environment: dev\nsurprise: 1\n")
    with pytest.raises(ConfigError, match="surprise"):
        synthesise(config, out)
    assert _tree(out) == _tree(small)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", "out"]


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """`--out` onto a folder that mlgov did not write is an error, and the folder stays."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ConfigError, match="mlgov did not write"):
        synthesise(SMALL, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.e2e
def test_a_kill_in_the_middle_leaves_the_last_good_output(small: Path, tmp_path: Path) -> None:
    """Killed at many moments, synthesis has written all of the new output or nothing of it."""
    out = tmp_path / "out"
    shutil.copytree(small, out)
    before = _tree(out)
    config = tmp_path / "config"
    shutil.copytree(SMALL, config)
    organization = config / "organization.yaml"
    organization.write_text(organization.read_text().replace("name: minnow", "name: guppy", 1))
    for seconds in (0.3, 0.8, 1.2, 1.6):
        process = subprocess.Popen(
            [sys.executable, "main.py", "synth", "--config", str(config), "--out", str(out)],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = _tree(out)
        assert after == before or Manifest.read(out).organization.name == "guppy"
        assert all(digest(out / entry.path) == entry.sha256 for entry in Manifest.read(out).stacks)


def test_every_stack_locks_and_encrypts_its_state(small: Path) -> None:
    """Each backend is S3 with a lock file, encryption and the environment's key; none is local."""
    for stack_id, document in _documents(small):
        backend = document["terraform"]["backend"]
        assert set(backend) == {"s3"}, stack_id
        assert backend["s3"]["use_lockfile"] is True
        assert backend["s3"]["encrypt"] is True
        assert ":alias/minnow-" in backend["s3"]["kms_key_id"]


def test_every_stack_works_in_its_own_account_only(small: Path) -> None:
    """Each provider names the one account it may touch, and all but the bootstrap's assume a role there."""
    for stack_id, document in _documents(small):
        (provider,) = document["provider"]["aws"]
        assert len(provider["allowed_account_ids"]) == 1
        assert ("assume_role" in provider) == (stack_id != "management-bootstrap")
        assert set(provider["default_tags"][0]["tags"]) >= {"Organization", "Environment", "Account", "Stack"}


def test_the_provider_source_is_written_in_full(small: Path) -> None:
    """The short source that CDKTF writes makes OpenTofu upgrade on every init."""
    for _, document in _documents(small):
        assert document["terraform"]["required_providers"]["aws"] == {"source": "hashicorp/aws", "version": "5.100.0"}


def test_the_role_is_chosen_at_run_time_and_never_stored(small: Path) -> None:
    """The variable that chooses plan or apply is ephemeral and defaults to the read-only role."""
    document = _document(small, "platform-baseline")
    assert document["variable"]["access"]["ephemeral"] is True
    assert document["variable"]["access"]["default"] == "plan"
    assert document["provider"]["aws"][0]["assume_role"][0]["role_arn"].endswith("-mlgov-${var.access}")


def test_ids_of_new_accounts_come_from_the_organisation_stack(small: Path) -> None:
    """An account without an id in YAML is reached through the organisation's contract; a pinned one by its literal."""
    (platform,) = _document(small, "platform-baseline")["provider"]["aws"]
    (management,) = _document(small, "management-baseline")["provider"]["aws"]
    reference = "${data.terraform_remote_state.management-organization.outputs.account_ids.platform}"
    assert platform["allowed_account_ids"] == [reference]
    assert management["allowed_account_ids"] == [load(SMALL).management.id]


def test_only_allowed_escapes_leave_the_typed_bindings(small: Path) -> None:
    """The overrides that CDKTF records in its output are those that are known, each with its reason in the code."""
    found = set()
    for _, document in _documents(small):
        for kind, paths in document["//"]["metadata"].get("overrides", {}).items():
            found |= {(kind, path) for path in paths}
    assert found == {("backend", "use_lockfile"), ("stack", "terraform")}


def test_text_of_yaml_reaches_terraform_as_text(tmp_path: Path) -> None:
    """`${file("/etc/passwd")}` in a title arrives escaped, so Terraform reads it as the characters it is."""
    config = tmp_path / "config"
    shutil.copytree(SMALL, config)
    organization = config / "organization.yaml"
    text = organization.read_text()
    line = next(line for line in text.splitlines() if line.strip().startswith("title:"))
    indent = line[: len(line) - len(line.lstrip())]
    organization.write_text(text.replace(line, f"{indent}title: '${{file(\"/etc/passwd\")}}'", 1))
    synthesise(config, tmp_path / "out", select="management-baseline")
    contacts = _document(tmp_path / "out", "management-baseline")["resource"]["aws_account_alternate_contact"]
    assert '$${file("/etc/passwd")}' in {contact["title"] for contact in contacts.values()}


def test_two_resources_with_one_address_are_an_error(small: Path, tmp_path: Path) -> None:
    """CDKTF lets `a.b` and `ab` overwrite each other; here both construct paths are named."""
    from cdktf import App
    from cdktf_cdktf_provider_aws.sns_topic import SnsTopic

    from environments.graph import StackGraph
    from environments.stacks.baseline import BaselineStack

    class Clash(BaselineStack):
        def compose(self) -> None:
            super().compose()
            SnsTopic(self, "a.b")
            SnsTopic(self, "ab")

    organization = load(SMALL)
    graph = StackGraph(organization)
    with pytest.raises(SynthError, match=r"a\.b and .*/ab would both be"):
        Clash(
            App(outdir=str(tmp_path)),
            node=graph.nodes["platform-baseline"],
            graph=graph,
            organization=organization,
        )


def test_an_edge_that_is_not_used_is_an_error(tmp_path: Path) -> None:
    """The graph cannot promise what the stack does not consume: the two are held together."""
    from dataclasses import replace

    from cdktf import App

    from environments.graph import StackGraph
    from environments.stacks.baseline import BaselineStack
    from modules.foundations.contract import CiContract

    organization = load(SMALL)
    graph = StackGraph(organization)
    node = graph.nodes["platform-baseline"]
    extra = replace(node, consumes={**node.consumes, CiContract: "management-bootstrap"})
    with pytest.raises(ContractError, match="consumes CiContract, but it does not"):
        BaselineStack(App(outdir=str(tmp_path)), node=extra, graph=graph, organization=organization)


def test_a_stack_that_nobody_synthesised_is_refused(small: Path, tmp_path: Path) -> None:
    """A Terraform file beside those of the manifest would be neither judged nor applied: an error names it."""
    out = tmp_path / "out"
    shutil.copytree(small, out)
    shutil.copytree(out / "stacks" / "platform-baseline", out / "stacks" / "stray")
    with pytest.raises(ManifestError, match=r"stacks/stray/cdk\.tf\.json is not in"):
        Manifest.read(out)


def test_a_folder_without_a_manifest_is_told_apart(tmp_path: Path) -> None:
    """Gate and delivery stop at a folder that holds no synthesis, and say what to run."""
    with pytest.raises(ManifestError, match="run `mlgov synth"):
        Manifest.read(tmp_path)
    (tmp_path / FILE_NAME).write_text('{"version": 1}')
    with pytest.raises(ManifestError, match="not a manifest of this version"):
        Manifest.read(tmp_path)
