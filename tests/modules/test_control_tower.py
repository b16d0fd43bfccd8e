"""Control Tower: manifest, service roles, registration of units, and controls."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from modules.foundations.contract import OrganizationContract
from modules.foundations.control_tower.control_tower import ControlTower
from modules.foundations.control_tower.controls import CONTROLS
from modules.foundations.control_tower.governed_unit import GovernedUnit
from modules.foundations.control_tower.landing_zone import LandingZone, SharedAccounts
from modules.foundations.control_tower.settings import TRUSTED_SERVICES, LandingZoneSettings, LevelControls, Version
from modules.foundations.settings import FoundationsSettings
from tests.support.rendering import NAMING, Rendered, render, statements

MANAGEMENT = replace(NAMING, environment="org", account="management", account_id="1" * 12, partition="aws-us-gov")
BOUNDARY = f"arn:aws-us-gov:iam::{'1' * 12}:policy/acme-org-mlgov-boundary"
ORGANIZATION = OrganizationContract(
    organization_id="o-acme", root_id="r-1", unit_ids={"top": "ou-1", "below": "ou-2", "free": "ou-3"}, account_ids={}
)


def landing_zone(**settings: Any) -> Rendered:
    chosen = LandingZoneSettings(enabled=True, **settings)
    return render(
        lambda scope: LandingZone(
            scope,
            "landing-zone",
            naming=MANAGEMENT,
            settings=chosen,
            regions=("eu-west-1", "eu-central-1"),
            boundary_arn=BOUNDARY,
            shared=SharedAccounts("2" * 12, "3" * 12, "Security") if chosen.integrated else None,
        )
    )


def manifest_of(rendered: Rendered) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rendered.one("aws_controltower_landing_zone")["manifest_json"])
    return found


def test_by_default_control_tower_deploys_into_no_account() -> None:
    """Every integration of the manifest is off, regions are the governed ones, and there is no key."""
    rendered = landing_zone()
    manifest = manifest_of(rendered)
    assert manifest.pop("governedRegions") == ["eu-central-1", "eu-west-1"]
    assert set(manifest) == {"accessManagement", "backup", "centralizedLogging", "config", "securityRoles"}
    assert all(part == {"enabled": False} for part in manifest.values())
    assert rendered.all("aws_kms_key") == {}


def test_an_integration_names_its_account_its_retention_and_our_key() -> None:
    """Logs go to the log archive, AWS Config and the security roles to the security tooling account."""
    rendered = landing_zone(config=True, central_logging=True, log_days=400)
    manifest = manifest_of(rendered)
    logging, config = manifest["centralizedLogging"], manifest["config"]
    assert (logging["accountId"], config["accountId"]) == ("2" * 12, "3" * 12)
    assert manifest["securityRoles"] == {"accountId": "3" * 12, "enabled": True}
    for part in (logging, config):
        assert part["enabled"] is True
        assert part["configurations"]["loggingBucket"] == {"retentionDays": 400}
        assert part["configurations"]["kmsKeyArn"].startswith("${aws_kms_key.")
    assert manifest["accessManagement"] == {"enabled": False}


def test_version_3_can_leave_the_trail_to_us() -> None:
    """Its manifest names the unit and both accounts in any case, with central logging off."""
    manifest = manifest_of(landing_zone(version="3.3", config=True))
    assert manifest["organizationStructure"] == {"security": {"name": "Security"}}
    assert manifest["centralizedLogging"]["enabled"] is False
    assert manifest["centralizedLogging"]["accountId"] == "2" * 12
    assert manifest["securityRoles"] == {"accountId": "3" * 12}
    assert "config" not in manifest


def test_the_landing_zone_is_never_destroyed_and_waits_for_its_roles() -> None:
    """Terraform refuses to destroy it, and makes it after every role has all its policies."""
    rendered = landing_zone()
    zone = rendered.one("aws_controltower_landing_zone")
    assert zone["lifecycle"] == {"prevent_destroy": True}
    parts = [
        f"{kind}.{name}"
        for kind in ("aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive")
        for name in rendered.all(kind)
    ]
    assert sorted(zone["depends_on"]) == sorted(parts)


@pytest.mark.parametrize(("version", "more"), [("4.0", []), ("3.3", ["ConfigAggregatorRoleForOrganizations"])])
def test_service_roles_have_the_names_that_control_tower_looks_for(version: Version, more: list[str]) -> None:
    """Names and path are AWS's; each trusts one service, stays within the boundary and in its partition."""
    rendered = landing_zone(version=version, config=True)
    roles = {role["name"]: role for role in rendered.all("aws_iam_role").values()}
    assert set(roles) == {f"AWSControlTower{name}" for name in ("Admin", "CloudTrailRole", "StackSetRole", *more)}
    for role in roles.values():
        assert (role["path"], role["permissions_boundary"]) == ("/service-role/", BOUNDARY)
        (trust,) = statements(role["assume_role_policy"]).values()
        assert list(trust["Principal"]) == ["Service"]
    arns = [each["policy_arn"] for each in rendered.all("aws_iam_role_policy_attachment").values()]
    assert all(arn.startswith("arn:aws-us-gov:iam::aws:policy/service-role/") for arn in arns)
    assert any(arn.endswith("AWSControlTowerCloudTrailRolePolicy") for arn in arns) is (version == "4.0")


def test_the_key_serves_config_and_control_towers_trail_alone() -> None:
    """CloudTrail uses it for the baseline trail of the management account, nobody else but the account itself."""
    policy = landing_zone(config=True).policy("aws_kms_key")
    assert policy["Config"]["Principal"] == {"Service": "config.amazonaws.com"}
    source = policy["Trail"]["Condition"]["StringEquals"]["aws:SourceArn"]
    assert source == f"arn:aws-us-gov:cloudtrail:eu-west-1:{'1' * 12}:trail/aws-controltower-BaselineCloudTrail"
    assert set(policy) == {"AccountDecidesByIam", "Config", "Trail"}


@pytest.fixture(name="tower", scope="module")
def _tower() -> Rendered:
    return render(
        lambda scope: ControlTower(
            scope,
            "tower",
            naming=MANAGEMENT,
            units=[
                GovernedUnit("below", "top", registered=True, controls=("notebook-without-root", "region-deny")),
                GovernedUnit("free", None, registered=False, controls=("root-user-does-nothing",)),
                GovernedUnit("top", None, registered=True, controls=()),
            ],
            baseline_version="5.0",
            regions=("eu-west-1", "eu-central-1"),
            parameters={"region-deny": {"ExemptedActions": ("s3:*",)}},
            organization=ORGANIZATION,
        )
    )


def test_a_unit_is_registered_after_the_one_above_it(tower: Rendered) -> None:
    """Two of three units are registered, with the baseline of the landing zone's version; the lower one waits."""
    found = {}
    for resource in tower.all("aws_cloudcontrolapi_resource").values():
        assert resource["type_name"] == "AWS::ControlTower::EnabledBaseline"
        state = json.loads(resource["desired_state"])
        assert state["BaselineVersion"] == "5.0"
        assert state["BaselineIdentifier"] == "arn:aws-us-gov:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2"
        found[state["TargetIdentifier"].rpartition("/")[2]] = resource.get("depends_on", [])
    assert set(found) == {"ou-1", "ou-2"}
    assert found["ou-1"] == []
    assert [each.split(".")[0] for each in found["ou-2"]] == ["aws_cloudcontrolapi_resource"]


def test_controls_have_their_identifiers_and_parameters(tower: Rendered) -> None:
    """Readable names become Control Catalog ARNs; parameters are JSON, the governed regions filled in."""
    found = {
        control["control_identifier"].rpartition("/")[2]: control
        for control in tower.all("aws_controltower_control").values()
    }
    assert set(found) == {
        CONTROLS[name].identifier for name in ("notebook-without-root", "region-deny", "root-user-does-nothing")
    }
    deny = found[CONTROLS["region-deny"].identifier]
    assert deny["control_identifier"].startswith("arn:aws-us-gov:controlcatalog:::control/")
    assert deny["target_identifier"] == f"arn:aws-us-gov:organizations::{'1' * 12}:ou/o-acme/ou-2"
    assert {each["key"]: json.loads(each["value"]) for each in deny["parameters"]} == {
        "AllowedRegions": ["eu-central-1", "eu-west-1"],
        "ExemptedActions": ["s3:*"],
    }
    (exempt,) = found[CONTROLS["root-user-does-nothing"].identifier]["parameters"]
    assert exempt == {"key": "ExemptAssumeRoot", "value": "true"}
    assert len(deny["depends_on"]) == 1
    assert "depends_on" not in found[CONTROLS["root-user-does-nothing"].identifier]


def test_every_identifier_of_the_catalogue_is_one_of_aws_and_stands_once() -> None:
    """Control Catalog identifiers are 24 or 25 small letters and digits; no two names share one."""
    identifiers = [control.identifier for control in CONTROLS.values()]
    assert all(re.fullmatch(r"[0-9a-z]{24,25}", identifier) for identifier in identifiers)
    assert len(set(identifiers)) == len({control.code for control in CONTROLS.values()}) == len(CONTROLS)


def test_a_level_keeps_the_controls_of_those_before_it() -> None:
    """Strict has all, sandbox its own, quarantine none; by default each is proactive."""
    controls = LevelControls()
    assert set(controls.up_to("sandbox")) < set(controls.up_to("standard")) < set(controls.up_to("strict"))
    assert controls.up_to("quarantine") == ()
    assert {CONTROLS[name].behaviour for name in controls.up_to("strict")} == {"proactive"}


def test_a_landing_zone_keeps_the_trusted_access_that_it_made() -> None:
    """What Control Tower switches on in Organizations is declared while it is on, and not otherwise."""
    on = FoundationsSettings(landing_zone=LandingZoneSettings(enabled=True))
    assert set(on.trusted_services) - set(FoundationsSettings().trusted_services) == set(TRUSTED_SERVICES)


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        ({"landing_zone": {"enabled": True, "version": "3.3"}}, "config must be true with version 3.3"),
        ({"landing_zone": {"version": "2.9"}}, "'3.3' or '4.0'"),
        ({"control_tower": {"controls": {"sandbox": ["no-such"]}}}, "must be one of bucket-encrypted-by-kms"),
        ({"control_tower": {"controls": {"sandbox": ["key-rotation"]}}}, "must name each control once.*key-rotation"),
    ],
)
def test_faulty_settings_are_refused_with_what_is_allowed(faulty: dict[str, Any], words: str) -> None:
    """A version that needs more than it is given or does not exist, a control that does not exist or stands twice."""
    with pytest.raises(ValidationError, match=words):
        FoundationsSettings.model_validate_json(json.dumps(faulty))
