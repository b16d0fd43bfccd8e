"""Templates as people launch them: CloudFormation's linter has nothing to say, and their endpoint is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cfnlint.api import lint

from modules.ml_platform.product_seeds import SEEDS
from modules.ml_platform.product_template import filled_in
from modules.ml_platform.product_versions import TEMPLATES
from policies.checks.base import PlatformCheck
from policies.template import read
from policies.translation import TYPES, translated

if TYPE_CHECKING:
    from policies.scan.engine import Engine

pytestmark = pytest.mark.e2e
ENDPOINT = SEEDS / "deploy-endpoint" / "endpoint.yaml"


def _text(file: Path) -> str:
    return filled_in(file.read_bytes(), organization="acme", templates="acme-org-ml-templates").decode()


@pytest.mark.parametrize("file", [*sorted(TEMPLATES.rglob("*.yaml"))], ids=lambda file: file.stem)
def test_a_template_is_good_cloudformation(file: Path) -> None:
    """cfn-lint finds neither error nor warning, in files superseded, too."""
    assert lint(_text(file), regions=["eu-west-1"]) == []


def test_the_endpoint_of_a_deployment_meets_the_policies(engine: Engine) -> None:
    """It is code of the team once the project is launched; as it comes, it meets each policy of ours for its types."""
    from checkov.terraform.checks.resource.registry import resource_registry

    template = read("x", "endpoint.yaml", _text(ENDPOINT))
    seen = set()
    for name, kind, _ in template.resources():
        for conf in translated(template, name):
            for check in resource_registry.get_checks(TYPES[kind].type):
                if isinstance(check, PlatformCheck):
                    result = check.run("endpoint.yaml", conf, name, TYPES[kind].type, {})["result"].value
                    assert result != "FAILED", (check.policy, check.details)
                    seen.add((check.policy, result))
    assert {("CKV_MLGOV_132", "PASSED"), ("CKV_MLGOV_135", "PASSED"), ("CKV_MLGOV_139", "PASSED")} <= seen
