"""Shares of a cost category reach AWS beside whom they are for, and nothing of it drifts."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import boto3
import pytest

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.cost_reporting.allocation import SharedCosts, TeamCosts, allocate
from modules.cost_reporting.cost_categories import CostCategories
from tests.delivery.emulator.test_applied_stacks import Terraform
from tests.support.rendering import render

pytestmark = pytest.mark.e2e

REGION = "us-east-1"
LINES = ("Cards", "Financial Crime", "Markets", "Retail Lending", "Savings", "Wealth")


def test_fixed_shares_arrive_at_whom_they_are_for(tmp_path: Path) -> None:
    """Terraform's provider holds targets as a set, in an order of its own; AWS goes by places."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    percent = dict(zip(LINES, (5, 10, 15, 20, 22, 28), strict=True))
    teams = [TeamCosts(line.lower().replace(" ", "-"), line, ("111111111111",)) for line in LINES]
    fixed = allocate(teams, [], SharedCosts((), (), ("222222222222",)), method="FIXED", percent=percent)
    document = render(lambda stack: CostCategories(stack, "categories", allocation=fixed)).document
    document["provider"] = {"aws": [{"region": REGION}]}
    document["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
    categories = document["resource"]["aws_ce_cost_category"].items()
    (line,) = [name for name, category in categories if category["name"] == "LineOfBusiness"]
    document["output"] = {"line": {"value": f"${{aws_ce_cost_category.{line}.arn}}"}}
    (tmp_path / "stack.tf.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "mlgov_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")
    with Emulator(tmp_path / "emulator.log", region=REGION) as emulator:
        environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        if config := cli_config(tmp_path / "cli"):
            environment["TF_CLI_CONFIG_FILE"] = str(config)
        terraform = Terraform(tmp_path, environment)
        terraform.run("apply", "-auto-approve")
        assert terraform.run("plan", "-detailed-exitcode").returncode == 0
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
        costs = boto3.client("ce", endpoint_url=emulator.endpoint, **keys)
        arn = json.loads(terraform.run("output", "-json").stdout)["line"]["value"]
        found = costs.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    assert [rule["Value"] for rule in found["Rules"]][: len(LINES)] == list(LINES)
    for split in found["SplitChargeRules"]:
        (shares,) = split["Parameters"]
        assert dict(zip(split["Targets"], map(int, shares["Values"]), strict=True)) == percent
