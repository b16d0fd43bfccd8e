"""An evidence pack proves that what was reviewed is what is applied, or it is not written."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

import main
from delivery import saved_plan
from delivery.apply_record import Applied, read
from delivery.evidence import facts
from delivery.evidence.model import MANIFEST, EvidenceError, Source
from delivery.evidence.pack import verify
from delivery.target import Target
from delivery.workspace import Workspace
from environments.manifest import ManifestError, digest
from modules.core.errors import ConfigError
from policies.plan import PlanDocument, PlannedChange
from policies.record import GateFault
from tests.delivery.conftest import Deliver
from tests.support.delivered import SECRET, SOURCE, VERSIONS, WAIVERS, Delivered, digests, verdict
from tests.support.stacks import Synthesis


def test_a_pack_says_of_each_stack_what_was_judged_and_what_is_applied(delivered: Delivered) -> None:
    """Digests of stack, plan and document, with the gate's verdict over each; versions, providers and commit."""
    pack, sha256 = delivered.pack()
    evidence = verify(pack, sha256=sha256)
    one, two = evidence.review.stacks
    assert (one.gate, one.applied and one.applied.sha256, one.applied_plan_gate) == ("passed", one.sha256, "passed")
    assert (one.plan, one.plan_gate) == (None, "not judged")
    assert (two.gate, two.applied, two.applied_plan_gate) == ("passed", None, "not judged")
    assert (two.plan and two.plan.sha256, two.plan_gate) == (two.sha256, "passed")
    assert (evidence.source, evidence.versions, evidence.made) == (SOURCE, VERSIONS, SOURCE.committed)
    assert evidence.review.providers == {"hashicorp/aws": ("5.100.0",)}
    assert evidence.review.waivers_sha256 == hashlib.sha256(WAIVERS).hexdigest()
    assert sorted(path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()) == [
        "SHA256SUMS", "applied/one.json", "applied/one.plan.json", "gate/junit.xml", "gate/results.csv",
        "gate/results.sarif", "gate/summary.md", "gate/verdict.json", "manifest.json", "plan-gate/junit.xml",
        "plan-gate/results.csv", "plan-gate/results.sarif", "plan-gate/summary.md", "plan-gate/verdict.json",
        "plans/two.json", "plans/two.plan.json", "synthesis/mlgov.json", "synthesis/stacks/one/cdk.tf.json",
        "synthesis/stacks/two/cdk.tf.json", "waivers.yaml",
    ]  # fmt: skip


def test_equal_inputs_make_equal_bytes(delivered: Delivered) -> None:
    """No clock, path or host is in a pack; a second one replaces the first whole."""
    first, sha256 = delivered.pack()
    content = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    again, same = delivered.pack()
    assert (again, same) == (first, sha256)
    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == content
    assert not any(str(delivered.root).encode() in held for held in content.values())


def test_no_secret_of_a_plan_is_in_a_pack(delivered: Delivered) -> None:
    """Terraform's plan file stays where it is, and the gate's document of it holds no sensitive value."""
    pack, _ = delivered.pack()
    assert delivered.folder("two").plan.read_bytes() == SECRET
    assert not any(SECRET in path.read_bytes() for path in pack.rglob("*") if path.is_file())


def _change_record(**changes: object) -> Callable[[Delivered], None]:
    def spoil(delivered: Delivered) -> None:
        folder = delivered.folder("one")
        found = read(folder)
        assert found is not None
        folder.applied.write_text(found.model_copy(update=changes).model_dump_json())

    return spoil


def _judge(**options: object) -> Callable[[Delivered], None]:
    return lambda delivered: verdict(digests(delivered), **options).write(delivered.results)  # type: ignore[arg-type]


def _with_fault(delivered: Delivered, stack: str | None) -> None:
    """A verdict with one fault, of a stack or of the whole run."""
    found = verdict(digests(delivered))
    if stack:
        told = found.stacks[stack].model_copy(update={"passed": False})
        found = found.model_copy(update={"stacks": {**found.stacks, stack: told}})
    fault = GateFault(kind="waiver-expired", message="waivers.yaml:1 expired", stack=stack)
    found.model_copy(update={"passed": False, "faults": (fault,)}).write(delivered.results)


def _other_plan(delivered: Delivered) -> None:
    """The document that was kept is of a plan of another stack, and the record is made to fit."""
    change = PlannedChange(address="a.b", type="a", name="b", actions=["create"], after={}, unknown={})
    content = PlanDocument(stack="{}", changes=[change]).model_dump_json()
    delivered.folder("one").applied_document.write_text(content)
    _change_record(document=hashlib.sha256(content.encode()).hexdigest())(delivered)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_judge(passed=False), r"the gate has not passed, .*: one \(applied on .*\), two"),
        (lambda d: _with_fault(d, None), "gate/verdict.json passes no stack: waiver-expired: waivers.yaml:1 expired"),
        (
            lambda d: _with_fault(d, "one"),
            r"the gate has not passed, or no longer when it was applied: one \(applied on",
        ),
        (_judge(valid_until=date(2020, 1, 1)), r"no longer when it was applied: one \(applied on"),
        (
            lambda d: verdict({"two": digests(d)["two"]}).write(d.results),
            "the gate has not judged these bytes of: one; run",
        ),
        (lambda d: verdict({**digests(d), "three": "0"}).write(d.results), "not in the synthesis: three"),
        (lambda d: (d.results / "verdict.json").unlink(), "gate/verdict.json is missing"),
        (lambda d: (d.results / "verdict.json").write_text("{}"), "gate/verdict.json cannot be read"),
        (lambda d: d.waivers.write_bytes(b"[] # changed\n"), "waivers.yaml is not the file that the gate has applied"),
        (lambda d: d.waivers.unlink(), "waivers.yaml cannot be read"),
        (_change_record(sha256="0" * 64), "stack one: what is applied was made of other bytes than were reviewed"),
        (_change_record(unfinished=True), "stack one: its last apply did not end well"),
        (_change_record(document=""), "applied/one.plan.json is not what applied/one.json says"),
        (lambda d: d.folder("one").applied_document.unlink(), "applied/one.plan.json is not what applied/one.json"),
        (lambda d: d.folder("one").applied.write_text("{}"), "applied/one.json cannot be read"),
        (_other_plan, "applied/one.plan.json is of a plan of other bytes than those of stack one"),
        (lambda d: d.folder("two").plan_document.write_text("{}"), "plans/two.plan.json is not what plans/two.json"),
        (lambda d: d.folder("two").plan_document.unlink(), "plan.json cannot be read"),
    ],
)
def test_what_contradicts_itself_is_not_packed(
    delivered: Delivered, spoil: Callable[[Delivered], object], says: str
) -> None:
    """The stack or file is named, and an earlier pack is left as it is."""
    pack, _ = delivered.pack()
    before = (pack / MANIFEST).read_bytes()
    spoil(delivered)
    with pytest.raises(EvidenceError, match=says):
        delivered.pack()
    assert (pack / MANIFEST).read_bytes() == before
    assert not list(delivered.root.glob(".pack*"))


def test_what_a_stack_ships_beside_its_json_is_in_the_pack(delivered: Delivered) -> None:
    """An asset stands beside its stack, and one that was changed since the synthesis is refused."""
    entry = delivered.synthesis.entries["two"]
    asset = (delivered.synthesis.out / entry.path).parent / "assets" / "rules.guard"
    asset.parent.mkdir()
    asset.write_text("rule")
    with_asset = entry.model_copy(update={"assets": {"assets/rules.guard": digest(asset)}})
    delivered.synthesis.entries["two"] = with_asset
    pack, _ = delivered.pack()
    assert (pack / "synthesis/stacks/two/assets/rules.guard").read_text() == "rule"
    verify(pack)
    asset.write_text("changed")
    with pytest.raises(ManifestError, match=r"rules\.guard was changed after synthesis"):
        delivered.pack()


def test_a_verdict_of_other_policies_is_not_packed(delivered: Delivered) -> None:
    """What the gate would say today must be what it has said."""
    with pytest.raises(EvidenceError, match="the policies have changed since the verdict"):
        delivered.pack(policies="q")


def test_a_folder_that_is_no_pack_is_left_alone(delivered: Delivered) -> None:
    """It is neither replaced nor verified."""
    (delivered.root / "other").mkdir()
    (delivered.root / "other" / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="name a new or empty folder"):
        delivered.pack("other")
    with pytest.raises(EvidenceError, match=r"manifest\.json is missing: this is no evidence pack"):
        verify(delivered.root / "other")
    with pytest.raises(ConfigError, match="there is no such folder"):
        verify(delivered.root / "nowhere")
    (delivered.root / "empty").mkdir()
    verify(delivered.pack("empty")[0])


@pytest.fixture(name="evidence")
def _evidence(delivered: Delivered, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`mlgov evidence`, told what git and Terraform would say."""
    monkeypatch.setattr(facts, "source", lambda folder: Source(reason="git is not installed here"))
    monkeypatch.setattr(facts, "versions", lambda: VERSIONS)
    monkeypatch.setattr("policies.cache.tree_digest", lambda *folders: "p")

    def evidence(*arguments: str) -> int:
        places = {"--out": delivered.synthesis.out, "--work": delivered.root / "work", "--waivers": delivered.waivers}
        return main.main(["evidence", *(str(part) for pair in places.items() for part in pair), *arguments])

    return evidence


def test_the_verb_writes_and_verifies(
    evidence: Callable[..., int], delivered: Delivered, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 with the digest to keep; with it, what was written is proven, and with another it is not: exit 3."""
    assert evidence("--at", "2026-11-23T10:00:00+01:00") == 0
    first, where, digest = capsys.readouterr().out.splitlines()
    pack, sha256 = where.removeprefix("evidence: "), digest.rpartition(" ")[2]
    told = json.loads((Path(pack) / MANIFEST).read_bytes())
    assert (told["made"], told["source"]["commit"]) == ("2026-11-23T09:00:00+00:00", None)
    assert told["source"]["reason"] == "git is not installed here"
    assert first.startswith("acme: 2 stacks passed the gate, 1 applied on aws, 1 by a plan that the gate has passed")
    assert main.main(["evidence", "verify", pack, "--sha256", sha256.upper()]) == 0
    assert "manifest.json is the one that was written" in capsys.readouterr().out
    assert main.main(["evidence", "verify", pack]) == 0
    assert "give --sha256" in capsys.readouterr().out
    assert main.main(["evidence", "verify", pack, "--sha256", "0" * 64]) == 3
    assert main.main(["evidence", "verify", pack, "--applied"]) == 3
    assert "there is no record of an apply of: two" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--at", "yesterday"), "'yesterday' is no time in ISO 8601"),
        (("--at", "2026-11-23T10:00:00"), "with its zone"),
        (("verify", "nowhere"), "nowhere: there is no such folder"),
    ],
)
def test_wrong_options_exit_2(
    evidence: Callable[..., int], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    """The message says what is wrong."""
    assert evidence(*arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.e2e
def test_git_says_which_commit_and_whether_the_tree_is_clean(tmp_path: Path) -> None:
    """Without a commit the reason is told; a new file makes the tree unclean; GIT_DIR of the caller is not heeded."""
    reason = "git finds no commit here: no repository, an empty one, or one of another owner"
    assert facts.source(tmp_path) == Source(reason=reason)
    (tmp_path / "a").write_text("a")
    author = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "a"], [*author, "commit", "-qm", "a", "--date=2026-11-22T09:00:00Z"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    found = facts.source(tmp_path)
    assert (len(found.commit or ""), found.clean, found.reason) == (40, True, "")
    assert (found.committed or "").endswith("+00:00")
    (tmp_path / "b").write_text("b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
        assert facts.source(tmp_path) == found.model_copy(update={"clean": False})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert facts.source(tmp_path) == Source(reason="git is not installed here")


@pytest.mark.e2e
def test_a_pack_tells_the_releases_that_are_installed(synthesis: Synthesis, tmp_path: Path) -> None:
    """Those of the packages and of Terraform; without a Terraform none is claimed."""
    found = facts.versions()
    assert (found.checkov, found.cdktf) == (version("checkov"), version("cdktf"))
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", found.terraform or "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        patch.chdir(tmp_path)  # a Terraform that `make terraform` has fetched is found below the current folder
        patch.delenv("MLGOV_TERRAFORM", raising=False)
        assert facts.versions() == found.model_copy(update={"terraform": None})


@pytest.mark.e2e
def test_what_terraform_applied_is_what_the_pack_says(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """A judged plan, applied, is proven; when other bytes are applied past the review, the pack is refused."""
    synthesis.stack("one", {"x": {"input": "a"}})
    delivered = Delivered(
        tmp_path, synthesis, Workspace.open(tmp_path / "work", synthesis.out, synthesis.manifest, Target.aws())
    )
    delivered.waivers.write_bytes(WAIVERS)
    verdict(digests(delivered)).write(delivered.results)
    deliver("plan")
    plan = saved_plan.read(delivered.folder("one"), synthesis.entries["one"])
    assert plan is not None
    verdict({"one": plan.document}).write(delivered.space.plans)
    deliver("apply", judged=lambda folder: lambda stack_id, sha256: sha256 == plan.document)
    pack, sha256 = delivered.pack()
    (one,) = verify(pack, sha256=sha256, applied=True).review.stacks
    assert one.applied is not None
    assert (one.applied.plan, one.applied.document, one.applied_plan_gate) == (plan.plan, plan.document, "passed")
    assert one.applied.gated
    assert isinstance(one.applied, Applied)
    reviewed = (synthesis.out / synthesis.entries["one"].path).read_bytes()
    synthesis.stack("one", {"x": {"input": "b"}})
    deliver("apply")
    synthesis.rewrite("one", json.loads(reviewed))
    with pytest.raises(EvidenceError, match="stack one: what is applied was made of other bytes than were reviewed"):
        delivered.pack()
