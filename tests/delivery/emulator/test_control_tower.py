"""Control Tower and Cloud Control in the emulator: what AWS would refuse is refused, what it takes is given back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

OFF = {"enabled": False}
MANIFEST = {
    "accessManagement": OFF,
    "backup": OFF,
    "centralizedLogging": OFF,
    "config": OFF,
    "governedRegions": [REGION],
    "securityRoles": OFF,
}
CONTROL = "arn:aws:controlcatalog:::control/by3ykpgv0a73qqv1k8jksf8q0"
BASELINE = f"arn:aws:controltower:{REGION}::baseline/17BSJV3IGJ2QSGA2"
ENABLED = "AWS::ControlTower::EnabledBaseline"


def organisation(client: Client, account: str, *, zone: bool = True) -> str:
    """An organisation with the service roles, and a landing zone if so asked; returns the ARN of its only unit."""
    organizations, iam = client("organizations", account), client("iam", account)
    organizations.create_organization(FeatureSet="ALL")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    for name in ("Admin", "CloudTrailRole", "StackSetRole"):
        role = {"RoleName": f"AWSControlTower{name}", "Path": "/service-role/", "AssumeRolePolicyDocument": trust}
        iam.create_role(**role)
    root = organizations.list_roots()["Roots"][0]["Id"]
    if zone:
        client("controltower", account).create_landing_zone(version="4.0", manifest=MANIFEST)
    made: str = organizations.create_organizational_unit(ParentId=root, Name="Unit")["OrganizationalUnit"]["Arn"]
    return made


def refused(call: Any, code: str, words: str, **params: Any) -> None:
    """The call ends with this error."""
    with pytest.raises(ClientError, match=words) as caught:
        call(**params)
    assert caught.value.response["Error"]["Code"] == code


def _another(unit: str) -> str:
    """The id of no unit."""
    return unit[:-1] + ("y" if unit.endswith("x") else "x")


def test_a_landing_zone_is_checked_kept_and_made_once(client: Client) -> None:
    """Its manifest must be of its version and name accounts that exist; the roles must be there; one is enough."""
    account = "666666666661"
    tower = client("controltower", account)
    refused(tower.create_landing_zone, "ValidationException", "are missing", version="4.0", manifest=MANIFEST)
    organisation(client, account, zone=False)
    for changed, words in (
        ({"organizationStructure": {}}, "has no organizationStructure"),
        ({"config": {}}, "config.enabled is required"),
        ({"securityRoles": {"enabled": True, "accountId": account}}, "cannot be enabled without config"),
        ({"config": {"enabled": True, "accountId": account}}, "no member account"),
    ):
        wrong = {**MANIFEST, **changed}
        refused(tower.create_landing_zone, "ValidationException", words, version="4.0", manifest=wrong)
    refused(tower.create_landing_zone, "ValidationException", "needs", version="3.3", manifest={})
    made = tower.create_landing_zone(version="4.0", manifest=MANIFEST, tags={"a": "1"})
    found = tower.get_landing_zone(landingZoneIdentifier=made["arn"].rpartition("/")[2])["landingZone"]
    assert (found["manifest"], found["version"], found["status"]) == (MANIFEST, "4.0", "ACTIVE")
    assert tower.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"a": "1"}
    ended = tower.get_landing_zone_operation(operationIdentifier=made["operationIdentifier"])["operationDetails"]
    assert (ended["operationType"], ended["status"]) == ("CREATE", "SUCCEEDED")
    refused(tower.create_landing_zone, "ConflictException", "already", version="4.0", manifest=MANIFEST)
    changed = {**MANIFEST, "governedRegions": [REGION, "eu-central-1"]}
    tower.update_landing_zone(landingZoneIdentifier=made["arn"], version="4.0", manifest=changed)
    assert tower.get_landing_zone(landingZoneIdentifier=made["arn"])["landingZone"]["manifest"] == changed
    tower.delete_landing_zone(landingZoneIdentifier=made["arn"])
    assert tower.list_landing_zones()["landingZones"] == []


def test_a_control_is_enabled_once_on_a_unit_that_exists(client: Client) -> None:
    """Without landing zone or unit there is none; parameters are kept, changed and given back."""
    unit = organisation(client, "666666666662")
    tower = client("controltower", "666666666662")
    both = {"controlIdentifier": CONTROL, "targetIdentifier": unit}
    elsewhere = {**both, "targetIdentifier": _another(unit)}
    refused(tower.enable_control, "ResourceNotFoundException", "has no unit", **elsewhere)
    refused(tower.enable_control, "ValidationException", "of no control", **{**both, "controlIdentifier": unit})
    made = tower.enable_control(**both, parameters=[{"key": "AllowedRegions", "value": [REGION]}])
    refused(tower.enable_control, "ConflictException", "already", **both)
    (listed,) = tower.list_enabled_controls(targetIdentifier=unit)["enabledControls"]
    assert (listed["arn"], listed["controlIdentifier"]) == (made["arn"], CONTROL)
    found = tower.get_enabled_control(enabledControlIdentifier=made["arn"])["enabledControlDetails"]
    assert found["parameters"] == [{"key": "AllowedRegions", "value": [REGION]}]
    tower.update_enabled_control(enabledControlIdentifier=made["arn"], parameters=[{"key": "b", "value": True}])
    found = tower.get_enabled_control(enabledControlIdentifier=made["arn"])["enabledControlDetails"]
    assert found["parameters"] == [{"key": "b", "value": True}]
    token = tower.disable_control(**both)["operationIdentifier"]
    assert tower.get_control_operation(operationIdentifier=token)["controlOperation"]["status"] == "SUCCEEDED"
    refused(tower.disable_control, "ResourceNotFoundException", "is not enabled", **both)


def test_cloud_control_takes_what_the_schema_of_the_type_takes(client: Client) -> None:
    """An unknown type, an unknown or missing or assigned property, a target that is none: each is refused."""
    unit = organisation(client, "666666666663")
    control = client("cloudcontrol", "666666666663")
    good = {"BaselineIdentifier": BASELINE, "BaselineVersion": "5.0", "TargetIdentifier": unit}
    missing = {name: value for name, value in good.items() if name != "BaselineVersion"}

    def create(properties: dict[str, Any], kind: str = ENABLED) -> Any:
        return control.create_resource(TypeName=kind, DesiredState=json.dumps(properties))

    with pytest.raises(ClientError, match="TypeNotFoundException"):
        create(good, "AWS::ControlTower::NoSuch")
    for wrong, words in (
        ({**good, "Nonsense": 1}, "extraneous key"),
        (missing, "required key"),
        ({**good, "EnabledBaselineIdentifier": "x"}, "read-only"),
        ({**good, "BaselineVersion": 5}, "is no string"),
        ({**good, "TargetIdentifier": _another(unit)}, "has no unit"),
        ({**good, "BaselineIdentifier": CONTROL}, "of no baseline"),
    ):
        with pytest.raises(ClientError, match=words):
            create(wrong)
    made = create(good)["ProgressEvent"]
    assert control.get_resource_request_status(RequestToken=made["RequestToken"])["ProgressEvent"] == made
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        create(good)
    both = {"TypeName": ENABLED, "Identifier": made["Identifier"]}
    patch = [{"op": "replace", "path": "/BaselineVersion", "value": "5.1"}]
    control.update_resource(**both, PatchDocument=json.dumps(patch))
    found = json.loads(control.get_resource(**both)["ResourceDescription"]["Properties"])
    assert found == {**good, "BaselineVersion": "5.1", "EnabledBaselineIdentifier": made["Identifier"]}
    with pytest.raises(ClientError, match="cannot replace /TargetIdentifier"):
        control.update_resource(**both, PatchDocument=json.dumps([{**patch[0], "path": "/TargetIdentifier"}]))
    control.delete_resource(**both)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        control.get_resource(**both)


def test_cloudformation_tells_the_schema_of_a_known_type_alone(client: Client) -> None:
    """Terraform plans by the schema: what can be changed, what only when it is made."""
    cloudformation = client("cloudformation", "666666666664")
    schema = json.loads(cloudformation.describe_type(Type="RESOURCE", TypeName=ENABLED)["Schema"])
    assert schema["primaryIdentifier"] == ["/properties/EnabledBaselineIdentifier"]
    assert "/properties/TargetIdentifier" in schema["createOnlyProperties"]
    with pytest.raises(ClientError, match="TypeNotFoundException"):
        cloudformation.describe_type(Type="RESOURCE", TypeName="AWS::S3::Bucket")
