"""Copies of this repository in which the documentation's commands are run, one for each organisation."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import main
from tests.support.blocks import Command
from tests.support.organisations import ORGANISATIONS, ROOT

_OWN_PROCESS = frozenset({"affected", "retire", "synth"})  # Node stays in the folder in which this process started it
_GIT = ["git", "-c", "user.name=docs", "-c", "user.email=docs@example.com", "-c", "commit.gpgsign=false"]


class World:
    """A repository whose `environments/` is the organisation's; stacks in `cdktf.out/` and `main/`, all committed.

    minnow's is judged by the gate. acme is there to be asked: its stacks belong to all tests of the run, so nothing may
    be synthesised there.
    """

    def __init__(self, root: Path, organisation: str, stacks: Path) -> None:
        self.root = root
        self._stacks = stacks
        self._shims = root.with_name(f"{root.name}-bin")
        _copy(root)
        if organisation == "minnow":
            _replace_yaml(root / "environments", ORGANISATIONS[organisation])
            shutil.copytree(stacks, root / "cdktf.out")
        else:
            (root / "cdktf.out").symlink_to(stacks)
        (root / "main").symlink_to(stacks)
        self._shims.mkdir()
        shim = self._shims / "mlgov"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/main.py" "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
        if organisation == "minnow":
            self.run(Command("mlgov gate"))
        with (root / ".git" / "info" / "exclude").open("a", encoding="utf-8") as exclude:
            exclude.write("/main\n/cdktf.out\n")
        _git(root, "add", "--all")
        _git(root, "commit", "--quiet", "--message", "The organisation")
        _git(root, "update-ref", "refs/remotes/origin/main", "HEAD")

    def run(self, command: Command) -> str:
        """Run the command; returns what it printed. AssertionError when it ends badly or prints something else."""
        arguments = command.arguments
        inside = arguments is not None and _OWN_PROCESS.isdisjoint(arguments[:1])
        code, printed = self._mlgov(arguments) if arguments and inside else self._shell(command.line)
        assert code == 0, f"{command.line}\nended with {code}:\n{printed}"
        rest = printed
        for line in command.printed:
            assert line in rest, f"{command.line}\ndid not print, or not there: {line}\nbut:\n{printed}"
            rest = rest.partition(line)[2]
        return printed

    def reset(self) -> None:
        """Take back what a page's commands changed of what is committed or synthesised."""
        _git(self.root, "reset", "--quiet", "--hard")
        _git(self.root, "clean", "--quiet", "--force", "-d")
        out = self.root / "cdktf.out"
        if (out / "mlgov.json").read_bytes() != (self._stacks / "mlgov.json").read_bytes():
            shutil.rmtree(out)
            shutil.copytree(self._stacks, out)

    def _mlgov(self, arguments: list[str]) -> tuple[int, str]:
        said = io.StringIO()
        with self._inside(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = main.main(arguments)
            except SystemExit as ended:  # --help
                code = int(ended.code or 0)
        return code, said.getvalue()

    def _shell(self, line: str) -> tuple[int, str]:
        environment = os.environ | {"PATH": f"{self._shims}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-ec", line], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        with contextlib.chdir(self.root):
            yield


def _copy(root: Path) -> None:
    """Every file of this repository that git does not ignore, in a repository of its own."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    _git(root, "init", "--quiet", "--initial-branch", "main")


def _replace_yaml(target: Path, source: Path) -> None:
    for name in ("teams", "domains", "features", "projects"):
        shutil.rmtree(target / name)
    shutil.copytree(source, target, dirs_exist_ok=True)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run([*_GIT, *arguments], cwd=root, check=True, capture_output=True)
