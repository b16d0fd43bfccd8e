"""The source of every release: what its builds run, as one archive. No cdktf here."""

from __future__ import annotations

from modules.core.assets import ROOT, Archive

KEY = "source/release.zip"
_PACKAGES = ("release", "passport")
_FILES = ("cards.py", "identity.py", "layout.py", "releases.py")


def release_scripts() -> Archive:
    """The packages under their own paths, and of what is around them only what they import."""
    here = ROOT / "modules" / "ml_operations"
    files = {f"modules/{name}": b"" for name in ("__init__.py", "ml_operations/__init__.py")}
    for package in _PACKAGES:
        for path in (here / package).rglob("*.py"):
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    files |= {f"modules/ml_operations/{name}": (here / name).read_bytes() for name in _FILES}
    return Archive.of_files(files)
