"""The zones of a data domain: who reaches them, and who does not whatever IAM says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cdktf
import pytest

from modules.core.handshake import Edge
from modules.data_lake.edges import PRODUCES, STORES
from modules.data_lake.settings import DomainLake
from modules.data_lake.storage import Storage
from tests.support.rendering import NAMING, Rendered, TestStack, render
from tests.support.rendering import statements as by_sid

DATA = replace(NAMING, environment="prod", account="data-orders", account_id="333333333333")
GOVERNANCE = replace(NAMING, environment="org", account="data-governance", account_id="444444444444")
STORED = Edge(STORES, "Lake Formation", "domain orders")
PRODUCED = Edge(PRODUCES, "domain orders", "data-governance")
LOCATION = "arn:aws:iam::444444444444:role/acme-org-lake-orders"
JOB = "arn:aws:iam::333333333333:role/acme-prod-orders-job"
BACKUP = "arn:aws:iam::333333333333:role/acme-prod-backup"
MACIE = "arn:aws:iam::333333333333:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
LAKE = DomainLake.model_validate(
    {
        "zones": {"raw": {"cold_after_days": 30, "expire_after_days": 400}, "curated": {}},
        "products": {
            "shop": {
                "description": "d",
                "sensitivity": "internal",
                "tables": {"order": {"description": "d", "columns": {"id": {"type": "string", "description": "d"}}}},
            }
        },
    },
    strict=False,
)


def _place(scope: TestStack, lake: DomainLake = LAKE, produces: Edge | None = PRODUCED) -> None:
    Storage(
        scope,
        "storage",
        naming=DATA,
        domain="orders",
        settings=lake,
        governance=GOVERNANCE,
        organization_id="o-ours",
        boundary_arn="arn:aws:iam::333333333333:policy/boundary",
        backup_role_arn=BACKUP,
        stores=STORED,
        produces=produces,
    )


@pytest.fixture(name="storage", scope="module")
def _storage() -> Rendered:
    return render(_place)  # type: ignore[arg-type]  # render gives it its own stack


def _bucket_policy(rendered: Rendered, zone: str) -> dict[str, dict[str, Any]]:
    (policy,) = (
        body["policy"]
        for name, body in rendered.all("aws_s3_bucket_policy").items()
        if name.startswith(f"storage_{zone}_policy_")
    )
    return by_sid(policy)


def _role(rendered: Rendered, what: str) -> dict[str, dict[str, Any]]:
    (policy,) = (
        body["policy"] for body in rendered.all("aws_iam_role_policy").values() if body["name"] == f"orders-{what}"
    )
    return by_sid(policy)


def test_every_zone_is_a_bucket_under_the_domains_key(storage: Rendered) -> None:
    """Zones, inventory and access logs are buckets of the domain; all but the logs encrypt with its key."""
    names = {body["bucket"] for body in storage.all("aws_s3_bucket").values()}
    assert names == {f"acme-prod-orders-{what}" for what in ("raw", "curated", "inventory", "access-logs")}
    assert storage.one("aws_kms_alias")["name"] == "alias/acme-prod-orders-data"
    (key,) = storage.all("aws_kms_key")
    used = [
        body["rule"][0]["apply_server_side_encryption_by_default"].get("kms_master_key_id")
        for body in storage.all("aws_s3_bucket_server_side_encryption_configuration").values()
    ]
    assert used.count(f"${{aws_kms_key.{key}.arn}}") == 3


def test_a_zone_keeps_objects_as_long_as_its_settings_say(storage: Rendered) -> None:
    """Days to cold and to deletion are those of the zone."""
    (raw,) = (
        body["rule"][0]
        for name, body in storage.all("aws_s3_bucket_lifecycle_configuration").items()
        if name.startswith("storage_raw_")
    )
    assert raw["transition"] == [{"days": 30, "storage_class": "GLACIER_IR"}]
    assert raw["expiration"] == [{"days": 400}]


@pytest.mark.parametrize("zone", ["raw", "curated"])
def test_lake_formation_works_on_a_zone_as_its_location_role_alone(storage: Rendered, zone: str) -> None:
    """Of other accounts that role is admitted, as long as it is of the organisation."""
    policy = _bucket_policy(storage, zone)
    for sid in ("LakeFormationLists", "LakeFormationWorks"):
        assert policy[sid]["Principal"] == {"AWS": "arn:aws:iam::444444444444:root"}
        assert policy[sid]["Condition"] == {
            "StringEquals": {"aws:PrincipalOrgID": "o-ours"},
            "ArnEquals": {"aws:PrincipalArn": LOCATION},
        }
    assert {sid for sid, each in policy.items() if each["Effect"] == "Allow"} == {
        "LakeFormationLists",
        "LakeFormationWorks",
    }


@pytest.mark.parametrize("zone", ["raw", "curated"])
def test_nobody_reads_past_lake_formation(storage: Rendered, zone: str) -> None:
    """Objects are denied to everybody but Lake Formation, the domain's jobs, the backup and Macie."""
    statement = _bucket_policy(storage, zone)["NobodyReadsPastLakeFormation"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert statement["Resource"] == f"arn:aws:s3:::acme-prod-orders-{zone}/*"
    assert statement["Condition"]["ArnNotEquals"] == {"aws:PrincipalArn": [LOCATION, JOB, BACKUP, MACIE]}


def test_in_a_migration_a_zone_denies_nobody_what_iam_opens() -> None:
    """Hybrid access keeps old readers by IAM, which a denial of the bucket would take from them."""
    rendered = render(lambda scope: _place(scope, LAKE.model_copy(update={"hybrid": True})))  # type: ignore[arg-type]
    for zone in ("raw", "curated"):
        denied = {sid for sid, each in _bucket_policy(rendered, zone).items() if each["Effect"] == "Deny"}
        assert denied == {"DenyInsecureTransport"}


def test_sources_drop_files_and_nobody_else_writes_past_lake_formation(storage: Rendered) -> None:
    """Below `incoming/` of the raw zone the account's IAM decides who writes; everywhere else the same few do."""
    raw = _bucket_policy(storage, "raw")["NobodyWritesPastLakeFormation"]
    assert (raw["NotResource"], "Resource" in raw) == ("arn:aws:s3:::acme-prod-orders-raw/incoming/*", False)
    curated = _bucket_policy(storage, "curated")["NobodyWritesPastLakeFormation"]
    assert curated["Resource"] == "arn:aws:s3:::acme-prod-orders-curated/*"
    assert {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"} <= set(curated["Action"])
    assert curated["Condition"]["ArnNotEquals"] == {"aws:PrincipalArn": [LOCATION, JOB, BACKUP, MACIE]}


@pytest.mark.parametrize("zone", ["raw", "curated"])
def test_the_configuration_of_a_zone_is_never_denied(storage: Rendered, zone: str) -> None:
    """But for calls without TLS: whoever administers the account can mend the policy, so nobody is locked out."""
    denied = [
        action
        for sid, each in _bucket_policy(storage, zone).items()
        if each["Effect"] == "Deny" and sid != "DenyInsecureTransport"
        for action in each["Action"]
    ]
    assert denied
    assert all("Object" in action or "MultipartUpload" in action for action in denied)


def test_the_key_is_used_by_lake_formation_through_s3_only(storage: Rendered) -> None:
    """The location role, of the organisation, by way of S3; Macie of this account decrypts; S3 encrypts inventories."""
    policy = storage.policy("aws_kms_key")
    assert policy["LakeFormationUsesKey"]["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-ours", "kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "ArnEquals": {"aws:PrincipalArn": LOCATION},
    }
    assert policy["MacieDecrypts"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": "333333333333"},
        "ArnEquals": {"aws:PrincipalArn": MACIE},
    }
    assert policy["InventoriesEncrypt"]["Principal"] == {"Service": "s3.amazonaws.com"}
    assert set(policy) == {"AccountDecidesByIam", "LakeFormationUsesKey", "InventoriesEncrypt", "MacieDecrypts"}


def test_every_zone_is_listed_every_day(storage: Rendered) -> None:
    """All versions, with their encryption, to the domain's inventory, which takes lists of its zones alone."""
    lists = storage.all("aws_s3_bucket_inventory").values()
    assert len(lists) == 2
    for each in lists:
        assert each["schedule"] == {"frequency": "Daily"}
        assert each["included_object_versions"] == "All"
        assert "EncryptionStatus" in each["optional_fields"]
        assert each["destination"]["bucket"]["bucket_arn"] == "arn:aws:s3:::acme-prod-orders-inventory"
        assert each["destination"]["bucket"]["encryption"]["sse_kms"]["key_id"].startswith("${aws_kms_key.")
    arriving = _bucket_policy(storage, "inventory_lists")["InventoriesArrive"]
    zones = [f"arn:aws:s3:::acme-prod-orders-{zone}" for zone in ("raw", "curated")]
    assert arriving["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "333333333333"},
        "ArnEquals": {"aws:SourceArn": zones},
    }


def test_the_raw_zone_tells_what_arrives(storage: Rendered) -> None:
    """EventBridge hears of objects of the raw zone, and of no other."""
    notification = storage.one("aws_s3_bucket_notification")
    assert notification["eventbridge"] is True
    assert notification["bucket"].startswith("${aws_s3_bucket_policy.storage_raw_policy_")


def test_jobs_and_crawlers_reach_the_domains_own_databases(storage: Rendered) -> None:
    """In the central catalogue and among the links, and what they change is in the central one."""
    for what in ("job", "crawler"):
        policy = _role(storage, what)
        changed = policy["KeepCatalogue"]["Resource"]
        assert all(arn.startswith("arn:aws:glue:eu-west-1:444444444444:") for arn in changed)
        reached = {arn.rpartition(":")[2] for arn in policy["ReadCatalogue"]["Resource"]}
        assert reached == {"catalog", "database/orders_*", "table/orders_*/*", "database/default"}


def test_crawlers_see_objects_through_lake_formation_alone(storage: Rendered) -> None:
    """A crawler has no action of S3 and no key; a job works on the objects of the domain's zones."""
    crawler, job = _role(storage, "crawler"), _role(storage, "job")
    assert not any("s3:" in json.dumps(each) or "kms:" in json.dumps(each) for each in crawler.values())
    zones = [f"arn:aws:s3:::acme-prod-orders-{zone}/*" for zone in ("raw", "curated")]
    assert job["WorkOnZones"]["Resource"] == zones


def test_glue_alone_assumes_the_roles_and_for_this_account(storage: Rendered) -> None:
    """Both are bounded, and trust Glue acting for the domain's account."""
    found = [body for body in storage.all("aws_iam_role").values()]
    assert {body["name"] for body in found} == {"acme-prod-orders-job", "acme-prod-orders-crawler"}
    for body in found:
        assert body["permissions_boundary"] == "arn:aws:iam::333333333333:policy/boundary"
        trust = by_sid(body["assume_role_policy"])["Glue"]
        assert trust["Principal"] == {"Service": "glue.amazonaws.com"}
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "333333333333"}}


def test_storage_renders_its_sides_of_both_edges() -> None:
    """Buckets and key of the zones, and the roles of who produces."""
    stack = TestStack(cdktf.Testing.app())
    _place(stack)
    assert stack.sides == {(STORED, "bucket"), (STORED, "key"), (PRODUCED, "roles")}


def test_a_domain_without_products_has_zones_and_nobody_who_works_on_them() -> None:
    """It has no roles, and its buckets admit none."""
    stack = TestStack(cdktf.Testing.app())
    _place(stack, DomainLake(), None)
    assert stack.sides == {(STORED, "bucket"), (STORED, "key")}
    assert JOB not in cdktf.Testing.synth(stack)
