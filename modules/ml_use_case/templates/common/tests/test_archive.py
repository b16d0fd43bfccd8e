"""model.tar.gz is unpacked below its folder, and nowhere else."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from archive import unpack


def pack(folder: Path, *members: tarfile.TarInfo) -> Path:
    """An archive of members that each hold a word."""
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for member in members:
            member.size = 5 if member.isfile() else 0
            archive.addfile(member, io.BytesIO(b"model") if member.isfile() else None)
    return folder / "model.tar.gz"


def link(kind: bytes) -> tarfile.TarInfo:
    """A link to a file of the machine."""
    member = tarfile.TarInfo("model")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def test_files_and_folders_are_unpacked(tmp_path: Path) -> None:
    """As SageMaker packs them, with a dot before."""
    unpack(
        pack(tmp_path, tarfile.TarInfo("./xgboost-model.ubj"), tarfile.TarInfo("./code/inference.py")), tmp_path / "m"
    )
    assert (tmp_path / "m" / "code" / "inference.py").read_bytes() == b"model"


@pytest.mark.parametrize(
    "member",
    [tarfile.TarInfo("../outside"), tarfile.TarInfo("/outside"), link(tarfile.SYMTYPE), link(tarfile.LNKTYPE)],
    ids=["above", "absolute", "symbolic link", "hard link"],
)
def test_nothing_leaves_the_folder(member: tarfile.TarInfo, tmp_path: Path) -> None:
    """A model that somebody else packed cannot write elsewhere, nor show a file of the machine."""
    with pytest.raises(ValueError, match="which is no file below it"):
        unpack(pack(tmp_path, member), tmp_path / "m")
    assert not (tmp_path / "m").exists() or not any((tmp_path / "m").iterdir())
