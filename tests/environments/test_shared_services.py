"""What ML teams share reaches whom it should, and nobody else: asked of the reference organisation's stacks.

Seams of the reference workshop: 2, an event bus that is promised and not there; 8, rights to the registry without those
to images and buckets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from environments.lake import desks
from environments.load import load
from environments.workplaces import checked_here, release_account, studios
from modules.ml_operations.names import endpoint_check
from modules.ml_platform.names import MODEL_BUCKET, model_files
from policies.access.read import access
from policies.access.who import Question, who_can
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e  # reads every stack, and asks all principals
Documents = Mapping[str, dict[str, Any]]
Reaching = Callable[..., set[str]]
ACME = load(ORGANISATIONS["acme"])
TEAMS = [team.name for team in ACME.teams]


@pytest.fixture(name="stacks", scope="module")
def _stacks(synthesised: Synthesised) -> Documents:
    return {entry.id: document for entry, document in documents(synthesised("acme"))}


@pytest.fixture(name="reaching", scope="module")
def _reaching(synthesised: Synthesised, stacks: Documents) -> Reaching:
    """Who is not denied, as `<account>/<name>`; `principal` narrows whom is asked about."""
    known = access(json.loads((synthesised("acme") / "mlgov.json").read_bytes()), stacks)

    def reaching(action: str, resource: str, principal: str = "*") -> set[str]:
        answer = who_can(known, Question(action, resource, principal=principal))
        return {one.principal for one in answer.holdings if one.outcome != "denied"}

    return reaching


def _roles(what: str, *stages: str) -> set[str]:
    return {f"{team}-{stage}/acme-{stage}-{team}-{what}" for team in TEAMS for stage in stages}


def test_seam_2_the_bus_that_teams_announce_to_is_there(stacks: Documents) -> None:
    """The rule of every team with a Studio sends to a bus that a stack makes, in the account that releases."""
    made = {}
    for stack, document in stacks.items():
        for bus in document.get("resource", {}).get("aws_cloudwatch_event_bus", {}).values():
            made[bus["name"]] = stack
    for desk in studios(ACME):
        targets = stacks[f"{desk.account.name}-studio"]["resource"]["aws_cloudwatch_event_target"].values()
        (arn,) = (each["arn"] for each in targets if ":event-bus/" in each["arn"])
        account = release_account(ACME).name
        assert made[arn.rpartition("/")[2]] == f"{account}-artifacts"
        assert f"account_ids.{account}" in arn


def test_seam_2_only_announcing_roles_speak_on_the_bus(reaching: Reaching) -> None:
    """Of all principals outside the bus's account those that forward a team's events or report drift, and no others."""
    found = reaching(
        "events:PutEvents", "arn:aws:events:eu-west-1:ml-shared-services-prod:event-bus/acme-prod-ml-events"
    )
    drift = {"fraud-prod/acme-prod-drift--card-fraud", "lending-prod/acme-prod-drift--letter-triage"}
    away = {one for one in found if not one.startswith("ml-shared-services-prod/")}
    assert away == _roles("announcer", "dev") | drift


def test_seam_8_a_team_reaches_its_artefacts_and_no_other_teams(reaching: Reaching) -> None:
    """Jobs and endpoints of the team read what it handed over, its jobs alone write; other teams do neither."""
    artefact = "arn:aws:s3:::acme-prod-fraud-artifacts/model.tar.gz"
    read = reaching("s3:GetObject", artefact, "*-prod/*") - reaching(
        "s3:GetObject", artefact, "ml-shared-services-prod/*"
    )
    assert read == {"fraud-prod/acme-prod-fraud-pipeline", "fraud-prod/acme-prod-fraud-serving"}
    assert reaching("s3:PutObject", artefact, "fraud-*") == {"fraud-prod/acme-prod-fraud-pipeline"}
    assert reaching("s3:DeleteObject", artefact, "fraud-*") == set()


def test_seam_8_the_key_of_artefacts_is_reached_with_the_bucket(stacks: Documents, reaching: Reaching) -> None:
    """Whoever of the teams' jobs reads the bucket may use its key."""
    stack = "ml-shared-services-test-artifacts"
    (key,) = (name for name in stacks[stack]["resource"]["aws_kms_key"] if name.startswith("artifacts_key"))
    found = reaching("kms:Decrypt", f"{stack}/aws_kms_key.{key}", "*-pipeline")
    assert found == _roles("pipeline", "dev", "test")


def test_seam_8_images_are_pulled_where_teams_have_networks(reaching: Reaching) -> None:
    """Endpoints of released models pull in the home region, and in another the team that has a network there."""
    image = "arn:aws:ecr:{}:ml-shared-services-prod:repository/acme-prod-ml/inference"
    abroad = {
        desk.team.name for desk in desks(ACME) if "prod" in desk.stages and "eu-central-1" in desk.account.networks
    }
    at_home = reaching("ecr:BatchGetImage", image.format("eu-west-1"), "*-serving")
    assert at_home == _roles("serving", "test", "prod")
    assert reaching("ecr:BatchGetImage", image.format("eu-central-1"), "*-serving") == {
        one for one in at_home if one.partition("-prod/")[0] in abroad
    }
    assert reaching("ecr:PutImage", image.format("eu-west-1"), "*-serving") == set()


def test_seam_8_a_model_is_described_read_and_decrypted_wherever_its_team_works(
    stacks: Documents, reaching: Reaching
) -> None:
    """Jobs and endpoints of every stage reach the group, its files and their key: all three, or none is of use.

    Other teams' reach neither group nor files, and none approves there. What asks an endpoint in production what its
    version was asked decrypts the samples, too.
    """
    jobs_and_endpoints = "*/acme-*-[ps][ie][pr]*"  # pipeline and serving: a question costs seconds, so both in one
    roles = ("pipeline", "serving")
    there, stack = "ml-shared-services-prod", "ml-shared-services-prod-models"
    group = f"arn:aws:sagemaker:eu-west-1:{there}:model-package-group/acme-prod-fraud-card-fraud"
    file = f"arn:aws:s3:::acme-prod-{MODEL_BUCKET}/{model_files('fraud')}model.tar.gz"
    (key,) = stacks[stack]["resource"]["aws_kms_key"]
    of_all = {role for what in roles for role in _roles(what, "dev", "test", "prod")}
    of_fraud = {role for role in of_all if role.startswith("fraud-")}
    assert reaching("sagemaker:DescribeModelPackageGroup", group, jobs_and_endpoints) == of_fraud
    assert reaching("s3:GetObject", file, jobs_and_endpoints) == of_fraud
    decrypting = reaching("kms:Decrypt", f"{stack}/aws_kms_key.{key}", jobs_and_endpoints)
    checks = {
        f"{desk.account.name}/acme-prod-{endpoint_check(project.project)}"
        for desk in desks(ACME)
        if desk.account.environment == "prod"
        for project in checked_here(ACME, desk)
    }
    assert {role for role in decrypting if not role.startswith(f"{there}/")} == of_all | checks
    version = f"{group.replace('model-package-group', 'model-package')}/1"
    assert reaching("sagemaker:UpdateModelPackage", version, jobs_and_endpoints) == set()


def test_packages_are_installed_from_one_repository(reaching: Reaching) -> None:
    """Jobs of teams read `packages`, where teams work; nobody of them reads past it, or publishes."""
    repository = "arn:aws:codeartifact:eu-west-1:ml-shared-services-test:repository/acme-test-ml/"
    assert reaching("codeartifact:ReadFromRepository", f"{repository}packages", "*-pipeline") == _roles(
        "pipeline", "dev"
    )
    assert reaching("codeartifact:ReadFromRepository", f"{repository}pypi-store", "*-pipeline") == set()
    published = "arn:aws:codeartifact:eu-west-1:ml-shared-services-test:package/acme-test-ml/packages/*"
    assert reaching("codeartifact:PublishPackageVersion", published, "*-pipeline") == set()
