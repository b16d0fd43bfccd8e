"""The main job from YAML to report, with real Terraform against the embedded AWS; and what it is done for.

A domain publishes a table, a team reads the columns it is cleared for, a feature group is shared and found; people
work in Studio, one of them registers a model, another one approves it, and the platform hears of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import main
from environments.graph import StackGraph
from environments.load import load
from modules.ml_use_case.names import profile, role
from tests.e2e.conftest import ROOT, applied
from tests.e2e.served import assert_served, name_versions
from tests.e2e.world import (
    CATALOG,
    CATALOGUE,
    GROUP,
    LEAD,
    MODEL,
    SCIENTIST,
    TABLE,
    TEAM,
    World,
    answers,
    publisher_of,
    result_of,
    visible,
)

ENDPOINT = "AWS_ENDPOINT_URL"


def _result(place: Path, organization: str, verb: str) -> dict[str, dict[str, Any]]:
    path = place / "work" / organization / "emulated" / f"last-{verb}.json"
    return {stack["id"]: stack for stack in json.loads(path.read_text(encoding="utf-8"))["stacks"]}


def _serve(world: World, config: str) -> None:
    """Have a version of every served model named; apply it, plan again, and look at what serves it."""
    places = name_versions(load(ROOT / config), world.client, world.id)
    assert places
    where = ("--out", str(world.out), "--work", str(world.place / "work"), "--emulated", world.environment[ENDPOINT])
    assert main.main(["apply", "--stack", "*-serving-*", *where]) == 0
    for stacks in ("*-serving-*", "*-operations-*"):
        assert main.main(["plan", "--stack", stacks, "--fail-on-drift", *where]) == 0
    for place in places:
        assert_served(world.client, place)


@pytest.mark.e2e
def test_three_accounts_from_yaml_to_report(world: World, tmp_path: Path) -> None:
    """The small organisation, which has each kind of stack, applies; its second plan is empty; accounts lie apart.

    The evidence of it says of every stack that what was reviewed is what is applied.
    """
    place = world.place
    done, planned = (_result(place, "minnow", verb) for verb in ("apply", "plan"))
    assert set(done) == set(StackGraph(load(ROOT / "examples" / "small")).nodes)
    assert {stack["status"] for stack in done.values()} == {"applied", "unchanged"}
    assert {stack["status"] for stack in planned.values()} == {"unchanged"}
    owners = re.findall(r"^as (\w+) \(\d+\): (.*?)(?=^as |^─)", world.printed, flags=re.MULTILINE | re.DOTALL)
    buckets = {owner: set(re.split(r"[,\s]+", listed)) for owner, listed in owners}
    assert set(buckets) == {"master", "platform", "workload"}
    for bucket, owner in (("tfstate", "master"), ("logs", "platform"), ("workload-hooks", "workload")):
        assert [name for name, held in buckets.items() if f"minnow-org-{bucket}" in held] == [owner]
    page = (place / "work" / "minnow" / "report.html").read_text(encoding="utf-8")
    assert "minnow" in page
    assert "platform-logs" in page
    folders = ("--out", str(world.out), "--work", str(place / "work"), "--to", str(tmp_path / "pack"))
    assert main.main(["evidence", *folders, "--target", "emulated"]) == 0
    assert main.main(["evidence", "verify", str(tmp_path / "pack"), "--applied"]) == 0


@pytest.mark.e2e
def test_a_table_is_read_once_it_is_published_and_only_the_cleared_columns(world: World) -> None:
    """Before, nobody of the team sees it; after, what the embedded AWS opens is what `access` has foretold."""
    foretold = answers(world.out, "lakeformation:SELECT", TABLE)[TEAM]
    assert foretold.outcome == "allowed if"
    (way,) = foretold.ways
    assert way.conditions[0] == "stage = published, which minnow-org-publish-orders may set"
    assert (set(way.columns), way.without) == ({"order_id", "total", "ordered_at", "returned"}, ("customer_id",))
    assert visible(world) is None
    publisher = publisher_of(world)
    publisher.judge(result_of(publisher, "2027-01-15T08:00:00Z", 2))
    assert visible(world) == set(way.columns)
    publisher.judge(result_of(publisher, "2027-01-15T09:00:00Z", 1))
    assert visible(world) is None
    publisher.judge(result_of(publisher, "2027-01-15T08:30:00Z", 2))  # late: what is known is newer
    assert visible(world) is None


@pytest.mark.e2e
def test_a_feature_group_is_found_and_used_from_the_team_s_account(world: World) -> None:
    """Finding and reading are two shares: the embedded AWS tells the team's account of both, `access` its roles."""
    features = world.client("workload", "sagemaker")
    shared = features.search(Resource="FeatureGroup", CrossAccountFilterOption="CrossAccount")["Results"]
    assert [one["FeatureGroup"]["FeatureGroupName"] for one in shared] == ["minnow-org-order-history"]
    shares = world.client("workload", "ram").get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert "minnow-org-order-history-read" in {share["name"] for share in shares}
    finders = answers(world.out, "sagemaker:Search", CATALOGUE)
    assert any("discovery, which reads no feature" in by for way in finders[TEAM].ways for by in way.by)
    readers, writers = (answers(world.out, f"sagemaker:{action}", GROUP) for action in ("GetRecord", "PutRecord"))
    assert readers[TEAM].outcome != "denied"
    assert any("RAM share minnow-org-order-history-read" in by for way in readers[TEAM].ways for by in way.by)
    assert TEAM not in writers


@pytest.mark.e2e
def test_what_functions_change_terraform_leaves_alone(world: World) -> None:
    """A table that the gate has published is no drift: the plan of its catalogue is empty still."""
    publisher = publisher_of(world)
    publisher.judge(result_of(publisher, "2027-01-15T10:00:00Z", 2))
    assert visible(world) is not None
    place = ("--out", str(world.out), "--work", str(world.place / "work"), "--emulated", world.environment[ENDPOINT])
    assert main.main(["plan", "--stack", CATALOG, "--fail-on-drift", *place]) == 0


@pytest.mark.e2e
def test_studio_is_as_the_team_s_file_says(world: World) -> None:
    """One domain, in the VPC alone, encrypted; a profile with their role and a private space for each person."""
    sagemaker = world.client("workload", "sagemaker")
    (one,) = sagemaker.list_domains()["Domains"]
    domain = sagemaker.describe_domain(DomainId=one["DomainId"])
    assert (domain["DomainName"], domain["AppNetworkAccessType"]) == ("minnow-org-scoring-studio", "VpcOnly")
    key = world.client("workload", "kms").describe_key(KeyId=domain["KmsKeyId"])["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER"
    (team,) = load(ROOT / "examples" / "small").teams
    people = {profile(user): role(team.name, spec.persona) for user, spec in team.studio.users.items()}
    roles = {}
    for listed in sagemaker.list_user_profiles()["UserProfiles"]:
        one = {"DomainId": domain["DomainId"], "UserProfileName": listed["UserProfileName"]}
        arn = sagemaker.describe_user_profile(**one)["UserSettings"]["ExecutionRole"]
        roles[listed["UserProfileName"]] = arn.partition("/minnow-org-")[2]
    assert roles == people
    spaces = sagemaker.list_spaces()["Spaces"]
    assert {each["SpaceSharingSettingsSummary"]["SharingType"] for each in spaces} == {"Private"}
    assert {each["OwnershipSettingsSummary"]["OwnerUserProfileName"] for each in spaces} == set(people)


@pytest.mark.e2e
def test_who_registers_a_model_does_not_approve_it_and_the_platform_hears_of_both(world: World) -> None:
    """A data scientist's version waits; the lead approves it and registers none; both lie in the platform's archive."""
    version = f"arn:aws:sagemaker:eu-west-1:workload:model-package/{MODEL}/1"
    registrars = answers(world.out, "sagemaker:CreateModelPackage", version)
    approvers = answers(world.out, "sagemaker:UpdateModelPackage", version)
    (way,) = registrars[SCIENTIST].ways
    assert "StringEquals sagemaker:ModelApprovalStatus PendingManualApproval" in way.conditions
    assert approvers[LEAD].outcome == "allowed"
    assert SCIENTIST not in approvers
    assert LEAD not in registrars
    registry, events = world.client("workload", "sagemaker"), world.client("platform", "events")
    archive = {"ArchiveName": "minnow-org-ml-events"}
    before = events.describe_archive(**archive)["EventCount"]
    made = registry.create_model_package(ModelPackageGroupName=MODEL)["ModelPackageArn"]
    waiting = registry.describe_model_package(ModelPackageName=made)
    assert waiting["ModelApprovalStatus"] == "PendingManualApproval"
    registry.update_model_package(ModelPackageArn=made, ModelApprovalStatus="Approved")
    assert events.describe_archive(**archive)["EventCount"] - before == 2


@pytest.mark.e2e
def test_the_team_finds_its_models_in_the_central_registry_and_changes_none(world: World) -> None:
    """The share shows the group, and its policy lets the team's account read and neither register nor approve."""
    theirs, owner = world.client("workload", "sagemaker"), world.client("platform", "sagemaker")
    shared = theirs.list_model_package_groups(CrossAccountFilterOption="CrossAccount")["ModelPackageGroupSummaryList"]
    (group,) = (each["ModelPackageGroupArn"] for each in shared)
    assert group.split(":")[4:] == [world.id("platform"), f"model-package-group/{MODEL}"]
    version = owner.create_model_package(ModelPackageGroupName=MODEL)["ModelPackageArn"]
    assert theirs.describe_model_package(ModelPackageName=version)["ModelApprovalStatus"] == "PendingManualApproval"
    with pytest.raises(ClientError, match="do no sagemaker:CreateModelPackage"):
        theirs.create_model_package(ModelPackageGroupName=group)
    with pytest.raises(ClientError, match="do no sagemaker:UpdateModelPackage"):
        theirs.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    central = f"arn:aws:sagemaker:eu-west-1:platform:model-package/{MODEL}/1"
    assert LEAD not in answers(world.out, "sagemaker:UpdateModelPackage", central)


@pytest.mark.e2e
def test_a_version_that_its_parameter_names_is_served_and_watched(world: World) -> None:
    """Endpoint, scaling and monitors stand as soon as the stack is applied again; a further plan is empty.

    Operations, which made the parameter, does not set it back.
    """
    _serve(world, "examples/small")


@pytest.mark.full
def test_the_whole_reference_organisation(tmp_path: Path) -> None:
    """Every stack of the reference organisation is applied, and none drifts; nor do those that serve a version."""
    with applied(tmp_path, "environments") as world:
        done, planned = (_result(tmp_path, "acme", verb) for verb in ("apply", "plan"))
        assert set(done) == set(StackGraph(load(ROOT / "environments")).nodes)
        assert {stack["status"] for stack in done.values()} == {"applied", "unchanged"}
        assert {stack["status"] for stack in planned.values()} == {"unchanged"}
        _serve(world, "environments")
