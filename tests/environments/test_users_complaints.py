"""What users of similar frameworks complain of does not hold here: facts over the reference organisation's stacks.

The numbers are those of the survey: 13 nested units, 15 what recording costs, 19 grants that every plan replaces, 20
grants passed on from the consumer's side, 22 edits that destroy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from environments.features import reached
from environments.lake import desks
from environments.load import load
from environments.manifest import Manifest
from modules.core.retention import RETAINED
from modules.feature_store.settings import Reach
from modules.observability.settings import TrailSettings
from policies.access.model import Access
from policies.access.read import access
from policies.access.who import Question, who_can
from policies.attached import accounts_below
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e  # reads every stack, and asks two hundred principals

Json = dict[str, Any]
GRANT = "aws_lakeformation_permissions"
GROUPS = "arn:aws:sagemaker:eu-west-1:feature-store:feature-group/*"
# What a grant is on, where it is not on a part of the catalogue that tags or a filter name.
NAMED = ("catalog_resource", "database", "table", "table_with_columns")


@pytest.fixture(scope="module", name="stacks")
def _stacks(synthesised: Synthesised) -> dict[str, Json]:
    return {entry.id: document for entry, document in documents(synthesised("acme"))}


@pytest.fixture(scope="module", name="who_has")
def _who_has(synthesised: Synthesised, stacks: dict[str, Json]) -> Access:
    return access(json.loads((synthesised("acme") / "mlgov.json").read_bytes()), stacks)


def _all(stacks: dict[str, Json], kind: str) -> Iterator[tuple[str, Json]]:
    """Every resource of a type: where it stands, and its body."""
    for stack, document in stacks.items():
        for name, body in document.get("resource", {}).get(kind, {}).items():
            yield f"{stack}/{name}", body


def test_a_unit_means_all_accounts_below_it_and_may_be_empty(synthesised: Synthesised) -> None:
    """13: two readers that know nothing of each other find the same, however deep; a unit may be empty."""
    organization = load(ORGANISATIONS["acme"])
    manifest = Manifest.read(synthesised("acme")).model_dump(mode="json")["organization"]
    working = {desk.account.name for desk in desks(organization)}
    below = {key: accounts & working for key, accounts in accounts_below(manifest).items() if key is not None}
    units = {unit.key: reached(organization, Reach(units=(unit.key,))) for unit in organization.units}
    found = {key: {desk.account.name for desk in reached_by} for key, reached_by in units.items()}
    assert found == below
    assert set() in found.values()
    own = {account.unit for account in organization.accounts}
    assert any(found[unit.key] and unit.key not in own for unit in organization.units)  # all of them lie deeper


def test_a_share_to_a_unit_is_found_from_the_accounts_of_its_units(who_has: Access) -> None:
    """13: roles of teams in dev, test and prod, units below the one that is named, find the central features."""
    catalogue = "arn:aws:sagemaker:eu-west-1:feature-store:sagemaker-catalog/DefaultFeatureGroupCatalog"
    answer = who_can(who_has, Question("sagemaker:Search", catalogue, principal="*-pipeline"))
    found = {one.principal.partition("/")[0] for one in answer.holdings if one.outcome != "denied"}
    assert found == {f"{team}-{stage}" for team in ("fraud", "lending") for stage in ("dev", "test", "prod")}


def test_what_recording_costs_is_asked_by_bucket_and_can_be_left_out(stacks: dict[str, Json]) -> None:
    """15: the archive's own objects are not recorded, others need not be, and a query tells what each bucket makes."""
    ((_, trail),) = _all(stacks, "aws_cloudtrail")
    fields = [field for selector in trail["advanced_event_selector"] for field in selector["field_selector"]]
    (left_out,) = (field["not_starts_with"] for field in fields if "not_starts_with" in field)
    assert len(left_out) == 1
    assert TrailSettings(unrecorded_buckets=("acme-dev-cache",)).unrecorded_buckets
    asked = [body["name"] for _, body in _all(stacks, "aws_athena_named_query")]
    assert [name for name in asked if name.endswith("data-events-by-bucket")]


def test_no_grant_is_of_everything(stacks: dict[str, Json]) -> None:
    """19: ALL, which AWS answers with a list, so that each plan replaces the grant, is granted nowhere; nor SUPER."""
    grants = dict(_all(stacks, GRANT))
    assert grants
    assert {name for name, body in grants.items() if {"ALL", "SUPER", "SUPER_USER"} & set(body["permissions"])} == set()


def test_data_is_granted_by_tags_or_filters_to_single_roles(stacks: dict[str, Json]) -> None:
    """19: never a table by name, which a share replaces, but one that its own stack makes, which none shares.

    By name goes else DESCRIBE on databases alone.
    """
    for name, body in _all(stacks, GRANT):
        assert "role" in body["principal"], name
        if str(body.get("table", {}).get("name")).startswith("${aws_glue_catalog_table."):
            assert body["permissions"] == ["DESCRIBE", "SELECT"], name
        elif any(body.get(kind) for kind in NAMED):
            assert (body["permissions"], "database" in body) == (["DESCRIBE"], True), name


def test_only_what_tags_tables_may_pass_anything_on(stacks: dict[str, Json], who_has: Access) -> None:
    """19: Lake Formation asks the grant option of who sets a tag; IAM denies these roles to use it, or to read."""
    passing = [body["principal"] for _, body in _all(stacks, GRANT) if body.get("permissions_with_grant_option")]
    assert all(principal.startswith("${aws_iam_role.publish_") for principal in passing)
    for action in ("lakeformation:GrantPermissions", "lakeformation:GetDataAccess"):
        answer = who_can(who_has, Question(action, principal="data-governance/acme-org-publish-*"))
        assert {one.outcome for one in answer.holdings} == {"denied"}


def test_nobody_grants_what_another_account_owns(stacks: dict[str, Json]) -> None:
    """20: no grant names a catalogue but that of its stack's account; in the accounts of teams it is on a link."""
    for name, body in _all(stacks, GRANT):
        document = stacks[name.partition("/")[0]]
        (own,) = document["provider"]["aws"][0]["allowed_account_ids"]
        blocks = [one for value in body.values() for one in (value if isinstance(value, list) else [value])]
        named = [body.get("catalog_id"), *(one.get("catalog_id") for one in blocks if isinstance(one, dict))]
        assert {catalog for catalog in named if catalog} <= {own}, name
    for name, body in _all({id_: one for id_, one in stacks.items() if id_.endswith("-links")}, GRANT):
        links = stacks[name.partition("/")[0]]["resource"]["aws_glue_catalog_database"]
        assert all(link["target_database"] for link in links.values())
        assert (body["permissions"], body.get("permissions_with_grant_option")) == (["DESCRIBE"], None), name


@pytest.mark.parametrize("kind", ["aws_kms_key", "aws_s3_bucket", "aws_sagemaker_feature_group"])
def test_an_edit_destroys_no_data(stacks: dict[str, Json], kind: str) -> None:
    """22: Terraform refuses to destroy each, and a run without its block leaves it unless that is named."""
    found = dict(_all(stacks, kind))
    assert found
    assert [name for name, body in found.items() if not body.get("lifecycle", {}).get("prevent_destroy")] == []
    assert kind in RETAINED


def test_features_are_added_without_a_replacement(stacks: dict[str, Json], who_has: Access) -> None:
    """22: the provider would make a group anew for a feature more: Terraform looks away, and the API adds it."""
    groups = dict(_all(stacks, "aws_sagemaker_feature_group"))
    assert all("feature_definition" in body["lifecycle"]["ignore_changes"] for body in groups.values())
    answer = who_can(who_has, Question("sagemaker:UpdateFeatureGroup", GROUPS, principal="feature-store/*-schemas"))
    assert [one.principal for one in answer.holdings if one.outcome != "denied"] == [
        "feature-store/acme-org-feature-schemas"
    ]
