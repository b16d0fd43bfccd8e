"""Management policies: documents as AWS reads them, and the construct that attaches them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from modules.core.errors import ConfigError
from modules.foundations.contract import OrganizationContract
from modules.foundations.organization_policies.ai_opt_out import ai_opt_out
from modules.foundations.organization_policies.backup import backup
from modules.foundations.organization_policies.declarative import declarative
from modules.foundations.organization_policies.document import LIMITS, ManagementPolicy
from modules.foundations.organization_policies.organization_policies import OrganizationPolicies
from modules.foundations.organization_policies.settings import (
    LEVELS,
    BackupPlan,
    BackupSettings,
    DeclarativeSettings,
    Level,
)
from modules.foundations.organization_policies.tags import tags
from modules.foundations.settings import FoundationsSettings
from tests.support.rendering import NAMING, Rendered, render

ORGANIZATION = OrganizationContract(
    organization_id="o-acme", root_id="r-1", unit_ids={"top": "ou-1", "below": "ou-2"}, account_ids={"one": "1" * 12}
)
POLICY = ManagementPolicy(
    key="tags", kind="TAG_POLICY", description="-", document=tags({"Team": ["a"]}), shorten="say less"
)


def effective(document: Any) -> Any:
    """What a document assigns, without the operators."""
    if not isinstance(document, dict):
        return document
    if "@@assign" in document:
        return document["@@assign"]
    return {key: effective(value) for key, value in document.items() if key != "@@operators_allowed_for_child_policies"}


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_closes_what_the_baseline_closes(level: Level) -> None:
    """Images, snapshots, the serial console and metadata are set alike at every level."""
    found = effective(declarative(level, DeclarativeSettings()))["ec2_attributes"]
    assert found["image_block_public_access"]["state"] == "block_new_sharing"
    assert found["snapshot_block_public_access"]["state"] == "block_all_sharing"
    assert found["serial_console_access"]["status"] == "disabled"
    assert found["instance_metadata_defaults"]["http_tokens"] == "required"
    assert found["instance_metadata_defaults"]["http_put_response_hop_limit"] == "2"


def test_a_tighter_level_never_opens_more_to_the_internet() -> None:
    """From sandbox to quarantine the block of ingress stays on, exceptions end, and at last nothing gets out."""
    blocks = [
        effective(declarative(level, DeclarativeSettings()))["ec2_attributes"]["vpc_block_public_access"]
        for level in LEVELS
    ]
    found = [tuple(block["internet_gateway_block"].values()) for block in blocks]
    assert found == [
        ("block_ingress", "enabled"),
        ("block_ingress", "enabled"),
        ("block_ingress", "disabled"),
        ("block_bidirectional", "disabled"),
    ]


def test_images_of_others_are_reported_and_not_refused() -> None:
    """The list of providers is in audit mode and adds to the lists of units above."""
    images = declarative("strict", DeclarativeSettings(image_providers=("amazon", "2" * 12)))
    allowed: Any = images["ec2_attributes"]
    assert allowed["allowed_images_settings"]["state"] == {"@@assign": "audit_mode"}
    (criterion,) = allowed["allowed_images_settings"]["image_criteria"].values()
    assert criterion == {"allowed_image_providers": {"@@append": ["amazon", "222222222222"]}}


def test_the_opt_out_holds_for_all_services_and_cannot_be_taken_back() -> None:
    """The default of all services is optOut, and no part of the document may be changed below."""
    document: Any = ai_opt_out()
    locked = {"@@operators_allowed_for_child_policies": ["@@none"]}
    assert document["services"].items() >= locked.items()
    assert document["services"]["default"].items() >= locked.items()
    assert document["services"]["default"]["opt_out_policy"] == {**locked, "@@assign": "optOut"}


def test_a_backup_plan_names_the_vault_and_the_role_of_the_baseline() -> None:
    """Vault, role, regions, tag and lifecycle are those of the environment and of the settings."""
    settings = BackupSettings(
        plans={"daily": BackupPlan(schedule="cron(0 3 ? * * *)", keep_days=120, cold_after_days=30)}
    )
    plans = effective(backup(replace(NAMING, partition="aws-us-gov"), settings, ["eu-west-1", "eu-central-1"]))["plans"]
    plan = plans["acme-dev-backup-daily"]
    assert plan["regions"] == ["eu-central-1", "eu-west-1"]
    assert plan["rules"]["daily"]["target_backup_vault_name"] == "acme-dev-backup"
    assert plan["rules"]["daily"]["lifecycle"] == {"delete_after_days": "120", "move_to_cold_storage_after_days": "30"}
    assert plan["selections"]["tags"]["daily"] == {
        "iam_role_arn": "arn:aws-us-gov:iam::$account:role/acme-dev-backup",
        "tag_key": "Backup",
        "tag_value": ["daily"],
    }


def test_a_tag_without_values_is_held_to_its_case_alone() -> None:
    """Keys are told apart without regard to case; where values are enforced, a key without values is left out."""
    free: Any = tags({"Owner": (), "Team": ("b", "a")})
    assert free["tags"]["owner"] == {"tag_key": {"@@assign": "Owner"}}
    assert free["tags"]["team"]["tag_value"] == {"@@assign": ["a", "b"]}
    enforced: Any = tags({"Owner": (), "Team": ("a",)}, ["s3:bucket"])
    assert list(enforced["tags"]) == ["team"]
    assert enforced["tags"]["team"]["enforced_for"] == {"@@assign": ["s3:bucket"]}


def test_a_document_that_is_too_long_is_an_error_with_the_numbers() -> None:
    """The error names the policy, its length, what AWS allows and what to do; one character less is accepted."""
    room = LIMITS["TAG_POLICY"] - len(replace(POLICY, document={"tags": ""}).content)
    assert len(replace(POLICY, document={"tags": "x" * room}).content) == LIMITS["TAG_POLICY"]
    with pytest.raises(ConfigError, match=r"policy tags has 10,001 characters, and AWS allows 10,000 .*: say less"):
        _ = replace(POLICY, document={"tags": "x" * (room + 1)}).content


@pytest.fixture(name="policies", scope="module")
def _policies() -> Rendered:
    return render(
        lambda scope: OrganizationPolicies(
            scope,
            "policies",
            naming=replace(NAMING, environment="org", account="management"),
            policies=[
                replace(POLICY, key="everywhere", at_root=True),
                replace(POLICY, key="some", units=("top",), accounts=("one",)),
            ],
            organization=ORGANIZATION,
        )
    )


def test_policies_stand_where_they_say(policies: Rendered) -> None:
    """Root, unit and account each carry what names them, and nothing else."""
    found = {
        (attachment["policy_id"].split("_")[-2], attachment["target_id"])
        for attachment in policies.all("aws_organizations_policy_attachment").values()
    }
    assert found == {("everywhere", "r-1"), ("some", "ou-1"), ("some", "1" * 12)}


def test_a_policy_holds_its_document_minified(policies: Rendered) -> None:
    """Type, name and content are those of the policy; no space is spent."""
    for policy in policies.all("aws_organizations_policy").values():
        assert policy["type"] == "TAG_POLICY"
        assert policy["name"].startswith("acme-org-policy-")
        assert policy["content"] == '{"tags":{"team":{"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["a"]}}}}'
        assert json.loads(policy["content"]) == POLICY.document


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        ({"declarative": {"image_providers": ["anyone"]}}, "must be amazon, aws_marketplace"),
        ({"declarative": {"image_providers": []}}, "at least 1"),
        ({"tags": {"enforced_for": ["s3"]}}, "such as s3:bucket"),
        ({"backup": {"plans": {}}}, "at least 1"),
        (
            {"backup": {"plans": {"d": {"schedule": "cron(0 3 ? * * *)", "keep_days": 90, "cold_after_days": 30}}}},
            r"keep_days must be at least cold_after_days \+ 90",
        ),
    ],
)
def test_faulty_settings_are_refused_with_what_is_allowed(faulty: dict[str, Any], words: str) -> None:
    """A provider that is none, a kind of resource without its service, cold storage that ends too soon."""
    with pytest.raises(ValidationError, match=words):
        FoundationsSettings.model_validate_json(json.dumps({"policies": faulty}))


def test_a_policy_whose_type_is_off_is_refused() -> None:
    """A switch that is on needs its policy type; with the switch off the type may be missing."""
    types = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2", "TAG_POLICY"]
    without = {"organization": {"policy_types": [*types, "BACKUP_POLICY"]}}
    with pytest.raises(
        ValidationError, match=r"policies.ai_opt_out needs its policy type: add AISERVICES_OPT_OUT_POLICY"
    ):
        FoundationsSettings.model_validate_json(json.dumps(without))
    off = {**without, "policies": {"ai_opt_out": {"enabled": False}}}
    assert not FoundationsSettings.model_validate_json(json.dumps(off)).policies.ai_opt_out.enabled
