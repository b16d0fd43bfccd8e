"""The versions of each product: what was published stays published, byte by byte. No cdktf here.

The newest version's template is `products/<product>.yaml`. Who changes it first moves the old one to
`products/superseded/<product>-<version>.yaml` and puts a version on top here, so that what runs in teams' accounts can
still be updated, looked at and taken down by the template that made it. `sha256` is the lock: a template that differs
from it is not published (`tests/modules/test_products.py` says what to write).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.core.errors import SynthError
from modules.ml_platform.names import Product

TEMPLATES = Path(__file__).parent / "products"
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a product, by semantic version: `notes` say what a team gets with it.

    `withdrawn`: nobody launches it or updates to it any more; it stays listed for what was launched from it.
    """

    number: str
    sha256: str
    notes: str
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.number):
            raise ValueError(f"the version {self.number!r} must be three numbers such as 1.0.0")


# Newest first: the first is the one that teams should take.
VERSIONS: Mapping[Product, tuple[Version, ...]] = {}


def template_file(product: Product, version: Version) -> Path:
    """Where the template of this version lies: the newest beside the others, an older one below `superseded`."""
    newest = VERSIONS[product][0]
    return TEMPLATES / (
        f"{product}.yaml" if version == newest else f"superseded/{product}-{version.number}.yaml"
    )


def template_key(product: Product, version: Version) -> str:
    """Where the template of this version lies in the bucket of templates."""
    return f"products/{product}/{version.number}-{version.sha256[:16]}.yaml"


def template(product: Product, version: Version) -> bytes:
    """The template as it is published. Raises SynthError when it is not the one that the lock names."""
    content = template_file(product, version).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != version.sha256:
        raise SynthError(
            f"the template of {product} {version.number} has the SHA-256 {found}, and product_versions.py says "
            f"{version.sha256}: a published template does not change; add a version on top and supersede this one"
        )
    return content
