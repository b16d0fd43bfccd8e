"""Seed code of the products of this module, by its key in the bucket of templates. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modules.core.assets import Archive
from modules.ml_platform.product_template import filled_in

SEEDS = Path(__file__).parent / "products" / "seeds"


def seed_key(name: str) -> str:
    """The key of the seed code `name`. New projects take what lies there; those that exist are not changed by it."""
    return f"seeds/{name}.zip"


def product_seeds(*, organization: str, templates: str) -> Mapping[str, bytes]:
    """Each archive by its key; the same files make the same bytes."""
    found = {}
    for folder in sorted(path for path in SEEDS.iterdir() if path.is_dir()):
        files = {
            path.relative_to(folder).as_posix(): filled_in(
                path.read_bytes(), organization=organization, templates=templates
            )
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
        found[seed_key(folder.name)] = Archive.of_files(files).content
    return found
