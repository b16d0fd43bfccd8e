"""Small stacks for policies to judge, and the gate over them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from policies.gate import StackFile, run
from policies.record import StackScan
from policies.verdict import Verdict

TODAY = date(2026, 11, 22)
ACCOUNT = "111111111111"
OTHER = "222222222222"

Json = dict[str, Any]

TAGS = {
    "Account": "platform",
    "Environment": "dev",
    "ManagedBy": "mlgov",
    "Module": "foundations",
    "Organization": "acme",
    "Stack": "test",
}
PROVIDER = {
    "region": "eu-west-1",
    "allowed_account_ids": [ACCOUNT],
    "assume_role": [{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/apply"}],
    "default_tags": [{"tags": TAGS}],
}
BACKEND = {"bucket": "state", "key": "a.tfstate", "encrypt": True, "use_lockfile": True, "kms_key_id": "alias/state"}
LOG_GROUP = {"name": "/a", "retention_in_days": 365, "kms_key_id": "arn:aws:kms:eu-west-1:111111111111:key/k"}


def stack(
    resources: Mapping[str, Mapping[str, Any]],
    *,
    provider: Json | list[Json] = PROVIDER,
    backend: Mapping[str, Json] | None = None,
    **sections: object,
) -> Json:
    """A stack as cdktf writes it, with a provider and a backend that meet the policies."""
    return {
        "provider": {"aws": provider if isinstance(provider, list) else [provider]},
        "terraform": {"backend": {"s3": BACKEND} if backend is None else backend},
        "resource": resources,
        **sections,
    }


def sound(**sections: Any) -> Json:
    """A stack that meets every policy, with further top-level sections."""
    return stack(
        {"aws_cloudwatch_log_group": {"good": {"//": {"metadata": {"path": "a/logs/good"}}, **LOG_GROUP}}}, **sections
    )


def policy(*statements: Mapping[str, object]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def text(document: object) -> bytes:
    """The bytes that cdktf would write."""
    return json.dumps(document, indent=2).encode()


def stack_file(folder: Path, name: str, content: bytes) -> StackFile:
    """Write a stack below the folder, as synthesis does."""
    path = folder / "stacks" / name / "cdk.tf.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return StackFile(name, path, hashlib.sha256(content).hexdigest())


def gate(
    stacks: Sequence[StackFile],
    folder: Path,
    *,
    waivers: str = "[]",
    jobs: int = 1,
    today: date = TODAY,
    partial: bool = False,
    **options: Path,
) -> Verdict:
    """The gate over the stacks with these waivers and without a cache, unless one is given."""
    file = folder / "waivers.yaml"
    file.write_text(waivers, encoding="utf-8")
    cache = options.pop("cache", None)
    return run(stacks, waivers=file, today=today, jobs=jobs, cache=cache, partial=partial, **options)


def judged(scan: StackScan, policy_id: str) -> dict[str, set[str]]:
    """Addresses by outcome, for one policy; an outcome that did not occur is not there."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in scan.records:
        if record.policy == policy_id:
            found[record.outcome.value].add(record.address)
    return dict(found)
