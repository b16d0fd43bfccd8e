"""Writing `live/` without jsii: the stacks are taken from a synthesis that is there already."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from environments import build
from environments.graph import StackGraph
from environments.layout import STACKS
from environments.node import Node


def taken_from(synthesis: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every synthesis of this test take its stacks from the folder `synthesis`, in the layout of the cdktf CLI."""

    def copy(graph: StackGraph, nodes: Sequence[Node], place: Path) -> None:
        for node in nodes:
            shutil.copytree(synthesis / STACKS / node.id, place / STACKS / node.id)
        shutil.copyfile(synthesis / build.CDKTF_MANIFEST, place / build.CDKTF_MANIFEST)

    monkeypatch.setattr(build, "_synthesise_part", copy)
