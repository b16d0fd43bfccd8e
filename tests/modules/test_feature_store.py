"""The feature store: what each of its parts guarantees."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.core.iam import policy_document
from modules.feature_store.edges import FINDS, RECALLS, USES
from modules.feature_store.feature_group import FeatureGroup
from modules.feature_store.feature_store import FeatureStore
from modules.feature_store.offline_store import OfflineStore
from modules.feature_store.settings import FeatureGroupSpec
from modules.feature_store.shares import Audience, Shares
from modules.feature_store.statements import develops, finds, recalls, uses
from modules.feature_store.user import User
from modules.foundations.contract import AccessContract
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

ONLINE, OFFLINE = "arn:aws:kms:eu-west-1:222222222222:key/online", "arn:aws:kms:eu-west-1:222222222222:key/offline"
LENDING = "arn:aws:iam::333333333333:role/acme-dev-lending-pipeline"
UNIT = "arn:aws:organizations::111111111111:ou/o-1/ou-1"
FOUND = Edge(FINDS, "team lending", "the store")
USED = Edge(USES, "team lending", "the store")
RECALLED = Edge(RECALLS, "team lending", "the store")


def _spec(name: str, **changed: Any) -> FeatureGroupSpec:
    text = {"type": "string", "description": "Said of it"}
    document: dict[str, Any] = {
        "feature_group": name,
        "team": "fraud",
        "owner": "a@acme.example",
        "description": "What was spent",
        "sensitivity": "confidential",
        "record_id": "card",
        "event_time": "at",
        "features": {"card": text, "at": text},
        "central": {"reviewer": "b@acme.example"},
    }
    return FeatureGroupSpec.model_validate_json(json.dumps(document | changed))


LIKE = {"type": "fractional", "description": "Near", "collection": {"kind": "vector", "dimension": 8}}
TAGS = {"type": "string", "description": "Words", "collection": {"kind": "set"}}
SPEND = _spec("card-spend", online={"storage": "standard", "ttl_days": 30})
NEAR = _spec(
    "near",
    features=_spec("near").model_dump(mode="json")["features"] | {"like": LIKE, "words": TAGS},
    online={"storage": "in-memory"},
    offline=False,
    deprecated="Use near-v2",
)
LENDER = User("lending", "lending-dev", {"pipeline": LENDING}, {"card-spend": "read", "near": "admin"}, RECALLED)
ONLINE_ONLY = User("claims", "claims-dev", {"pipeline": f"{LENDING}-2"}, {"near": "read"})


def _store(team: str | None, users: list[User], seen: list[TestStack]) -> Rendered:
    def build(scope: Construct) -> None:
        assert isinstance(scope, TestStack)
        seen.append(scope)
        store = FeatureStore(
            scope,
            "store",
            naming=NAMING,
            team=team,
            groups=[SPEND, NEAR],
            users=users,
            online_key_arn=ONLINE,
            offline_key_arn=OFFLINE,
            access=AccessContract(**AccessContract.names(NAMING)),
        )
        if team is None:
            lending = {"lending-dev": "333333333333"}
            Shares(
                scope,
                "shares",
                naming=NAMING,
                finders=Audience({}, {"ml": UNIT}, [FOUND]),
                users={
                    "card-spend": {"read": Audience(lending, {}, [USED]), "admin": Audience({}, {}, [])},
                    "near": {"admin": Audience(lending, {"ml": UNIT}, [USED])},
                },
                groups=store.groups,
            )

    return render(build)


@pytest.fixture(scope="module", name="stack")
def _stack() -> list[TestStack]:
    return []


@pytest.fixture(scope="module", name="central")
def _central(stack: list[TestStack]) -> Rendered:
    return _store(None, [LENDER, ONLINE_ONLY], stack)


@pytest.fixture(scope="module", name="own")
def _own() -> Rendered:
    return _store("fraud", [User("fraud", "fraud-dev", {"pipeline": LENDING}, {"card-spend": "admin"})], [])


def _group(rendered: Rendered, name: str) -> dict[str, Any]:
    groups = rendered.all("aws_sagemaker_feature_group").values()
    return next(group for group in groups if group["feature_group_name"] == f"acme-dev-{name}")


def test_both_stores_are_encrypted_under_named_keys(central: Rendered) -> None:
    """The online store by its key, the offline store and its bucket by another; the history is an Iceberg table."""
    group = _group(central, "card-spend")
    assert group["online_store_config"] == {
        "enable_online_store": True,
        "security_config": {"kms_key_id": ONLINE},
        "storage_type": "Standard",
        "ttl_duration": {"unit": "Days", "value": 30},
    }
    assert group["offline_store_config"]["s3_storage_config"] == {
        "kms_key_id": OFFLINE,
        "s3_uri": "s3://acme-dev-features/offline",
    }
    assert group["offline_store_config"]["table_format"] == "Iceberg"
    assert "disable_glue_table_creation" not in group["offline_store_config"]
    (rule,) = (
        each["rule"][0]["apply_server_side_encryption_by_default"]
        for each in central.all("aws_s3_bucket_server_side_encryption_configuration").values()
        if each["rule"][0]["bucket_key_enabled"]
    )
    assert rule == {"kms_master_key_id": OFFLINE, "sse_algorithm": "aws:kms"}


def test_a_group_has_the_features_of_its_spec(central: Rendered) -> None:
    """Scalars, vectors and other collections, record id and event time; what has no offline store has no table."""
    group = _group(central, "near")
    assert (group["record_identifier_feature_name"], group["event_time_feature_name"]) == ("card", "at")
    assert group["feature_definition"] == [
        {"feature_name": "card", "feature_type": "String"},
        {"feature_name": "at", "feature_type": "String"},
        {
            "feature_name": "like",
            "feature_type": "Fractional",
            "collection_type": "Vector",
            "collection_config": {"vector_config": {"dimension": 8}},
        },
        {"feature_name": "words", "feature_type": "String", "collection_type": "Set"},
    ]
    assert group["online_store_config"]["storage_type"] == "InMemory"
    assert "offline_store_config" not in group
    assert central.one("aws_glue_catalog_database")["name"] == "features"


def test_terraform_neither_destroys_a_group_nor_makes_it_anew(central: Rendered) -> None:
    """What SageMaker changes without it, Terraform does not compare (complaint 22)."""
    for group in central.all("aws_sagemaker_feature_group").values():
        assert group["lifecycle"] == {"ignore_changes": ["feature_definition", "description"], "prevent_destroy": True}


def test_a_group_says_what_it_holds(central: Rendered) -> None:
    """Its owner, sensitivity and stage stand on it as tags, and on its table as LF-tags."""
    assert _group(central, "near")["tags"] == {
        "Team": "fraud",
        "Owner": "a@acme.example",
        "Sensitivity": "confidential",
        "Deprecated": "true",
    }
    tagged = central.all("aws_lakeformation_resource_lf_tag").values()
    tags = {each["lf_tag"][0]["key"]: each["lf_tag"][0]["value"] for each in tagged if "table" in each}
    assert tags == {
        "domain": "fraud",
        "feature_group": "card-spend",
        "layer": "features",
        "sensitivity": "confidential",
        "stage": "published",
    }
    (table,) = {each["table"][0]["name"] for each in tagged if "table" in each}
    assert table.endswith("offline_store_config[0].data_catalog_config[0].table_name}")


def test_users_read_the_history_of_their_groups_and_nothing_else(central: Rendered, stack: list[TestStack]) -> None:
    """One grant by the group's LF-tag, one to see the database; none for a user of online stores alone."""
    grants = [
        (each["principal"], each["permissions"], each["lf_tag_policy"])
        for each in central.all("aws_lakeformation_permissions").values()
        if each["principal"].startswith(LENDING)
    ]
    assert sorted(grants, key=lambda grant: len(grant[1])) == [
        (LENDING, ["DESCRIBE"], _policy("DATABASE", "layer", "features")),
        (LENDING, ["DESCRIBE", "SELECT"], _policy("TABLE", "feature_group", "card-spend")),
    ]
    assert not any(
        "permissions_with_grant_option" in each for each in central.all("aws_lakeformation_permissions").values()
    )
    assert (RECALLED, "grants") in stack[0].sides


def _policy(kind: str, key: str, value: str) -> dict[str, Any]:
    return {"resource_type": kind, "expression": [{"key": key, "values": [value]}]}


def test_the_writer_may_change_its_tables_and_read_none(central: Rendered) -> None:
    """SageMaker's role alters tables and has the location; it gets no SELECT."""
    role = "${aws_iam_role.store_role_"
    grants = [
        each["permissions"]
        for each in central.all("aws_lakeformation_permissions").values()
        if each["principal"].startswith(role)
    ]
    assert sorted(grants) == [["ALTER", "DESCRIBE"], ["DATA_LOCATION_ACCESS"]]
    (policy,) = (
        statements(each["policy"]) for each in central.all("aws_iam_role_policy").values() if each["name"] == "features"
    )
    assert policy["WriteHistories"]["Resource"] == "arn:aws:s3:::acme-dev-features/offline/*"
    assert policy["ReadMetadata"]["Resource"] == "arn:aws:s3:::acme-dev-features/offline/*/metadata/*"
    assert all(
        "/features" in resource or resource.endswith(":catalog") for resource in policy["UpdateTables"]["Resource"]
    )


def test_services_assume_the_roles_for_this_account_only(central: Rendered) -> None:
    """SageMaker and Lake Formation each have one, within the boundary."""
    trusted = {}
    for role in central.all("aws_iam_role").values():
        (trust,) = statements(role["assume_role_policy"]).values()
        trusted[trust["Principal"]["Service"]] = trust["Condition"]
        assert role["permissions_boundary"].endswith("policy/acme-dev-mlgov-boundary")
    own = {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    assert trusted == {"sagemaker.amazonaws.com": own, "lakeformation.amazonaws.com": own}


def test_lake_formation_reaches_histories_alone(central: Rendered) -> None:
    """It is registered below offline/, under a role that has no other objects."""
    location = central.one("aws_lakeformation_resource")
    assert location["arn"].endswith(".bucket}/offline")
    assert location["use_service_linked_role"] is False
    (policy,) = (
        statements(each["policy"])
        for each in central.all("aws_iam_role_policy").values()
        if each["name"] == "features-location"
    )
    assert policy["UseHistories"]["Resource"] == "arn:aws:s3:::acme-dev-features/offline/*"
    assert policy["ListHistories"]["Condition"] == {"StringLike": {"s3:prefix": ["offline", "offline/*"]}}


def test_the_schema_is_written_where_the_group_is_central(central: Rendered, own: Rendered) -> None:
    """After the group is made, under the offline key; a team changes its own groups itself."""
    written = {each["key"]: each for each in central.all("aws_s3_object").values()}
    assert sorted(written) == ["schemas/card-spend.json", "schemas/near.json"]
    schema = written["schemas/near.json"]
    assert schema["kms_key_id"] == OFFLINE
    assert [name.partition(".")[0] for name in schema["depends_on"]] == ["aws_sagemaker_feature_group"]
    assert [feature["name"] for feature in json.loads(schema["content"])["features"]] == ["card", "at", "like", "words"]
    assert own.all("aws_s3_object") == {}


def test_a_team_has_a_store_of_its_own(own: Rendered) -> None:
    """Bucket, database and roles are called after it, its tables are tagged as its own, and nothing is shared."""
    tags = {each["lf_tag"][0]["key"] for each in own.all("aws_lakeformation_resource_lf_tag").values()}
    assert tags == {"domain", "layer", "sensitivity", "stage"}
    grants = [each for each in own.all("aws_lakeformation_permissions").values() if each["principal"] == LENDING]
    own_tags = [{"key": "domain", "values": ["fraud"]}, {"key": "layer", "values": ["features"]}]
    assert [each["lf_tag_policy"]["expression"] for each in grants] == [own_tags, own_tags]
    buckets = {each["bucket"] for each in own.all("aws_s3_bucket").values()}
    assert buckets == {"acme-dev-fraud-features", "acme-dev-fraud-features-access-logs"}
    assert own.one("aws_glue_catalog_database")["name"] == "features__fraud"
    assert {each["name"] for each in own.all("aws_iam_role").values()} == {
        "acme-dev-fraud-features",
        "acme-dev-fraud-features-location",
    }
    assert own.all("aws_ram_resource_share") == {}


def test_finding_and_using_are_shared_apart(central: Rendered, stack: list[TestStack]) -> None:
    """The catalogue goes to units with AWS's permission to search; each group by its level to whom it is given."""
    shares = {
        each["name"]: each["permission_arns"][0].rpartition("/")[2]
        for each in central.all("aws_ram_resource_share").values()
    }
    assert shares == {
        "acme-dev-feature-catalogue": "AWSRAMPermissionSageMakerCatalogResourceSearch",
        "acme-dev-card-spend-read": "AWSRAMPermissionSageMakerFeatureGroupReadOnly",
        "acme-dev-near-admin": "AWSRAMPermissionSagemakerFeatureGroupAdmin",
    }
    resources = {each["resource_arn"].partition(":222222222222:")[2] for each in _associations(central)}
    assert resources == {
        "sagemaker-catalog/DefaultFeatureGroupCatalog",
        "feature-group/acme-dev-card-spend",
        "feature-group/acme-dev-near",
    }
    principals = [each["principal"] for each in central.all("aws_ram_principal_association").values()]
    assert sorted(principals) == ["333333333333", "333333333333", UNIT, UNIT]
    assert {(FOUND, "share"), (USED, "share")} <= stack[0].sides


def _associations(rendered: Rendered) -> list[dict[str, Any]]:
    return list(rendered.all("aws_ram_resource_association").values())


def test_nothing_is_shared_outside_the_organisation_or_before_it_is_there(central: Rendered) -> None:
    """RAM's own default would admit any account; it shares no group that is not made."""
    assert all(each["allow_external_principals"] is False for each in central.all("aws_ram_resource_share").values())
    assert all("aws_sagemaker_feature_group" in each["depends_on"][0] for each in _associations(central))


def _without_online_key(scope: Construct) -> None:
    FeatureGroup(
        scope,
        "x",
        naming=NAMING,
        spec=SPEND,
        role_arn="r",
        online_key_arn="",
        offline=cast(Any, None),
        central=True,
        after=[],
    )


def _without_offline_key(scope: Construct) -> None:
    OfflineStore(scope, "x", naming=NAMING, team=None, key_arn="", boundary_arn="b")


@pytest.mark.parametrize("build", [_without_online_key, _without_offline_key])
def test_a_group_without_a_key_is_refused(build: Callable[[Construct], None]) -> None:
    """Neither store can be had without one; the gate's SM-50 and SM-51 say the same of any Terraform."""
    with pytest.raises(ConfigError, match="needs the ARN of a customer-managed key"):
        render(build)


class _Holder:
    def __init__(self) -> None:
        self.sides: set[tuple[Edge, str]] = set()

    def rendered(self, edge: Edge, side: str) -> None:
        self.sides.add((edge, side))


def test_roles_use_each_group_at_its_level_and_the_key_through_sagemaker() -> None:
    """Readers do not write, writers do not manage; the key is the store's online key, for SageMaker's sake alone."""
    holder = _Holder()
    levels = {"a": "read", "b": "read_write", "c": "admin"}
    found = list(uses(holder, USED, store=NAMING, levels=levels, key="feature-online"))  # type: ignore[arg-type]
    said = statements(policy_document(*found))
    prefix = "arn:aws:sagemaker:eu-west-1:222222222222:feature-group/acme-dev-"
    assert {sid: each["Resource"] for sid, each in said.items() if "Features" in sid and "Decrypt" not in sid} == {
        "ReadCentralFeatures": f"{prefix}a",
        "WriteCentralFeatures": f"{prefix}b",
        "ManageCentralFeatures": f"{prefix}c",
    }
    assert "sagemaker:PutRecord" not in said["ReadCentralFeatures"]["Action"]
    assert "sagemaker:UpdateFeatureGroup" not in said["WriteCentralFeatures"]["Action"]
    assert "sagemaker:DeleteFeatureGroup" not in said["ManageCentralFeatures"]["Action"]
    assert said["DecryptCentralFeatures"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/acme-dev-feature-online"},
    }
    assert holder.sides == {(USED, "roles")}


def test_finding_and_recalling_render_their_own_sides() -> None:
    """Searching names no group, and looking into the catalogue reads no data: each is one statement and one side."""
    holder = _Holder()
    (search,) = finds(holder, FOUND)
    (look,) = recalls(holder, RECALLED, store=NAMING)
    assert set(search.actions) == {"sagemaker:ListResourceCatalogs", "sagemaker:Search"}
    assert all(action.startswith("glue:") for action in look.actions)
    assert all(resource.endswith((":catalog", "/features", "/features/*")) for resource in look.resources)
    assert holder.sides == {(FOUND, "roles"), (RECALLED, "roles")}


def test_a_team_does_all_with_its_own_groups_but_delete_them() -> None:
    """It also adds features, which Terraform does not."""
    manage, decrypt = develops(NAMING, ["near"], ONLINE)
    assert "sagemaker:UpdateFeatureGroup" in manage.actions
    assert "sagemaker:DeleteFeatureGroup" not in manage.actions
    assert decrypt.resources == (ONLINE,)
