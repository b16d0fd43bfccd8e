"""Studio, its images and tools: what SageMaker refuses, what is in use, and whose it is."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

pytestmark = pytest.mark.e2e

ACCOUNT, OTHER = "272727272727", "282828282828"


@dataclass(frozen=True)
class Team:
    """A team's account: its SageMaker, a role, and what a domain of it is made from."""

    sagemaker: Any
    role: str
    domain: dict[str, Any]


@pytest.fixture(scope="module", name="team")
def _team(client: Client) -> Team:
    ec2 = client("ec2", ACCOUNT)
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]
    role = client("iam", ACCOUNT).create_role(RoleName="studio", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    domain = {"AuthMode": "IAM", "VpcId": vpc, "SubnetIds": [subnet], "DefaultUserSettings": {"ExecutionRole": role}}
    return Team(client("sagemaker", ACCOUNT), role, {"DomainName": "acme-dev-fraud", **domain})


def _made(team: Team, **arguments: Any) -> str:
    """The id of a new domain, out of its ARN: this client's model is older than the id in the answer."""
    return str(team.sagemaker.create_domain(**{**team.domain, **arguments})["DomainArn"].rpartition("/")[2])


def _refused(code: str, said: str, call: Any, **arguments: Any) -> None:
    with pytest.raises(ClientError, match=said) as refusal:
        call(**arguments)
    assert refusal.value.response["Error"]["Code"] == code


def test_a_domain_stands_in_its_vpc_with_what_its_settings_name(team: Team) -> None:
    """A subnet of elsewhere, a role, image or lifecycle configuration that is not there: each is refused."""
    make, domain = team.sagemaker.create_domain, team.domain
    _refused("ValidationException", "no subnet of", make, **{**domain, "SubnetIds": ["subnet-1234567890"]})
    script = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:studio-lifecycle-config/none"
    image = {"ImageName": "none", "AppImageConfigName": "none"}
    for settings, code, said in (
        ({"ExecutionRole": f"arn:aws:iam::{ACCOUNT}:role/none"}, "InvalidInputException", "there is no role"),
        ({"SecurityGroups": ["sg-1234567890"]}, "ValidationException", "there is no security group"),
        ({"JupyterLabAppSettings": {"LifecycleConfigArns": [script]}}, "ResourceNotFound", "LifecycleConfig none"),
        ({"JupyterLabAppSettings": {"CustomImages": [image]}}, "ResourceNotFound", "Image none"),
    ):
        wrong = {**domain["DefaultUserSettings"], **settings}
        _refused(code, said, make, **{**domain, "DefaultUserSettings": wrong})


def test_a_domain_goes_after_its_users_and_keeps_their_homes_unless_told(team: Team, client: Client) -> None:
    """A profile of an IAM domain names no user of Identity Center; who owns a space stays; so does the file system."""
    sagemaker, efs = team.sagemaker, client("efs", ACCOUNT)
    found = sagemaker.describe_domain(DomainId=_made(team))
    domain = {"DomainId": found["DomainId"]}
    ana = {**domain, "UserProfileName": "ana"}
    person = {"SingleSignOnUserIdentifier": "UserName", "SingleSignOnUserValue": "ana"}
    _refused("ValidationException", "Identity Center", sagemaker.create_user_profile, **ana, **person)
    sagemaker.create_user_profile(**ana)
    _refused("ResourceInUse", "already exists", sagemaker.create_user_profile, **ana)
    space = {**domain, "SpaceName": "ana"}
    sharing = {"SpaceSharingSettings": {"SharingType": "Private"}}
    owner = {"OwnershipSettings": {"OwnerUserProfileName": "bob"}}
    _refused("ResourceNotFound", "bob does not exist", sagemaker.create_space, **space, **sharing, **owner)
    sagemaker.create_space(**space, **sharing, OwnershipSettings={"OwnerUserProfileName": "ana"})
    _refused("ResourceInUse", "owns the space", sagemaker.delete_user_profile, **ana)
    _refused("ResourceInUse", "still has a", sagemaker.delete_domain, **domain)
    sagemaker.delete_space(**space)
    sagemaker.delete_user_profile(**ana)
    sagemaker.delete_domain(**domain)
    (home,) = efs.describe_file_systems(FileSystemId=found["HomeEfsFileSystemId"])["FileSystems"]
    assert home["Encrypted"]
    again = _made(team)
    home_of_it = sagemaker.describe_domain(DomainId=again)["HomeEfsFileSystemId"]
    sagemaker.delete_domain(DomainId=again, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        efs.describe_file_systems(FileSystemId=home_of_it)


def test_a_change_of_one_setting_leaves_the_others(team: Team, client: Client) -> None:
    """A new role keeps the tools hidden; lists and tags are of this account's domains alone."""
    sagemaker = team.sagemaker
    hidden = {"StudioWebPortalSettings": {"HiddenMlTools": ["AutoMl"]}}
    settings = {**team.domain["DefaultUserSettings"], **hidden}
    made = _made(team, DefaultUserSettings=settings, Tags=[{"Key": "Team", "Value": "fraud"}])
    sagemaker.update_domain(DomainId=made, DefaultUserSettings={"StudioWebPortal": "ENABLED"})
    found = sagemaker.describe_domain(DomainId=made)
    assert found["DefaultUserSettings"] == {**settings, "StudioWebPortal": "ENABLED"}
    arn = found["DomainArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "Team", "Value": "risk"}])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "Team", "Value": "risk"}]
    assert [each["DomainId"] for each in sagemaker.list_domains()["Domains"]] == [made]
    assert client("sagemaker", OTHER).list_domains()["Domains"] == []
    sagemaker.delete_domain(DomainId=made)


def test_versions_of_an_image_are_numbered_once_and_found_by_alias(team: Team) -> None:
    """An alias moves to the version that claims it; a number does not come back; the image takes its versions along."""
    sagemaker, lab = team.sagemaker, {"ImageName": "lab"}
    sagemaker.create_image(**lab, RoleArn=team.role, Description="Lab")
    base = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/acme-dev/studio"
    for number in (1, 2):
        image = f"{base}:{number}"
        sagemaker.create_image_version(**lab, BaseImage=image, ClientToken=f"t{number}", Aliases=["current"])
    found = sagemaker.describe_image_version(**lab, Alias="current")
    assert (found["Version"], found["BaseImage"]) == (2, f"{base}:2")
    assert sagemaker.list_aliases(**lab, Version=1)["SageMakerImageVersionAliases"] == []
    sagemaker.delete_image_version(**lab, Version=2)
    sagemaker.create_image_version(**lab, BaseImage=f"{base}:3", ClientToken="t3")
    assert [each["Version"] for each in sagemaker.list_image_versions(**lab)["ImageVersions"]] == [1, 3]
    sagemaker.update_image(**lab, DeleteProperties=["Description"])
    assert "Description" not in sagemaker.describe_image(**lab)
    sagemaker.delete_image(**lab)
    _refused("ResourceNotFound", "does not exist", sagemaker.describe_image_version, **lab)


def test_what_apps_start_with_is_checked(team: Team) -> None:
    """A lifecycle configuration is Base64 of a script; an app image configuration is of one app."""
    config = {"StudioLifecycleConfigName": "start", "StudioLifecycleConfigAppType": "JupyterLab"}
    make = team.sagemaker.create_studio_lifecycle_config
    _refused("ValidationException", "Base64", make, **config, StudioLifecycleConfigContent="#!/bin/bash")
    make(**config, StudioLifecycleConfigContent=base64.b64encode(b"#!/bin/bash\n").decode())
    both: dict[str, Any] = {"JupyterLabAppImageConfig": {}, "CodeEditorAppImageConfig": {}}
    make = team.sagemaker.create_app_image_config
    _refused("ValidationException", "one kind of app", make, AppImageConfigName="lab", **both)


def test_a_project_needs_the_portfolio_and_a_server_its_bucket(team: Team) -> None:
    """Both are refused until these are there."""
    product = {"ProductId": "prod-abc", "ProvisioningArtifactId": "pa-abc"}
    project = {"ProjectName": "scoring", "ServiceCatalogProvisioningDetails": product}
    _refused("ValidationException", "not enabled", team.sagemaker.create_project, **project)
    team.sagemaker.enable_sagemaker_servicecatalog_portfolio()
    assert team.sagemaker.get_sagemaker_servicecatalog_portfolio_status()["Status"] == "Enabled"
    assert team.sagemaker.create_project(**project)["ProjectArn"].endswith(":project/scoring")
    server = {"TrackingServerName": "fraud", "RoleArn": team.role, "ArtifactStoreUri": "s3://acme-none/mlflow"}
    _refused("ValidationException", "no bucket acme-none", team.sagemaker.create_mlflow_tracking_server, **server)


def test_a_hub_refers_to_public_models_and_goes_when_it_is_empty(team: Team) -> None:
    """A reference is made once, listed with its public model, and keeps the hub alive."""
    sagemaker, hub = team.sagemaker, {"HubName": "models"}
    public = f"arn:aws:sagemaker:{REGION}:aws:hub-content/SageMakerPublicHub/Model/text-small"
    sagemaker.create_hub(**hub, HubDescription="Models")
    sagemaker.create_hub_content_reference(**hub, SageMakerPublicHubContentArn=public)
    again = sagemaker.create_hub_content_reference
    _refused("ResourceInUse", "already exists", again, **hub, SageMakerPublicHubContentArn=public)
    (found,) = sagemaker.list_hub_contents(**hub, HubContentType="ModelReference")["HubContentSummaries"]
    assert (found["HubContentName"], found["SageMakerPublicHubContentArn"]) == ("text-small", public)
    _refused("ResourceInUse", "still has contents", sagemaker.delete_hub, **hub)
    content = {**hub, "HubContentType": "ModelReference", "HubContentName": "text-small"}
    sagemaker.delete_hub_content_reference(**content)
    sagemaker.delete_hub(**hub)


def test_a_filter_that_is_not_known_is_refused_rather_than_passed_over(team: Team) -> None:
    """A list that heeds no filter would look right and be wrong."""
    listed = team.sagemaker.list_studio_lifecycle_configs
    _refused("ValidationException", "knows no filter ModifiedTimeAfter", listed, ModifiedTimeAfter=0)
