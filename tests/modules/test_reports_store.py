"""Where reports lie: what is kept and for how long, who delivers, and what a query may cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.cost_reporting.copied_exports import CopiedExports
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.names import EXPORTS_COPY
from modules.cost_reporting.reports_settings import ReportsSettings
from modules.cost_reporting.reports_store import ReportsStore
from tests.support.rendering import NAMING, Rendered, render, statements

MANAGEMENT = replace(NAMING, environment="org", account="management", account_id="111111111111")


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    edge = Edge(COPIES_COSTS, "management", "observability-prod")
    return render(
        lambda scope: ReportsStore(
            scope,
            "store",
            naming=NAMING,
            settings=ReportsSettings(keep_usage_days=400, scan_limit_gb=7),
            copied=CopiedExports(edge, ForeignRole(MANAGEMENT, EXPORTS_COPY, "o-ours")),
            contact="aws-billing@acme.example",
        )
    )


def test_usage_expires_and_what_lines_of_business_are_shown_stays(rendered: Rendered) -> None:
    """Of the reports' own bucket only rows of usage and waste go after the days that are set."""
    (rules,) = (
        each["rule"]
        for each in rendered.all("aws_s3_bucket_lifecycle_configuration").values()
        if any("usage/" in str(rule["filter"]) for rule in each["rule"])
    )
    expiring = {rule["filter"][0]["prefix"]: rule["expiration"][0]["days"] for rule in rules if "expiration" in rule}
    assert expiring == {"usage/": 400, "waste/": 400}


def test_the_role_of_the_copies_alone_delivers_from_another_account(rendered: Rendered) -> None:
    """By name, and for as long as its account is the organisation's; it encrypts and decrypts nothing."""
    role = MANAGEMENT.role_arn(EXPORTS_COPY)
    (bucket,) = (
        found
        for found in (statements(each["policy"]) for each in rendered.all("aws_s3_bucket_policy").values())
        if "ExportsAreCopied" in found
    )
    key = rendered.policy("aws_kms_key")
    for statement in (bucket["ExportsAreCopied"], key["CopiesAreEncrypted"]):
        assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": role}
        assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "o-ours"
    assert "kms:Decrypt" not in key["CopiesAreEncrypted"]["Action"]


def test_a_query_is_bounded_and_its_results_are_under_the_key(rendered: Rendered) -> None:
    """So are messages of what could not be reported."""
    configuration = rendered.one("aws_athena_workgroup")["configuration"]
    assert configuration["bytes_scanned_cutoff_per_query"] == 7 * 10**9
    encryption = configuration["result_configuration"]["encryption_configuration"]
    assert encryption["kms_key_arn"] == rendered.one("aws_sns_topic")["kms_master_key_id"]
