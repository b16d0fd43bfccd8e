"""Where Terraform gets its providers: a local mirror when there is one, else the registry through one shared cache."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from modules.core.errors import TerraformError

MIRROR_VARIABLE = "MLGOV_PROVIDER_MIRROR"
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
_USUAL = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    "/opt",
    "/opt/*",
)


def cli_config(target_dir: Path) -> Path | None:
    """Write a Terraform CLI configuration into `target_dir` and return it; None when the user's own one rules.

    In this order: `MLGOV_PROVIDER_MIRROR`; the user's configuration (an existing file in TF_CLI_CONFIG_FILE,
    else ~/.terraformrc or ~/.tofurc), which is left alone; a mirror in one of the usual folders; the registry.
    A provider found in the mirror comes only from the mirror, so that an unreachable registry does not matter;
    Terraform links it. What comes from the registry goes through one plugin cache in `target_dir`.
    Raises TerraformError when MLGOV_PROVIDER_MIRROR names a folder that is no mirror.
    """
    mirror = found()
    if mirror is None and _user_config():
        return None
    target_dir = target_dir.resolve()
    target_dir.mkdir(parents=True, exist_ok=True)
    path = target_dir / "terraform.rc"
    path.write_text(_render(mirror, target_dir / "plugins"), encoding="utf-8")
    return path


def found() -> Path | None:
    """The mirror that rules: `MLGOV_PROVIDER_MIRROR`, else, without a configuration of the user's, a usual folder.

    Raises TerraformError as `cli_config`.
    """
    chosen = _chosen_mirror()
    return chosen if chosen or _user_config() else next(_usual_mirrors(), None)


def _render(mirror: Path | None, cache: Path) -> str:
    if mirror is None:
        cache.mkdir(exist_ok=True)
        return f"plugin_cache_dir = {json.dumps(str(cache))}\n"
    providers = json.dumps(_providers(mirror))
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(mirror))}\n    include = {providers}\n  }}\n"
        f"  direct {{\n    exclude = {providers}\n  }}\n"
        "}\n"
    )


def _chosen_mirror() -> Path | None:
    chosen = os.environ.get(MIRROR_VARIABLE)
    if not chosen:
        return None
    mirror = Path(chosen).expanduser().resolve()
    if not _providers(mirror):
        raise TerraformError(
            f"{MIRROR_VARIABLE} names {chosen}, but no provider lies there; it must be a folder that holds "
            f"{REGISTRIES[0]}/<namespace>/<provider> (see `terraform providers mirror`)."
        )
    return mirror


def _user_config() -> Path | None:
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    candidates = [Path(named)] if named else [Path.home() / ".terraformrc", Path.home() / ".tofurc"]
    return next((path for path in candidates if path.is_file()), None)


def _usual_mirrors() -> Iterator[Path]:
    for pattern in _USUAL:
        expanded = Path(pattern).expanduser()
        for folder in sorted(expanded.parent.glob(expanded.name)):
            if _providers(folder):
                yield folder


def _providers(mirror: Path) -> list[str]:
    """Source addresses `host/namespace/type` of every provider in the mirror, sorted."""
    return sorted(
        folder.relative_to(mirror).as_posix()
        for host in REGISTRIES
        for folder in mirror.glob(f"{host}/*/*")
        if folder.is_dir()
    )
