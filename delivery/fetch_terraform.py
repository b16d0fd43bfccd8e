"""`make terraform`: fetch one pinned Terraform release and check its SHA-256 before it is unpacked.

The checksums below are HashiCorp's published ones for this release; they were compared with HashiCorp's own
Homebrew formula of the same version. Nothing that differs from them is written to disk.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from delivery.binary import FETCHED
from modules.core.errors import MlgovError, TerraformError

VERSION = "1.11.4"
SHA256 = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}
RELEASES = "https://releases.hashicorp.com/terraform"
MIRROR_VARIABLE = "MLGOV_TERRAFORM_RELEASES"  # an address that serves the same files; the checksums stay ours
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def platform_key(system: str, machine: str) -> str:
    """The release's name for a platform, such as `linux_amd64`; raises TerraformError for one without a pin."""
    key = f"{system.lower()}_{_MACHINES.get(machine.lower(), machine.lower())}"
    if key not in SHA256:
        raise TerraformError(
            f"No Terraform is pinned for {key}, only for {', '.join(sorted(SHA256))}; install it yourself."
        )
    return key


def fetch(target: Path, *, key: str, base: str = RELEASES, checksums: dict[str, str] = SHA256) -> Path:
    """Download the release for `key`, check it, and put the executable at `target`; returns `target`.

    Raises TerraformError when the download fails or its SHA-256 is not the pinned one; then nothing is written.
    """
    url = f"{base}/{VERSION}/terraform_{VERSION}_{key}.zip"
    try:
        with urllib.request.urlopen(url, timeout=120) as response:
            archive = response.read()
    except (urllib.error.URLError, OSError) as error:
        raise TerraformError(f"Could not download {url} ({error}); install Terraform >= {VERSION} yourself.") from error
    actual = hashlib.sha256(archive).hexdigest()
    if actual != checksums[key]:
        raise TerraformError(f"{url} has SHA-256 {actual}, not the pinned {checksums[key]}: nothing was installed.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(zipfile.ZipFile(io.BytesIO(archive)).read("terraform"))
    partial.chmod(0o755)
    partial.replace(target)
    return target


def main() -> int:
    """Fetch for this machine into `.mlgov/bin`, from `MLGOV_TERRAFORM_RELEASES` if set; returns the exit code."""
    try:
        base = os.environ.get(MIRROR_VARIABLE) or RELEASES
        path = fetch(FETCHED, key=platform_key(platform.system(), platform.machine()), base=base.rstrip("/"))
    except MlgovError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"Terraform {VERSION} is at {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
