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
VERSIONS: Mapping[Product, tuple[Version, ...]] = {
    "athena-workgroup": (
        Version(
            "1.0.0",
            "0f78f193c2447204c6cc5fd5a3fca0a1042fdfd4c0e09e0225fec69b17bd837b",
            "A workgroup with a scan limit, its bucket of results and their access logs.",
        ),
    ),
    "mlflow-server": (
        Version(
            "1.0.0",
            "92f252414a8cf4b9786fc8f54294b1d45bdafe0fdcbce43f5a4b16a61e4f9c1f",
            "A server of the size chosen, its bucket of artefacts and their access logs.",
        ),
    ),
    "sagemaker-domain": (
        Version(
            "1.0.0",
            "63e9d1c564498490d81bd12fd4c3fd14fb9517c0090cae8d7cdb6841ad94cda8",
            "A domain in the VPC only, with idle shutdown and sign-in by Identity Center.",
        ),
    ),
    "user-profile": (
        Version(
            "1.0.0",
            "f4a7d6b6e15459d8d300861650e94bfc4c418ff83358352bec8b682c95519eff",
            "A profile for one person of Identity Center, with the execution role of the job.",
        ),
    ),
    "build-template": (
        Version(
            "1.0.0",
            "31216fab916133c758efb147519b1d99d5789a3942815cfe3cff01394fa8d246",
            "Repository or connection, pipeline of test, build and register, bucket and group of models.",
        ),
    ),
    "deploy-template": (
        Version(
            "1.0.0",
            "cf47c59c34d58e35c8255e651aae949592f190b5f0a2dab5b2ad3fe20d5bb1c6",
            "Pipeline from the newest approved version to an endpoint for trials, in the development account alone.",
        ),
    ),
}


def template_file(product: Product, version: Version) -> Path:
    """Where the template of this version lies: the newest beside the others, an older one below `superseded`."""
    newest = VERSIONS[product][0]
    return TEMPLATES / (
        f"{product}.yaml" if version.number == newest.number else f"superseded/{product}-{version.number}.yaml"
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
