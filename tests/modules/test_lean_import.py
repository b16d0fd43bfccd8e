"""The lean start of jsii changes how fast synthesis starts, never what it writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from modules.core.errors import SynthError
from modules.core.provider import require_node

PROGRAM = """
import json, sys
import modules
from tests.support.rendering import NAMING, render
from modules.core.bucket import Bucket, Retention
from modules.core.key import Key
def build(scope):
    key = Key(scope, "key", naming=NAMING, purpose="data")
    Bucket(scope, "data", naming=NAMING, what="data", key_arn=key.arn, retention=Retention(30))
text = json.dumps(render(build).document, sort_keys=True)
aws = sum(name.startswith("cdktf_cdktf_provider_aws.") for name in sys.modules)
print(json.dumps({"document": text, "modules": aws}))
"""


def _run(lean: str) -> dict[str, object]:
    environment = os.environ | {"MLGOV_LEAN": lean, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("NODE_OPTIONS", None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.e2e
def test_lean_and_full_import_write_the_same_bytes() -> None:
    """With and without the lean start the rendered JSON is equal; lean loads tens of modules, full loads thousands."""
    lean, full = _run("1"), _run("0")
    assert lean["document"] == full["document"]
    assert int(str(lean["modules"])) < 100
    assert int(str(full["modules"])) > 2000


def test_an_attribute_of_the_lazy_root_is_its_module() -> None:
    """`provider_package.kms_key` works as with the real root, and an unknown name is an AttributeError."""
    program = (
        "import modules, cdktf_cdktf_provider_aws as aws\n"
        "print(aws.kms_key.KmsKey.__name__, hasattr(aws, 'no_such_module'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["KmsKey", "False"]


def test_a_missing_node_is_told_before_jsii_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do: jsii would end in an AttributeError of its own."""
    monkeypatch.setenv("JSII_NODE", "no-such-node")
    with pytest.raises(SynthError, match=r"no-such-node .* JSII_NODE"):
        require_node()


def test_no_construct_uses_what_differs_between_cdktf_and_python() -> None:
    """Context of cdktf.json reaches the app through the cdktf CLI alone, which also writes what errors are noted on."""
    root = Path(__file__).parents[2]
    files = [*(root / "modules").rglob("*.py"), *(root / "environments").rglob("*.py")]
    differs = re.compile(r"try_get_context|get_all_context|node\.get_context|CDKTF_CONTEXT|Annotations\.of")
    assert len(files) > 300
    assert [str(file) for file in files if differs.search(file.read_text(encoding="utf-8"))] == []
    assert json.loads((root / "cdktf.json").read_bytes())["context"] == {}
