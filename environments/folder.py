"""Putting a finished folder in the place of the last one in a single step."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from environments.manifest import FILE_NAME

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def is_ours(folder: Path) -> bool:
    """Whether `folder` may be replaced: it is absent, empty, or an earlier output of mlgov."""
    if not folder.exists():
        return True
    return folder.is_dir() and not folder.is_symlink() and ((folder / FILE_NAME).is_file() or not any(folder.iterdir()))


def exchange(fresh: Path, target: Path) -> None:
    """Make `fresh` stand at `target`, which afterwards holds the new content whole.

    At no moment is `target` missing or mixed, where the system can swap two names (Linux, macOS);
    elsewhere it is missing for the time of one rename. What stood there before stands at `fresh`.
    """
    if not target.exists():
        fresh.rename(target)
    elif not _swap(fresh, target):
        old = fresh.with_name("old")
        target.rename(old)
        fresh.rename(target)
        old.rename(fresh)


def _swap(one: Path, other: Path) -> bool:
    libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if libc is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(*names, _RENAME_SWAP) == 0)
    if hasattr(libc, "renameat2"):
        return bool(libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
    return False
