"""The content of AWS's own managed policies, which no stack holds.

From the copy that moto ships, a dependency anyway and pinned: nothing of AWS's stands in this repository, and the date
of the copy is known. Its file is read alone, as importing moto takes longer than all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

MANAGED = ":iam::aws:policy/"


def content(arn: str) -> Mapping[str, Any] | None:
    """The default version of the policy; None for one that the copy does not know."""
    path, _, name = arn.partition(MANAGED)[2].rpartition("/")
    found = _all().get(name)
    if found is None or found["Path"].strip("/") != path:
        return None
    body: Mapping[str, Any] = found["Document"]
    return body


def as_of() -> str:
    """Of what day the copy is, and whose."""
    return f"{max(policy['UpdateDate'] for policy in _all().values())[:10]} ({release()})"


def release() -> str:
    """The release that ships the copy."""
    return f"moto {version('moto')}"


@cache
def _all() -> Mapping[str, Any]:
    package = find_spec("moto")
    assert package is not None
    assert package.origin is not None
    file = Path(package.origin).with_name("iam") / "aws_managed_policies.py"
    spec = spec_from_file_location("mlgov_managed_policies", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Mapping[str, Any] = json.loads(module.aws_managed_policies_data)
    return found
