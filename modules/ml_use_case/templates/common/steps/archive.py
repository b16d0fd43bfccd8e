"""model.tar.gz, as SageMaker packs what a training job leaves."""

from __future__ import annotations

import tarfile
from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack files and folders, and nothing else.

    Raises ValueError for a link, and for a path that leaves the folder.
    """
    root = folder.resolve()
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            target = (root / member.name).resolve()
            if not (member.isfile() or member.isdir()) or (target != root and root not in target.parents):
                raise ValueError(f"{archive} holds {member.name}, which is no file below it")
        packed.extractall(root)
