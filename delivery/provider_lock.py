"""The dependency lock file of the providers that stacks require: hashes by which Terraform knows each package again.

Terraform makes it: `init` for the platform it runs on, from wherever the user's installation method takes providers,
then `providers lock` for each other one, which asks a mirror or the registry alone
(https://developer.hashicorp.com/terraform/cli/commands/providers/lock). A mirror seldom holds every platform: what it
lacks is told, and what an earlier lock knew of the same version stays.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery import binary, mirror
from delivery.target import Target
from delivery.workspace import LOCK_FILE, providers
from environments.manifest import Manifest
from modules.core.errors import TerraformError

PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_arm64")  # of servers and CI, and of people's laptops


@dataclass(frozen=True, slots=True)
class Locked:
    """The lock file's text, the platforms it has hashes for, and why it has none for the others."""

    text: str
    platforms: tuple[str, ...]
    missing: Mapping[str, str]


def locked(manifest: Manifest, out: Path, *, old: Path, platforms: Sequence[str] = PLATFORMS) -> Locked:
    """The lock file for the providers of every stack of the manifest below `out`, on top of the file `old`.

    Raises TerraformError when stacks require a provider in several versions, or when Terraform can install none.
    """
    terraform = binary.find()
    with tempfile.TemporaryDirectory(prefix="mlgov-lock-") as scratch:
        folder = Path(scratch)
        required = {"terraform": {"required_providers": _required(manifest, out)}}
        (folder / "main.tf.json").write_text(json.dumps(required), encoding="utf-8")
        if old.is_file():
            shutil.copyfile(old, folder / LOCK_FILE)
        config = mirror.cli_config(folder / "cli")
        environment = Target.aws().environment(access="plan")
        if config:
            environment["TF_CLI_CONFIG_FILE"] = str(config)

        def run(*arguments: str) -> str:
            """What Terraform says against it, empty when it is done."""
            done = subprocess.run(
                [terraform.path, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            return (done.stderr.strip() or f"exit code {done.returncode}") if done.returncode else ""

        # With -upgrade a lock of another version does not stand in the way; of the same version its hashes stay.
        if told := run("init", "-no-color", "-backend=false", "-upgrade"):
            raise TerraformError(f"the providers cannot be installed, so nothing can be locked:\n{told}")
        from_mirror = mirror.found()
        source = [f"-fs-mirror={from_mirror}"] if from_mirror else []
        missing = {}
        for platform in platforms:
            if told := run("providers", "lock", "-no-color", f"-platform={platform}", *source):
                missing[platform] = _first_sentence(told)
        missing.pop(_own_platform(terraform.path), None)  # init has written it
        good = tuple(platform for platform in platforms if platform not in missing)
        return Locked((folder / LOCK_FILE).read_text(encoding="utf-8"), good, missing)


def _required(manifest: Manifest, out: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for stack_id, document in manifest.documents(out).items():
        for name, provider in providers(document.get("terraform", {})).items():
            if found.setdefault(name, provider) != provider:
                raise TerraformError(
                    f"stack {stack_id} requires provider {name} as {provider}, another stack as {found[name]}: one "
                    "lock file cannot serve both; use one version"
                )
    return found


def _own_platform(path: str) -> str:
    done = subprocess.run([path, "version", "-json"], capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["platform"])


def _first_sentence(told: str) -> str:
    """Terraform's words as one line, without the frame of its messages."""
    words = " ".join(line.strip("│╷╵ ") for line in told.splitlines()).split()
    return " ".join(words).removeprefix("Error: ")[:200]
