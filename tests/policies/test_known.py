"""The list of checkov's policies that the gate knows waivers by is the list of the release that runs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from policies.catalogue import Catalogue, shipped
from policies.known import BUILT_IN, built_in, known

if TYPE_CHECKING:
    from policies.scan.engine import Engine


def test_the_list_is_what_the_pinned_checkov_brings(pytestconfig: pytest.Config, engine: Engine) -> None:
    """Every policy for AWS in checkov's registries, and no other; `make golden` rewrites the file, never under CI."""
    from checkov.common.bridgecrew.check_type import CheckType
    from checkov.common.checks_infra.registry import get_graph_checks_registry
    from checkov.terraform.base_runner import BaseTerraformRunner

    registries = BaseTerraformRunner.block_type_registries.values()
    ids = {check.id for registry in registries for _, check in registry.all_checks()}
    ids |= {check.id for check in get_graph_checks_registry(CheckType.TERRAFORM).checks}
    expected = sorted(id_ for id_ in ids if id_.startswith(("CKV_AWS_", "CKV2_AWS_")))
    if pytestconfig.getoption("--update-golden"):
        assert os.environ.get("CI", "") != "true", "goldens are not rewritten in CI"
        BUILT_IN.write_text(json.dumps(expected, indent=0) + "\n", encoding="utf-8")
        built_in.cache_clear()
    assert sorted(built_in()) == expected


def test_the_catalogue_claims_policies_that_exist() -> None:
    """Known are checkov's and the catalogue's, which names ours; without a catalogue ours are not."""
    assert known(Catalogue({})) == built_in()
    assert {"CKV_AWS_18", "CKV_MLGOV_7"} <= known(shipped())
    assert "CKV_MLGOV_7" not in built_in()
