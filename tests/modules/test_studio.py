"""SageMaker Studio of a team: its domain, its people, what starts there, and its experiments."""

from __future__ import annotations

import base64
import subprocess
from typing import Any

import pytest
from constructs import Construct

from modules.core.assets import ROOT
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case.studio import Studio
from modules.ml_use_case.studio_instances import INSTANCE_TYPES, hidden
from modules.ml_use_case.studio_scripts import PackageIndex
from modules.ml_use_case.studio_settings import (
    Offers,
    SharedSpace,
    StudioImage,
    StudioSettings,
    StudioUser,
    TeamStudio,
)
from tests.support.rendering import NAMING, Rendered, render, statements

KEYS = {name: f"arn:aws:kms:eu-west-1:222222222222:key/{name}" for name in ("data", "domain")}
DIGEST = "sha256:" + "0" * 64
TEAM = TeamStudio(
    users={"maria.sole": StudioUser(), "tom.okafor": StudioUser(persona="ml-team-lead")},
    shared_space=SharedSpace(owner="maria.sole"),
)
SETTINGS = StudioSettings(images={"vision": StudioImage(description="For pictures", digest=DIGEST)})


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    def build(stack: Construct) -> None:
        Studio(
            stack,
            "studio",
            naming=NAMING,
            settings=SETTINGS,
            offer=SETTINGS.offers.sandbox,
            team="fraud",
            studio=TEAM,
            sso=True,
            images_uri="333333333333.dkr.ecr.eu-west-1.amazonaws.com/acme-test-ml/studio",
            packages=PackageIndex("acme-test-ml", "333333333333", "packages", "eu-west-1"),
            network=SpokeContract(
                attachment_id="tgw-1",
                vpc_id="vpc-1",
                private_subnet_ids=["subnet-1"],
                workload_security_group_id="sg-1",
            ),
            keys=BaselineContract(key_arns=KEYS, **BaselineContract.names(NAMING)),
            access=AccessContract(**AccessContract.names(NAMING)),
        )

    return render(build)


@pytest.fixture(name="domain")
def _domain(rendered: Rendered) -> dict[str, Any]:
    return rendered.one("aws_sagemaker_domain")


def test_the_domain_reaches_nothing_but_its_network(domain: dict[str, Any]) -> None:
    """VPC only, in the account's network and the workloads' security group, under the key for domains (seam 9)."""
    assert (domain["app_network_access_type"], domain["vpc_id"]) == ("VpcOnly", "vpc-1")
    assert domain["kms_key_id"] == KEYS["domain"]
    assert domain["default_user_settings"]["security_groups"] == ["sg-1"]
    assert domain["default_space_settings"]["security_groups"] == ["sg-1"]


def test_the_trail_names_who_works(domain: dict[str, Any]) -> None:
    """People come from Identity Center, and sessions of the execution role carry their profile."""
    assert domain["auth_mode"] == "SSO"
    assert domain["domain_settings"]["execution_role_identity_config"] == "USER_PROFILE_NAME"


def test_an_idle_editor_shuts_down(domain: dict[str, Any]) -> None:
    """Each editor, also of a shared space, within bounds that a person cannot leave."""
    expected = {
        "lifecycle_management": "ENABLED",
        "idle_timeout_in_minutes": 60,
        "min_idle_timeout_in_minutes": 60,
        "max_idle_timeout_in_minutes": 120,
    }
    settings, shared = domain["default_user_settings"], domain["default_space_settings"]
    for editor in (
        settings["jupyter_lab_app_settings"],
        settings["code_editor_app_settings"],
        shared["jupyter_lab_app_settings"],
    ):
        assert editor["app_lifecycle_management"]["idle_settings"] == expected


def test_what_passes_review_by_is_off(domain: dict[str, Any]) -> None:
    """No Docker, no shared output, no Canvas, Studio Classic or RStudio; what is started carries the domain's tags."""
    assert domain["domain_settings"]["docker_settings"] == {"enable_docker_access": "DISABLED"}
    assert domain["default_user_settings"]["sharing_settings"] == {"notebook_output_option": "Disabled"}
    portal = domain["default_user_settings"]["studio_web_portal_settings"]
    assert {"Canvas", "JupyterServer", "RStudioServerPro"} <= set(portal["hidden_app_types"])
    assert (domain["tag_propagation"], domain["tags"]) == ("ENABLED", {"Team": "fraud"})


def test_what_is_offered_follows_the_guardrail_level(domain: dict[str, Any]) -> None:
    """The domain hides every instance type but those of the level; a stricter level offers less, never more."""
    portal = domain["default_user_settings"]["studio_web_portal_settings"]
    assert portal["hidden_instance_types"] == hidden(SETTINGS.offers.sandbox)
    assert "ml.g4dn.xlarge" not in portal["hidden_instance_types"]
    assert "ml.p3.2xlarge" in portal["hidden_instance_types"]
    offers = Offers()
    sandbox, standard, strict = (set(hidden(each)) for each in (offers.sandbox, offers.standard, offers.strict))
    assert sandbox < standard < strict < set(INSTANCE_TYPES)
    tools = [set(each.hidden_tools) for each in (offers.sandbox, offers.standard, offers.strict)]
    assert tools[0] < tools[1] < tools[2]


def test_nothing_of_studio_is_destroyed_by_a_change(rendered: Rendered, domain: dict[str, Any]) -> None:
    """Domain, profiles, spaces and the MLflow server refuse to go or to be replaced; homes outlive the domain."""
    kinds = ("domain", "user_profile", "space", "mlflow_tracking_server")
    found = [each for kind in kinds for each in rendered.all(f"aws_sagemaker_{kind}").values()]
    assert [each["lifecycle"]["prevent_destroy"] for each in found] == [True] * 7
    assert domain["retention_policy"] == {"home_efs_file_system": "Retain"}


def test_each_works_as_the_role_of_their_persona(rendered: Rendered) -> None:
    """A profile is the person of that name in Identity Center, and says so in its tags."""
    profiles = {each["user_profile_name"]: each for each in rendered.all("aws_sagemaker_user_profile").values()}
    assert {name: each["user_settings"]["execution_role"].rpartition("/")[2] for name, each in profiles.items()} == {
        "maria-sole": "acme-dev-fraud-data-scientist",
        "tom-okafor": "acme-dev-fraud-ml-team-lead",
    }
    maria = profiles["maria-sole"]
    assert (maria["single_sign_on_user_identifier"], maria["single_sign_on_user_value"]) == ("UserName", "maria.sole")
    assert maria["tags"] == {"Team": "fraud", "Persona": "data-scientist", "OwnerTag": "maria.sole"}


def test_each_has_a_private_space_and_the_team_a_shared_one(rendered: Rendered) -> None:
    """A space names its owner; what a person chooses when it starts is theirs, and no change of ours."""
    spaces = {each["space_name"]: each for each in rendered.all("aws_sagemaker_space").values()}
    assert {name: each["space_sharing_settings"]["sharing_type"] for name, each in spaces.items()} == {
        "fraud-shared": "Shared",
        "maria-sole": "Private",
        "tom-okafor": "Private",
    }
    for each in spaces.values():
        assert each["ownership_settings"]["owner_user_profile_name"].endswith(".user_profile_name}")
        assert each["lifecycle"]["ignore_changes"] == ["space_settings"]


def test_a_script_that_is_readable_points_pip_to_the_organisation(rendered: Rendered) -> None:
    """It is the text of this repository with the parameter's name; another text gets another name."""
    configs = list(rendered.all("aws_sagemaker_studio_lifecycle_config").values())
    assert {each["studio_lifecycle_config_app_type"] for each in configs} == {"CodeEditor", "JupyterLab"}
    script = base64.b64decode(configs[0]["studio_lifecycle_config_content"]).decode()
    assert '--name "/acme/dev/studio/fraud/packages"' in script
    assert "@" not in script
    assert {each["lifecycle"]["create_before_destroy"] for each in configs} == {True}
    assert rendered.one("aws_ssm_parameter")["value"] == "acme-test-ml 333333333333 packages eu-west-1"


@pytest.mark.e2e  # it starts bash
def test_the_script_is_one_of_bash() -> None:
    """Bash reads the script without complaint."""
    script = ROOT / "modules" / "ml_use_case" / "scripts" / "packages.sh"
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_an_image_is_pinned_and_says_what_it_is(rendered: Rendered, domain: dict[str, Any]) -> None:
    """It is the digest that was scanned, offered by both editors."""
    assert rendered.one("aws_sagemaker_image")["description"] == "For pictures"
    version = rendered.one("aws_sagemaker_image_version")
    assert version["base_image"].endswith(f"/acme-test-ml/studio@{DIGEST}")
    for editor in ("jupyter_lab_app_settings", "code_editor_app_settings"):
        (image,) = domain["default_user_settings"][editor]["custom_image"]
        assert image["image_name"].startswith("${aws_sagemaker_image.")


def test_experiments_are_kept_and_register_nothing(rendered: Rendered) -> None:
    """Artefacts lie in the workspace, which its role alone writes; a run registers no model in SageMaker."""
    server = rendered.one("aws_sagemaker_mlflow_tracking_server")
    assert (server["tracking_server_size"], server["automatic_model_registration"]) == ("Small", False)
    assert server["artifact_store_uri"].endswith(".bucket}/experiments")
    policy = statements(rendered.one("aws_iam_role_policy")["policy"])
    assert policy["KeepArtifacts"]["Resource"] == "arn:aws:s3:::acme-dev-fraud-studio/experiments/*"


def test_the_workspace_is_governed(rendered: Rendered) -> None:
    """Its objects are under the key for data, and what is overwritten can be had back."""
    buckets = {each["bucket"] for each in rendered.all("aws_s3_bucket").values()}
    assert buckets == {"acme-dev-fraud-studio", "acme-dev-fraud-studio-access-logs"}
    keys = {
        rule["apply_server_side_encryption_by_default"].get("kms_master_key_id")
        for each in rendered.all("aws_s3_bucket_server_side_encryption_configuration").values()
        for rule in each["rule"]
    }
    assert KEYS["data"] in keys
