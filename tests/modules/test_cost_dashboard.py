"""The dashboard of costs: who sees which rows, and that it asks for columns that there are."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from delivery.mirror import cli_config
from environments.build import synthesise
from modules.cost_reporting.cost_dashboard import CostDashboard
from modules.cost_reporting.reports_settings import QuickSightSettings
from modules.cost_reporting.view import View
from tests.support.organisations import ORGANISATIONS
from tests.support.rendering import NAMING, Rendered, render

pytestmark = pytest.mark.e2e  # the bindings of QuickSight are large, and Terraform starts

VIEW = View(
    "cost_allocated",
    "What each line of business bears",
    {
        "billing_period": "string",
        "line_of_business": "string",
        "team": "string",
        "product": "string",
        "origin": "string",
        "billed_cost": "decimal(18,2)",
        "amortized_cost": "decimal(18,2)",
    },
    "SELECT 1",
)
GROUP = "arn:aws:quicksight:eu-west-1:222222222222:group/default"


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    return render(
        lambda scope: CostDashboard(
            scope,
            "dashboard",
            naming=NAMING,
            settings=QuickSightSettings(administrators="acme-finops"),
            view=VIEW,
            workgroup="acme-dev-cost-queries",
            readers={"acme-fraud-ml-team-lead": "Financial Crime", "acme-desk-ml-team-lead": "O'Hara's"},
            everything="acme-executive",
        )
    )


def _sets(rendered: Rendered) -> dict[str, dict[str, Any]]:
    return {each["data_set_id"].rpartition("-")[2]: each for each in rendered.all("aws_quicksight_data_set").values()}


def test_a_group_sees_its_line_of_business_and_executives_see_all(rendered: Rendered) -> None:
    """A rule for each group: without a line of business it lets everything through, without a rule nothing is seen."""
    (rules,) = _sets(rendered)["rules"]["physical_table_map"]
    assert rules["custom_sql"]["sql_query"] == (
        "SELECT * FROM (VALUES "
        "('acme-desk-ml-team-lead', 'O''Hara''s'), ('acme-fraud-ml-team-lead', 'Financial Crime'), "
        "('acme-executive', CAST(NULL AS varchar))) AS rules (\"GroupName\", line_of_business)"
    )
    held = _sets(rendered)["costs"]["row_level_permission_data_set"]
    assert held["arn"].startswith("${aws_quicksight_data_set.dashboard_rules")
    assert (held["permission_policy"], held["status"]) == ("GRANT_ACCESS", "ENABLED")


def test_readers_reach_the_dashboard_and_not_its_data(rendered: Rendered) -> None:
    """The data belongs to its administrators; readers may look, not change or share."""
    for each in (*_sets(rendered).values(), rendered.one("aws_quicksight_data_source")):
        permissions = each.get("permissions", each.get("permission"))
        assert [found["principal"] for found in permissions] == [f"{GROUP}/acme-finops"]
    dashboard = rendered.one("aws_quicksight_dashboard")
    assert len(dashboard["permissions"]) == 4
    for found in dashboard["permissions"]:
        assert not [action for action in found["actions"] if "Update" in action or "Delete" in action]


def _columns(definition: Any) -> set[str]:
    if isinstance(definition, dict):
        own = {definition["column_name"]} if "column_name" in definition else set()
        return own.union(*(_columns(value) for value in definition.values()))
    return set().union(*(_columns(value) for value in definition)) if isinstance(definition, list) else set()


def test_the_dashboard_shows_columns_of_the_view(rendered: Rendered) -> None:
    """All of them but none that it lacks, refreshed every day."""
    assert _columns(rendered.one("aws_quicksight_dashboard")["definition"]) == set(VIEW.columns)
    (table,) = _sets(rendered)["costs"]["physical_table_map"]
    assert [each["name"] for each in table["relational_table"]["input_columns"]] == list(VIEW.columns)
    (schedule,) = rendered.one("aws_quicksight_refresh_schedule")["schedule"]
    assert schedule["schedule_frequency"][0]["interval"] == "DAILY"


def test_an_organisation_with_the_dashboard_is_valid_terraform(tmp_path: Path) -> None:
    """Its stack of reports, with the option switched on in YAML, by the provider's own schemas."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    shutil.copytree(ORGANISATIONS["minnow"], tmp_path / "small")
    file = tmp_path / "small" / "organization.yaml"
    option = "cost_reporting:\n  reports: { quicksight: { administrators: minnow-finops } }\n"
    file.write_text(file.read_text().replace("cost_reporting:\n", option))
    synthesise(tmp_path / "small", tmp_path / "out", select="platform-cost-reports")
    environment = {**os.environ, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    if config := cli_config(tmp_path / "cli"):
        environment["TF_CLI_CONFIG_FILE"] = str(config)
    folder = tmp_path / "out" / "stacks" / "platform-cost-reports"
    assert "aws_quicksight_dashboard" in (folder / "cdk.tf.json").read_text()
    for command in (("init", "-backend=false"), ("validate",)):
        done = subprocess.run(
            ["terraform", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
