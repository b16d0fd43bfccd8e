"""`python -m tests.policies.plans.record [START...]`: plan fixtures with the real Terraform; keep what the gate judges.

Only stacks whose names begin with a START, if any is given (`sm` for the cases of the SageMaker controls).

Needs Terraform and the AWS provider, from a mirror or the registry; no AWS: a plan of new resources asks for nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from delivery import binary, mirror
from delivery.saved_plan import document
from policies.plan import PlanDocument
from tests.policies.cases.synthesis import synthesised
from tests.policies.plans.fixture import STACKS
from tests.policies.support import Json, text

FOLDER = Path(__file__).parent / "recorded"
# The fixtures' own backend and credentials are for policies to judge; Terraform gets some that need no AWS.
OFFLINE: Json = {
    "access_key": "test",
    "secret_key": "test",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
}
# What the review of a plan reads, and no policy.
UNJUDGED: Any = {"changes": {"__all__": {"before", "previous", "imported"}}}


def recorded(name: str, written: Json, folder: Path) -> PlanDocument:
    """The document of a stack's plan, made in `folder`."""
    (folder / "cdk.tf.json").write_bytes(text({**written, **offline(written)}))
    (folder / "function.zip").write_bytes(b"")
    config = mirror.cli_config(folder)
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"} | ({"TF_CLI_CONFIG_FILE": str(config)} if config else {})
    for arguments in (["init"], ["plan", "-out=tfplan"]):
        _terraform(folder, environment, *arguments, "-input=false", "-no-color")
    plan: dict[str, Any] = json.loads(_terraform(folder, environment, "show", "-json", "tfplan"))
    return document(name, text(written), plan)


def offline(written: Json) -> Json:
    providers = [
        {**OFFLINE, "region": body["region"], **({"alias": body["alias"]} if "alias" in body else {})}
        for body in written["provider"]["aws"]
    ]
    return {
        "terraform": {
            "backend": {"local": {"path": "offline.tfstate"}},
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
        },
        "provider": {"aws": providers},
    }


def _terraform(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [binary.find().path, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for fixture, content in {**STACKS, **synthesised()}.items():
        if not any(fixture.startswith(start) for start in sys.argv[1:] or ("",)):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            found = recorded(fixture, content, Path(scratch))
        (FOLDER / f"{fixture}.json").write_text(
            found.model_dump_json(indent=1, exclude=UNJUDGED) + "\n", encoding="utf-8"
        )
        sys.stdout.write(f"{fixture}: {len(found.changes)} resources\n")
