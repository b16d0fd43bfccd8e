"""The seed repository of a project: what its team's data scientists begin with. Pure: files in, files out.

A repository is the layers below `templates/`, later ones over earlier: the schema and the example of what the build
tells it (`project_document.py`), `common/`, and the template's own folder.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from modules.core.errors import ConfigError
from modules.ml_use_case.project_settings import BuildTemplate

_TEMPLATES = Path(__file__).parent / "templates"
_SHARED = {
    "settings.schema.json": "ml_pipeline/settings.schema.json",
    "settings.example.json": "tests/settings.example.json",
}
_PLACEHOLDER = b"PROJECT_NAME"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can tell


def seed_files(template: BuildTemplate, project: str) -> dict[str, bytes]:
    """The files of the repository by their path, sorted, with the project's name in its place."""
    files = {path: (_TEMPLATES / name).read_bytes() for name, path in _SHARED.items()}
    for layer in ("common", template):
        root = _TEMPLATES / layer
        files |= {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and not _made_by_tools(path.relative_to(root))
        }
    return {path: content.replace(_PLACEHOLDER, project.encode()) for path, content in sorted(files.items())}


def seed_archive(template: BuildTemplate, project: str) -> bytes:
    """The repository as a zip file. The same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in seed_files(template, project).items():
            entry = zipfile.ZipInfo(path, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, on any machine
            archive.writestr(entry, content)
    return buffer.getvalue()


def write_seed(template: BuildTemplate, project: str, folder: Path) -> list[Path]:
    """Write the repository into a folder that is new or empty; the files written.

    Raises ConfigError when something lies there already: nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder}: is not empty; name a new folder for the seed repository of {project}")
    written = []
    for path, content in seed_files(template, project).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written


def _made_by_tools(path: Path) -> bool:
    return any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)
