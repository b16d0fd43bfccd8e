"""What a user gets wrong ends with a sentence that says what and where, and its exit code: never with a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import main
from delivery.run_result import write_atomically
from delivery.verbs import check
from environments.manifest import Manifest, ManifestError
from policies.report import results
from tests.policies.access.organisation import Organisation
from tests.support.stacks import Synthesis

Output = pytest.CaptureFixture[str]


@pytest.fixture(name="synthesis")
def _synthesis(tmp_path: Path) -> Synthesis:
    synthesis = Synthesis(tmp_path)
    synthesis.stack("a", {})
    assert synthesis.manifest.stacks  # writes it
    return synthesis


@pytest.mark.parametrize("words", [("access", "duties"), ("access", "who-can", "s3:Get*"), ("controls", "coverage")])
@pytest.mark.parametrize("content", ["{", None])
def test_a_stack_that_is_not_as_it_was_synthesised_is_not_read(
    synthesis: Synthesis, capsys: Output, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], content: str | None
) -> None:
    """Changed or gone, the questions about it are refused with 3: an answer would be of other bytes than the gate's."""
    stack = synthesis.out / synthesis.entries["a"].path
    if content is None:
        stack.unlink()
    else:
        stack.write_text(content)
    monkeypatch.chdir(synthesis.out.parent)  # where no run has left a verdict
    assert main.main([*words, "--out", str(synthesis.out)]) == 3
    assert f"stack a: {stack} " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("access", "duties", "SOD-01"), "takes no names"),
        (("access", "duties", "--on", "*x"), "does not know --on"),
        (("access", "diff", "a", "b", "--account", "dev"), "does not know --account"),
        (("access", "who-can", "s3:Get*", "--fail-on-open"), "does not know --fail-on-open"),
        (("controls", "list", "SM-01"), "controls show SM-01"),
        (("controls", "show"), "controls show SM-01"),
    ],
)
def test_what_a_question_does_not_take_is_refused(
    synthesis: Synthesis, capsys: Output, words: tuple[str, ...], says: str
) -> None:
    """An option or a name that changes nothing would let a user believe that it had."""
    assert main.main([*words, "--out", str(synthesis.out)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("access", "who-can", "s3:Get*", "--when", "vpc=1"), "aws:SourceVpc=vpc-1"),
        (("evidence", "verify", "pack", "--sha256", "abc"), "64 hexadecimal digits"),
    ],
)
def test_a_value_of_another_form_is_refused(capsys: Output, words: tuple[str, ...], says: str) -> None:
    """Before anything is read."""
    with pytest.raises(SystemExit, match="2"):
        main.main(words)
    assert says in capsys.readouterr().err


def test_two_organisations_are_not_compared(tmp_path: Path, capsys: Output) -> None:
    """All that differs between them is no change: the folders were mistaken."""
    for name in ("old", "new"):
        Organisation().write(tmp_path / name)
    manifest = tmp_path / "new" / "mlgov.json"
    manifest.write_text(manifest.read_text().replace('"tiny"', '"minnow"'))
    assert main.main(["access", "diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 2
    assert capsys.readouterr().err == "OLD is a synthesis of tiny, NEW of minnow: name two of one organisation\n"


def test_a_place_that_cannot_be_written_is_named(synthesis: Synthesis, tmp_path: Path, capsys: Output) -> None:
    """A file stands where a folder must: one sentence that names it, and exit 2."""
    (file := tmp_path / "file").touch()
    assert main.main(["report", "--out", str(synthesis.out), "--work", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{file}/acme cannot be read or written (Not a directory)")


def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A folder stands where a file must: the text that should have replaced it is gone."""
    (folder := tmp_path / "summary.md").mkdir()
    with pytest.raises(IsADirectoryError):
        results.write(folder, "text")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 2}'])
@pytest.mark.parametrize(
    ("file", "code", "says"),
    [
        ("gate/verdict.json", 3, "no verdict of this version"),
        ("aws/last-apply.json", 4, "no result of a run of this version"),
        ("aws/plans/verdict.json", 3, "no verdict of this version"),
    ],
)
def test_a_report_of_what_cannot_be_read_is_not_written(
    synthesis: Synthesis, tmp_path: Path, capsys: Output, file: str, code: int, says: str, content: str
) -> None:
    """One sentence names the file; a page without what it holds would tell of a run that never was."""
    path = tmp_path / "acme" / file
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert main.main(["report", "--out", str(synthesis.out), "--work", str(tmp_path)]) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: {says} (")
    assert not (tmp_path / "acme" / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("atlantis", "--server", "repos.yaml"), "add --verify FILE"),
        (("atlantis", "--project", "a"), "add --guard"),
        (("atlantis", "--guard", "production"), "add --project and --dir"),
        (("atlantis", "--root", "nowhere"), "--root nowhere is no folder"),
        (("atlantis", "--verify", "binary"), "binary is not UTF-8 text"),
        (("affected", "--base", "HEAD", "--config", "nowhere"), "--config nowhere is no folder"),
    ],
)
def test_delivery_refuses_what_it_would_not_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, words: tuple[str, ...], says: str
) -> None:
    """Exit 2 in one line; an option that is not looked at makes no file either."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    config = () if "--config" in words else ("--config", str(Path(main.__file__).parent / "examples" / "small"))
    assert main.main([*words, *config]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert [path.name for path in tmp_path.iterdir()] == ["binary"]


def test_ctrl_c_is_a_sentence_and_130(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """As shells count it, and without a traceback."""

    def pressed(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", pressed)
    assert main.main(["check"]) == 130
    assert capsys.readouterr().err == "interrupted: what was not finished is not done; run it again\n"


def test_a_closed_standard_output_is_no_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`>&-` leaves Python without the stream: what would be said is dropped, and the exit code tells."""
    monkeypatch.setattr(sys, "stdout", None)
    assert main.main(["controls", "show", "SM-01"]) == 0


def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    """A folder stands where the file must: the text that was written beside it is taken away."""
    (tmp_path / "page").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "page", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["page"]


def test_a_merge_conflict_in_the_manifest_is_one_line(tmp_path: Path) -> None:
    """Not what a parser prints over three lines, and no page of a library's documentation."""
    (tmp_path / "mlgov.json").write_text("{\n<<<<<<< HEAD\n}\n")
    with pytest.raises(ManifestError, match=r"^\S+mlgov.json: not a manifest of this version \(Invalid JSON: [^\n]+$"):
        Manifest.parse(tmp_path)
