"""The catalogue of an account: who administers it, what it grants by default, who reaches it from outside."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.lf_tags import vocabulary
from modules.data_lake.catalogue import Catalogue
from modules.data_lake.catalogue_policy import CataloguePolicy
from modules.data_lake.edges import REPORTS
from modules.data_lake.lake_events import LakeEvents, Reporter
from modules.foundations.contract import AccessContract
from tests.support.rendering import NAMING, Rendered, render

KEY = "arn:aws:kms:eu-west-1:222222222222:key/catalogue"
GOVERNANCE = replace(NAMING, environment="org", account="data-governance")
ACCESS = AccessContract(**AccessContract.names(GOVERNANCE))
ORDERS = replace(NAMING, environment="prod", account="data-orders", account_id="333333333333")
REPORTER = Reporter(Edge(REPORTS, "domain orders", "data-governance"), "orders", ORDERS)


@pytest.fixture(name="lake", scope="module")
def _lake() -> Rendered:
    def build(scope: Construct) -> None:
        Catalogue(
            scope,
            "catalogue",
            naming=GOVERNANCE,
            access=ACCESS,
            key_arn=KEY,
            administrators=("lake/steward",),
            stewards=True,
            vocabulary=vocabulary(["payments", "customers"], ["card-velocity"]),
        )
        CataloguePolicy(scope, "policy", naming=GOVERNANCE, organization_id="o-ours", shares=True)
        LakeEvents(scope, "events", naming=GOVERNANCE, organization_id="o-ours", reporters=[REPORTER])

    return render(build)


@pytest.fixture(name="team", scope="module")
def _team() -> Rendered:
    def build(scope: Construct) -> None:
        Catalogue(scope, "catalogue", naming=NAMING, access=ACCESS, key_arn=KEY)
        CataloguePolicy(scope, "policy", naming=NAMING, organization_id="o-ours", shares=False)

    return render(build)


def test_new_tables_grant_nobody_anything(lake: Rendered, team: Rendered) -> None:
    """Both lists of default permissions are written, and empty, in every account."""
    for rendered in (lake, team):
        settings = rendered.one("aws_lakeformation_data_lake_settings")
        assert settings["create_database_default_permissions"] == []
        assert settings["create_table_default_permissions"] == []


def test_the_apply_role_administers_and_the_plan_role_reads(team: Rendered) -> None:
    """Nobody else does, where nobody else is named."""
    settings = team.one("aws_lakeformation_data_lake_settings")
    assert settings["admins"] == [ACCESS.apply_role_arn]
    assert settings["read_only_admins"] == [ACCESS.plan_role_arn]


def test_stewards_administer_the_lake_beside_the_named_roles(lake: Rendered) -> None:
    """Identity Center's roles for them are looked up by the name of their permission set, in their own path."""
    (stewards,) = lake.document["data"]["aws_iam_roles"].values()
    assert stewards["path_prefix"] == "/aws-reserved/sso.amazonaws.com/"
    assert stewards["name_regex"].startswith("^AWSReservedSSO_mlgov-data-lake-administrator_")
    (address,) = lake.document["data"]["aws_iam_roles"]
    named = [ACCESS.apply_role_arn, "arn:aws:iam::222222222222:role/lake/steward"]
    admins = lake.one("aws_lakeformation_data_lake_settings")["admins"]
    assert admins == f"${{concat({json.dumps(named)}, tolist(data.aws_iam_roles.{address}.arns))}}"


def test_grants_reach_roles_of_other_accounts(lake: Rendered) -> None:
    """Before version 3 Lake Formation grants to whole accounts alone."""
    assert lake.one("aws_lakeformation_data_lake_settings")["parameters"] == {"CROSS_ACCOUNT_VERSION": "4"}


def test_no_engine_outside_aws_reads_past_the_filters(lake: Rendered) -> None:
    """Neither filtering by the engine itself nor whole tables are allowed."""
    settings = lake.one("aws_lakeformation_data_lake_settings")
    assert settings["allow_external_data_filtering"] is False
    assert settings["allow_full_table_external_data_access"] is False


def test_metadata_is_encrypted_by_a_role_that_may_do_nothing_else(lake: Rendered) -> None:
    """Glue uses the key as a role of this account: who reads a table from elsewhere needs no permission on it."""
    settings = lake.one("aws_glue_data_catalog_encryption_settings")["data_catalog_encryption_settings"]
    assert settings["encryption_at_rest"]["catalog_encryption_mode"] == "SSE-KMS-WITH-SERVICE-ROLE"
    assert settings["encryption_at_rest"]["sse_aws_kms_key_id"] == KEY
    passwords = settings["connection_password_encryption"]
    assert passwords == {"aws_kms_key_id": KEY, "return_connection_password_encrypted": True}
    assert {each["Resource"] for each in lake.policy("aws_iam_role_policy").values()} == {KEY}
    trust = lake.policy("aws_iam_role", "assume_role_policy")["Glue"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": GOVERNANCE.account_id}}


def test_tags_have_the_values_of_the_vocabulary(lake: Rendered, team: Rendered) -> None:
    """Each key once, made by an administrator; an account that tags nothing has none."""
    tags = {body["key"]: body for body in lake.all("aws_lakeformation_lf_tag").values()}
    assert tags["domain"]["values"] == ["customers", "payments"]
    assert tags["sensitivity"]["values"] == ["public", "internal", "confidential", "restricted"]
    assert sorted(tags) == ["domain", "feature_group", "layer", "sensitivity", "stage"]
    (settings,) = lake.all("aws_lakeformation_data_lake_settings")
    assert all(tag["depends_on"] == [f"aws_lakeformation_data_lake_settings.{settings}"] for tag in tags.values())
    assert team.all("aws_lakeformation_lf_tag") == {}


def test_nobody_outside_the_organisation_reaches_the_catalogue(lake: Rendered, team: Rendered) -> None:
    """The denial names everybody but the organisation and AWS services, in every account."""
    for rendered in (lake, team):
        statement = rendered.policy("aws_glue_resource_policy")["OnlyTheOrganisation"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "glue:*")
        assert statement["Condition"]["StringNotEqualsIfExists"] == {"aws:PrincipalOrgID": "o-ours"}
        assert statement["Condition"]["BoolIfExists"] == {"aws:PrincipalIsAWSService": "false"}


def test_ram_shares_only_where_data_is_owned(lake: Rendered, team: Rendered) -> None:
    """RAM may share the catalogue and do nothing else; a team's catalogue cannot be shared on."""
    statement = lake.policy("aws_glue_resource_policy")["RamShares"]
    assert statement["Action"] == "glue:ShareResource"
    assert statement["Principal"] == {"Service": "ram.amazonaws.com"}
    assert lake.one("aws_glue_resource_policy")["enable_hybrid"] == "TRUE"
    assert "RamShares" not in team.policy("aws_glue_resource_policy")


def test_domains_alone_report_and_as_their_reporting_role(lake: Rendered) -> None:
    """Who puts events on the bus is the role of one domain's rule, in that domain's account and our organisation."""
    (statement,) = lake.policy("aws_cloudwatch_event_bus_policy").values()
    assert statement["Action"] == "events:PutEvents"
    assert statement["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
    assert statement["Resource"] == "arn:aws:events:eu-west-1:222222222222:event-bus/acme-org-lake-events"
    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-ours"},
        "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::333333333333:role/acme-prod-orders-reporter"},
    }


def test_reports_can_be_replayed(lake: Rendered) -> None:
    """The archive keeps what Glue said of data quality for 90 days."""
    archive = lake.one("aws_cloudwatch_event_archive")
    assert archive["retention_days"] == 90
    assert json.loads(archive["event_pattern"]) == {"source": ["aws.glue-dataquality"]}


def test_a_bus_to_which_nobody_reports_admits_nobody() -> None:
    """Without a domain there is no policy: AWS takes none that is empty."""
    alone = render(lambda scope: LakeEvents(scope, "events", naming=GOVERNANCE, organization_id="o-ours", reporters=[]))
    assert alone.all("aws_cloudwatch_event_bus_policy") == {}
