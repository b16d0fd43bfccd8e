"""What releases are made of: stages, builds and their roles, the roles that they become, and the state they reach."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from modules.core.contract import StateLocation
from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.foundations.contract import BaselineContract
from modules.ml_operations.deployer import Deployer
from modules.ml_operations.deployer_permissions import Served, deploys
from modules.ml_operations.edges import DEPLOYS, KEEPS_STATE
from modules.ml_operations.model_release import ModelRelease
from modules.ml_operations.release_permissions import CentralModel
from modules.ml_operations.release_settings import ReleaseSettings
from modules.ml_operations.release_stages import ReleasePlace, steps
from modules.ml_operations.serving_settings import ServingStage
from modules.ml_operations.state_access import KeptState, StateAccess
from tests.support.rendering import Rendered, render, statements
from tests.support.served import KEY, NETWORK, served

RELEASES = Naming("acme", "prod", "ml-shared-services-prod", "999999999999", "aws", "eu-west-1")
ACCOUNTS: dict[ServingStage, Naming] = {
    "test": Naming("acme", "test", "fraud-test", "333333333333", "aws", "eu-west-1"),
    "prod": Naming("acme", "prod", "fraud-prod", "444444444444", "aws", "eu-west-1"),
}
VERSIONS = "arn:aws:sagemaker:eu-west-1:999999999999:model-package/acme-prod-fraud-card-fraud/*"
MODEL = CentralModel(
    target="is_fraud",
    group_arn="arn:aws:sagemaker:eu-west-1:999999999999:model-package-group/acme-prod-fraud-card-fraud",
    versions_arn=VERSIONS,
    bucket="acme-prod-ml-models",
    files="models/fraud/card-fraud/",
    key_alias="alias/acme-prod-ml-models",
    tools="acme-prod-ml-artifacts",
    tools_key_alias="alias/acme-prod-ml-artifacts",
)
KEYS = BaselineContract(
    key_arns={what: KEY.format(what) for what in ("account-logs", "messages", "releases")},
    backup_vault_name="acme-prod-backup",
    backup_vault_arn="arn:aws:backup:eu-west-1:999999999999:backup-vault:acme-prod-backup",
    backup_role_arn="arn:aws:iam::999999999999:role/acme-prod-backup",
)
BOUNDARY = "arn:aws:iam::999999999999:policy/acme-prod-mlgov-boundary"


def place(stage: ServingStage) -> ReleasePlace:
    """Where the model is served as `stage`."""
    return ReleasePlace(
        served=served("real-time", stage),
        naming=ACCOUNTS[stage],
        keeper_arn=f"arn:aws:iam::111111111111:role/acme-org-release-state--card-fraud--{stage}",
        deploys=Edge(DEPLOYS, "project card-fraud", f"fraud-{stage}"),
        keeps_state=Edge(KEEPS_STATE, "project card-fraud", f"fraud-{stage}-serving-card-fraud"),
    )


def release(*stages: ServingStage) -> Rendered:
    """Releases of a project to these stages."""
    return render(
        lambda scope: ModelRelease(
            scope,
            "release",
            naming=RELEASES,
            settings=ReleaseSettings(),
            project="card-fraud",
            team="fraud",
            approver="lead@acme.example",
            model=MODEL,
            places=[place(stage) for stage in stages],
            external_id="acme-mlgov-delivery",
            network=NETWORK,
            keys=KEYS,
            boundary_arn=BOUNDARY,
            passport=((), {"PASSPORT_BUCKET": "acme-prod-model-passports"}),
            sees_passport=(),
        )
    )


@pytest.fixture(name="both", scope="module")
def _both() -> Rendered:
    return release("test", "prod")


@pytest.fixture(name="deployer", scope="module")
def _deployer() -> Rendered:
    passes = {"sagemaker": ("arn:aws:iam::444444444444:role/acme-prod-fraud-serving",)}
    return render(
        lambda scope: Deployer(
            scope,
            "deployer",
            served=Served(ACCOUNTS["prod"], "card-fraud", VERSIONS, passes),
            stage="prod",
            releases=RELEASES,
            external_id="acme-mlgov-delivery",
            organization_id="o-acme",
            boundary_arn=BOUNDARY,
            edge=None,
        )
    )


def allowed(rendered: Rendered, what: str) -> dict[str, dict[str, Any]]:
    """The statements of the role `what`."""
    (policy,) = (each["policy"] for each in rendered.all("aws_iam_role_policy").values() if each["name"] == what)
    return statements(policy)


def trusted(rendered: Rendered, name: str) -> dict[str, Any]:
    """The one statement by which a role is trusted."""
    (role,) = (each for each in rendered.all("aws_iam_role").values() if each["name"] == name)
    (statement,) = json.loads(role["assume_role_policy"])["Statement"]
    return dict(statement)


def test_production_comes_last_and_never_without_passport_and_approval() -> None:
    """The stages follow from where a model is served; an account that is both is production."""
    assert steps(["test", "prod"]) == (
        *("Source", "Prepare", "DeployTest", "IntegrationTest"),
        *("Passport", "Approve", "DeployProd"),
    )
    assert steps(["prod"]) == ("Source", "Prepare", "Passport", "Approve", "DeployProd")
    assert steps(["test"]) == ("Source", "Prepare", "DeployTest", "IntegrationTest")
    for wrong in ([], ["test", "test"]):
        with pytest.raises(ValueError, match="is released to"):
            steps(wrong)  # type: ignore[arg-type]


def test_releases_queue_and_nothing_starts_them(both: Rendered) -> None:
    """Each waits for the one before; the source is polled by nobody, and there is no trigger."""
    pipeline = both.one("aws_codepipeline")
    assert (pipeline["pipeline_type"], pipeline["execution_mode"]) == ("V2", "QUEUED")
    assert "trigger" not in pipeline
    assert [variable["name"] for variable in pipeline["variable"]] == ["MODEL_PACKAGE_ARN"]
    source = pipeline["stage"][0]["action"][0]["configuration"]
    assert source["PollForSourceChanges"] == "false"
    assert source["S3ObjectKey"]


def test_a_person_approves_between_passport_and_production(both: Rendered) -> None:
    """Who approves is told version and passport; the wait has an end."""
    stages = {stage["name"]: stage for stage in both.one("aws_codepipeline")["stage"]}
    assert list(stages) == [*steps(["test", "prod"])]
    (approval,) = stages["Approve"]["action"]
    assert approval["category"] == "Approval"
    assert approval["timeout_in_minutes"] == 72 * 60
    words = approval["configuration"]["CustomData"]
    assert "#{Prepare.VERSION}" in words
    assert "#{Passport.PASSPORT_SHA256}" in words


def test_what_fails_in_production_is_taken_back_with_its_verification(both: Rendered) -> None:
    """Deployment and verification are one stage, which CodePipeline rolls back; only reading stages are retried."""
    stages = {stage["name"]: stage for stage in both.one("aws_codepipeline")["stage"]}
    production = stages["DeployProd"]
    assert [action["name"] for action in production["action"]] == ["DeployProd", "VerifyProd"]
    assert production["on_failure"]["result"] == "ROLLBACK"
    retried = {name for name, stage in stages.items() if stage.get("on_failure", {}).get("result") == "RETRY"}
    assert retried == {"Prepare", "Passport"}


def test_what_deploys_to_test_cannot_reach_production(both: Rendered) -> None:
    """Each build becomes the roles of its own stage, by their ARNs, and no others."""
    for stage, account in (("test", "333333333333"), ("prod", "444444444444")):
        deploys = allowed(both, f"release--card-fraud--deploy-{stage}")["DeployAndKeepState"]
        assert deploys["Resource"] == [
            f"arn:aws:iam::{account}:role/acme-{stage}-deploy--card-fraud",
            f"arn:aws:iam::111111111111:role/acme-org-release-state--card-fraud--{stage}",
        ]
        verifies = allowed(both, f"release--card-fraud--verify-{stage}")["Verify"]
        assert verifies["Resource"] == f"arn:aws:iam::{account}:role/acme-{stage}-verify--card-fraud"
    for what in ("prepare", "passport", "pipeline"):
        found = allowed(both, f"release--card-fraud--{what}").values()
        assert not [each for each in found if "sts:AssumeRole" in str(each["Action"])]


def test_the_pipeline_cannot_approve(both: Rendered) -> None:
    """Its role starts builds, tells the topic and keeps artefacts."""
    found = json.dumps([*allowed(both, "release--card-fraud--pipeline").values()])
    assert "codepipeline:" not in found
    assert "sagemaker:" not in found


def test_builds_run_in_the_network_and_unprivileged(both: Rendered) -> None:
    """Every build, with its log and its artefacts under keys of the account."""
    projects = both.all("aws_codebuild_project").values()
    assert len(projects) == 6
    for project in projects:
        assert project["vpc_config"]["subnets"] == NETWORK.private_subnet_ids
        assert project["environment"]["privileged_mode"] is False
        assert project["encryption_key"] == KEY.format("releases")


def test_a_model_without_a_place_for_test_goes_straight_to_its_passport() -> None:
    """The passport then takes no result of a test."""
    pipeline = release("prod").one("aws_codepipeline")
    assert [stage["name"] for stage in pipeline["stage"]] == [*steps(["prod"])]
    passport = pipeline["stage"][2]["action"][0]
    assert passport["input_artifacts"] == ["source", "prepared"]


def test_a_deployment_role_trusts_one_build_of_its_project(deployer: Rendered) -> None:
    """By the ARN of its role, with the external id, of this organisation."""
    for what in ("deploy", "verify"):
        statement = trusted(deployer, f"acme-prod-{what}--card-fraud")
        assert statement["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
        build = f"arn:aws:iam::999999999999:role/acme-prod-release--card-fraud--{what}-prod"
        assert statement["Condition"] == {
            "ArnEquals": {"aws:PrincipalArn": build},
            "StringEquals": {"aws:PrincipalOrgID": "o-acme", "sts:ExternalId": "acme-mlgov-delivery"},
        }


def test_a_deployment_role_approves_nothing_makes_no_identity_and_deletes_no_data(deployer: Rendered) -> None:
    """It changes what is called after its project; what it deletes are files of monitors, and what has a version."""
    found = allowed(deployer, "deploy--card-fraud")
    actions = {action for each in found.values() for action in _listed(each["Action"])}
    assert not actions & {"sagemaker:UpdateModelPackage", "sagemaker:DeleteModelPackage", "iam:CreateRole"}
    writes = {sid for sid, each in found.items() if {"s3:DeleteObject", "s3:PutObject"} & set(_listed(each["Action"]))}
    assert writes == {"ReplaceMonitorFiles"}  # and not the stack's JSON, which passed the gate
    monitors = "arn:aws:s3:::acme-prod-serving--card-fraud/stack/monitors/*"
    assert found["ReplaceMonitorFiles"]["Resource"] == monitors
    unbound = {sid for sid, each in found.items() if "*" in _listed(each["Resource"])}
    assert unbound == {"MakeJobs", "SeeScaling"}  # these actions have no resources in IAM


def test_a_deployment_role_reaches_nothing_of_a_project_whose_name_goes_on_like_its_own() -> None:
    """`card` is not `card-fraud`: the pattern that means the one's models, configurations and alarms misses those."""
    patterns = [
        resource
        for statement in deploys(Served(ACCOUNTS["prod"], "card", VERSIONS, {}))
        for resource in statement.resources
        if resource != "*"
    ]

    def reached(project: str) -> list[str]:
        name = f"acme-prod-serving--{project}"
        ends = (f"model/{name}--3-2-abcdef", f"endpoint-config/{name}--3-2-abcdef", f"alarm:{name}-waiting")
        services = ("sagemaker", "sagemaker", "cloudwatch")
        arns = [ACCOUNTS["prod"].arn(service, end) for service, end in zip(services, ends, strict=True)]
        return [arn for arn in arns if any(fnmatchcase(arn, pattern) for pattern in patterns)]

    assert len(reached("card")) == 3
    assert reached("card-fraud") == []


def test_a_verifying_role_changes_nothing(deployer: Rendered) -> None:
    """It asks, starts a batch, and puts requests."""
    found = allowed(deployer, "verify--card-fraud")
    actions = {action for each in found.values() for action in _listed(each["Action"])}
    assert not {action for action in actions if action.startswith(("sagemaker:Create", "sagemaker:Update", "iam:"))}
    assert found["PutRequests"]["Resource"] == "arn:aws:s3:::acme-prod-serving--card-fraud/input/*"


def test_a_release_reaches_one_state_and_reads_those_that_its_stack_reads() -> None:
    """It writes its own state, removes its lock alone, and sees no other state."""

    def location(key: str) -> StateLocation:
        alias = "arn:aws:kms:eu-west-1:111111111111:alias/acme-prod-tfstate"
        return StateLocation("acme-prod-tfstate", key, "eu-west-1", alias)

    edge = Edge(KEEPS_STATE, "project card-fraud", "fraud-prod-serving-card-fraud")
    own, read = location("prod/fraud-prod/serving.tfstate"), location("prod/fraud-prod/network.tfstate")
    rendered = render(
        lambda scope: StateAccess(
            scope,
            "state",
            naming=Naming("acme", "org", "management", "111111111111", "aws", "eu-west-1"),
            releases=RELEASES,
            state=KeptState("card-fraud", "prod", own, (read,), edge),
            external_id="acme-mlgov-delivery",
            organization_id="o-acme",
            boundary_arn=BOUNDARY,
        )
    )
    found = allowed(rendered, "release-state--card-fraud--prod")
    writes = {resource for each in found.values() for resource in _listed(each["Resource"]) if "s3:Put" in str(each)}
    state = "arn:aws:s3:::acme-prod-tfstate/prod/fraud-prod/serving.tfstate"
    assert writes == {state, f"{state}.tflock"}
    deletes = [each["Resource"] for each in found.values() if "s3:DeleteObject" in _listed(each["Action"])]
    assert deletes == [f"{state}.tflock"]
    assert found["ReadStates"]["Action"] == "s3:GetObject"
    build = "arn:aws:iam::999999999999:role/acme-prod-release--card-fraud--deploy-prod"
    statement = trusted(rendered, "acme-org-release-state--card-fraud--prod")
    assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": build}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
