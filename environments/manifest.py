"""`mlgov.json`: the index of one synthesis, written beside the stacks and read by gate, delivery and report.

It holds only facts of the synthesis (no time, no path of this machine), so that two syntheses of
the same configuration write the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from environments.vocabulary import Layout, Tier
from modules.core.errors import MlgovError
from modules.core.settings import Strict

FILE_NAME = "mlgov.json"
STACK_FILE = "cdk.tf.json"
# What Terraform or OpenTofu reads of a folder besides what it is named on the command line.
READ_BY_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")


class ManifestError(MlgovError):
    """The folder holds no readable synthesis. A gate that meets it has failed; so exit code 3."""

    exit_code = 3


class UnitSummary(Strict):
    """An organisational unit, as the report draws it."""

    key: str
    name: str
    parent: str | None


class AccountSummary(Strict):
    """An account, as the report draws it. `id` is None where the organisation stack assigns it.

    `origins` are the places in the YAML that it comes from: file from the configuration folder on, line, YAML path.
    """

    name: str
    id: str | None
    unit: str | None
    environment: str
    roles: tuple[str, ...]
    team: str | None = None
    domain: str | None = None
    origins: tuple[str, ...] = ()


class OrganizationSummary(Strict):
    """What a reader of the report needs to know of the organisation."""

    name: str
    partition: str
    home_region: str
    management_account_id: str
    units: tuple[UnitSummary, ...]
    accounts: tuple[AccountSummary, ...]


class StackEntry(Strict):
    """One synthesised Terraform root. `path` is relative to the folder of the manifest, with `/`.

    `tier` says how much hangs on it, `owner` (an e-mail address) who is told of what happens to it.
    `assets` are the files that the stack ships beside its JSON: path relative to the stack's folder -> SHA-256.
    `retired` says that the stack has left the YAML, and that applying it takes down what it had made (ADR 40).
    """

    id: str
    stack: str
    module: str
    account: str
    environment: str
    region: str
    tier: Tier
    owner: str
    path: str
    state_bucket: str
    state_key: str
    depends_on: tuple[str, ...]
    resources: int
    sha256: str
    assets: dict[str, str] = Field(default_factory=dict)
    retired: bool = False

    @property
    def folder(self) -> str:
        """The stack's folder, relative to that of the manifest."""
        return self.path.rpartition("/")[0]

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that synthesis wrote for the stack, relative to the folder of the manifest."""
        return (self.path, *(f"{self.folder}/{name}" for name in self.assets))


class Manifest(Strict):
    """Every stack of one synthesis, in an order in which each stands behind what it depends on.

    `idle_usd_per_month` are the envelopes of the environments that have one.
    """

    version: int = 1
    layout: Layout = "cdktf"
    organization: OrganizationSummary
    stacks: tuple[StackEntry, ...]
    idle_usd_per_month: dict[str, int] = Field(default_factory=dict)

    def stack(self, stack_id: str) -> StackEntry:
        """The entry of `stack_id`; raises ManifestError when there is none."""
        for entry in self.stacks:
            if entry.id == stack_id:
                return entry
        raise ManifestError(f"stack {stack_id} is not in {FILE_NAME}: run `mlgov synth`")

    @classmethod
    def read(cls, out: Path) -> Manifest:
        """The manifest of the folder `out`.

        Raises ManifestError, with what to do, when it cannot be read, or when a stack stands there that it does
        not list: what nobody synthesised is neither judged nor applied.
        """
        manifest = cls.parse(out)
        for found in manifest.strays(out):
            raise ManifestError(f"{out / found}: {found} is not in {FILE_NAME}; remove it, or run `mlgov synth` again")
        return manifest

    @classmethod
    def parse(cls, out: Path) -> Manifest:
        """The manifest of the folder `out`, whatever else stands there. Raises ManifestError when it cannot be read."""
        path = out / FILE_NAME
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            option = "--live " if out.name == "live" else ""  # as committed output is named
            raise ManifestError(f"{path}: no synthesis here; run `mlgov synth {option}--out {out}`") from None
        except OSError as error:
            raise ManifestError(
                f"{path} cannot be read ({error.strerror}); name a folder that is synthesised"
            ) from None
        except ValidationError as error:
            first = error.errors()[0]
            fault = f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}".strip()
            raise ManifestError(f"{path}: not a manifest of this version ({fault}); run `mlgov synth` again") from None

    def strays(self, out: Path) -> Iterator[str]:
        """Files below `out` that Terraform would read and that are not listed, by their path from there, in order.

        What Terraform keeps for itself (`.terraform`) is not looked at: nothing that we write refers to it.
        """
        listed = {path for entry in self.stacks for path in entry.files}
        for folder, below, files in os.walk(out):
            below[:] = sorted(name for name in below if name != ".terraform")
            for name in sorted(files):
                found = (Path(folder) / name).relative_to(out).as_posix()
                if name.endswith(READ_BY_TERRAFORM) and found not in listed:
                    yield found

    def documents(self, out: Path) -> dict[str, Any]:
        """The JSON of every stack below `out`, by id. Raises ManifestError when one is not what was synthesised."""
        return {entry.id: json.loads(content(out / entry.path, entry.sha256, entry.id)) for entry in self.stacks}

    def write(self, out: Path) -> None:
        """Write `mlgov.json` below `out`, with sorted keys and a final newline."""
        text = json.dumps(self.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False)
        (out / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def content(path: Path, sha256: str, stack_id: str) -> bytes:
    """The bytes of a file of the stack; raises ManifestError when they are not those with this SHA-256."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"stack {stack_id}: {path} cannot be read ({error}); run `mlgov synth`") from error
    if hashlib.sha256(found).hexdigest() != sha256:
        raise ManifestError(
            f"stack {stack_id}: {path} was changed after synthesis (its SHA-256 is not the manifest's); "
            "change the configuration and run `mlgov synth` and `mlgov gate` again"
        )
    return found


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
