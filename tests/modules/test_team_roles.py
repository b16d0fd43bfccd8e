"""The roles as which a team's people, jobs and endpoints work."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.iam import Statement, policy_length
from modules.core.managed_policy import ManagedPolicy
from modules.data_lake.names import consumer_role
from modules.ml_use_case.names import role
from modules.ml_use_case.role_statements import TeamRole, in_studio, must_not, runs, works
from modules.ml_use_case.studio_settings import STUDIO_PERSONAS, ServiceRole
from modules.ml_use_case.team_policies import TeamPolicies
from modules.ml_use_case.team_roles import TeamRoles
from modules.ml_use_case.workplace import Workplace
from tests.support.rendering import NAMING, Rendered, render, statements

BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
KEYS = {name: f"arn:aws:kms:eu-west-1:222222222222:key/{name}" for name in ("artifacts", "data", "domain", "endpoint")}
PLACE = Workplace(
    naming=NAMING,
    team="fraud",
    develops=True,
    projects=("card-fraud",),
    key_arns=KEYS,
    security_group_id="sg-1",
    instance_types=("system", "ml.t3.*"),
    image_accounts=("763104351884",),
)
ROLES: tuple[TeamRole, ...] = (*STUDIO_PERSONAS, *get_args(ServiceRole))
SHARED = Statement("PullImages", actions=("ecr:BatchGetImage",), resources=("arn:aws:ecr:::repository/x",))


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    def build(stack: Construct) -> None:
        shared = {each: {"artifacts": [SHARED]} for each in ROLES}
        policies = TeamPolicies(stack, "policies", place=PLACE, roles=ROLES, shared=shared)
        TeamRoles(stack, "roles", naming=NAMING, team="fraud", roles=ROLES, policies=policies, boundary_arn=BOUNDARY)

    return render(build)


def _all(name: TeamRole, place: Workplace = PLACE) -> tuple[Statement, ...]:
    return (*in_studio(name, place), *works(name, place), *runs(name, place), *must_not(name, place))


def _by_sid(found: tuple[Statement, ...]) -> dict[str, dict[str, Any]]:
    return {each.sid: each.render() for each in found}


def test_no_role_has_a_policy_of_aws(rendered: Rendered) -> None:
    """What is attached is a policy of this stack, and of one role alone; no FullAccess stands anywhere."""
    attached = [each["policy_arn"] for each in rendered.all("aws_iam_role_policy_attachment").values()]
    assert attached
    assert all(arn.startswith("${aws_iam_policy.") for arn in attached)
    assert len(set(attached)) == len(attached)
    assert "FullAccess" not in json.dumps(rendered.document)


def test_what_is_attached_by_hand_goes(rendered: Rendered) -> None:
    """Each role names all of its policies, so that another is taken away at the next apply."""
    for exclusive in rendered.all("aws_iam_role_policy_attachments_exclusive").values():
        assert len(exclusive["policy_arns"]) >= 3


def test_sagemaker_alone_becomes_the_roles(rendered: Rendered) -> None:
    """For this account; people's take the name of who works in Studio, and each has the boundary."""
    roles = {each["name"]: each for each in rendered.all("aws_iam_role").values()}
    trusts = {name: statements(each["assume_role_policy"])["SageMakerOfThisAccount"] for name, each in roles.items()}
    assert set(trusts) == {f"acme-dev-fraud-{name}" for name in ("ml-engineer", "ml-team-lead", "serving")}
    for trust in trusts.values():
        assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": NAMING.account_id}}
    assert trusts["acme-dev-fraud-ml-engineer"]["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity"]
    assert trusts["acme-dev-fraud-serving"]["Action"] == "sts:AssumeRole"
    assert {each["permissions_boundary"] for each in roles.values()} == {BOUNDARY}


def test_seam_5_data_is_read_as_the_role_itself() -> None:
    """No role becomes another, and none asks for MFA, for which a job cannot answer."""
    for name in ROLES:
        found = _by_sid(_all(name))
        assert found["NeverAnotherRole"] == {
            "Sid": "NeverAnotherRole",
            "Effect": "Deny",
            "Action": "sts:AssumeRole",
            "Resource": "*",
        }
        assert "MultiFactorAuth" not in json.dumps(found)


def test_seam_5_no_role_is_made_twice(rendered: Rendered) -> None:
    """The roles to which data is granted are called alike by the lake, which makes them, and are not made here."""
    assert role("fraud", "data-scientist") == consumer_role("fraud", "data-scientist")
    assert role("fraud", "pipeline") == consumer_role("fraud", "pipeline")
    names = [each["name"] for each in rendered.all("aws_iam_role").values()]
    assert not {"acme-dev-fraud-data-scientist", "acme-dev-fraud-pipeline"} & set(names)


def test_no_role_approves_a_model() -> None:
    """Approving takes a person who signed in: each role is denied it, and none is granted it."""
    for name in ROLES:
        for each in _all(name):
            if each.effect == "Allow":
                assert not any(action.startswith("sagemaker:UpdateModelPackage") for action in each.actions)
        denied = {action for each in must_not(name, PLACE) for action in each.actions}
        assert denied & {"sagemaker:UpdateModelPackage", "sagemaker:Update*"}, name


def test_what_is_registered_waits_for_approval() -> None:
    """Data scientists and builds register versions of the team's models in dev alone, each pending."""
    registering = {name for name in ROLES if "Register" in _by_sid(_all(name))}
    assert registering == {"data-scientist", "pipeline"}
    register = _by_sid(_all("pipeline"))["Register"]
    assert register["Resource"] == "arn:aws:sagemaker:eu-west-1:222222222222:model-package/acme-dev-fraud-*/*"
    assert register["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}
    assert "Register" not in _by_sid(_all("pipeline", replace(PLACE, develops=False, projects=())))


def test_a_role_is_handed_to_sagemaker_alone() -> None:
    """Only the team's pipeline and serving roles are passed on; a lead, whose word is an approval, passes none."""
    passed = {
        name: [_by_sid(_all(name)).get("PassRoles", {}).get("Resource")] for name in ("data-scientist", "pipeline")
    }
    pipeline = "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline"
    assert passed == {"data-scientist": [pipeline], "pipeline": [pipeline]}
    engineer = _by_sid(_all("ml-engineer"))["PassRoles"]
    assert engineer["Resource"] == [pipeline, "arn:aws:iam::222222222222:role/acme-dev-fraud-serving"]
    assert engineer["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert "PassRoles" not in _by_sid(_all("ml-team-lead"))
    assert "PassRoles" not in _by_sid(_all("serving"))


def test_a_person_runs_their_own_private_space() -> None:
    """Apps and spaces are of the caller's own profile, as SageMaker names it; only data scientists enter the shared."""
    profile = (
        "arn:aws:sagemaker:eu-west-1:222222222222:user-profile/$${sagemaker:DomainId}/$${sagemaker:UserProfileName}"
    )
    for name in STUDIO_PERSONAS:
        found = _by_sid(in_studio(name, PLACE))
        for sid in ("RunOwnApps", "KeepOwnSpaces"):
            assert found[sid]["Condition"] == {
                "ArnEquals": {"sagemaker:OwnerUserProfileArn": profile},
                "StringEquals": {"sagemaker:SpaceSharingType": "Private"},
            }
        assert found["OpenOwnProfile"]["Resource"] == profile
        assert ("RunSharedApps" in found) == (name == "data-scientist")


def test_nobody_changes_a_profile_or_takes_a_larger_instance() -> None:
    """A profile says as which role one works; instances are those of the level."""
    for name in STUDIO_PERSONAS:
        found = _by_sid(must_not(name, PLACE))
        assert "sagemaker:UpdateUserProfile" in found["NeverDomainsAndProfiles"]["Action"]
        assert found["NeverLargerInstances"]["Condition"] == {
            "ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["system", "ml.t3.*"]}
        }


def test_without_a_network_nothing_runs() -> None:
    """Where the account has no network, jobs and models are denied altogether."""
    found = _by_sid(must_not("pipeline", replace(PLACE, security_group_id=None)))
    assert "sagemaker:CreateTrainingJob" in found["NeverWithoutNetwork"]["Action"]
    assert "Condition" not in found["NeverWithoutNetwork"]


def test_a_policy_that_iam_refuses_is_told_at_synthesis() -> None:
    """A policy beyond IAM's length is a ConfigError, whose count takes references for what they stand for."""
    assert policy_length('{"a":"${aws_kms_key.x.arn}","b":"$${aws:userid}"}') == len(
        '{"a":"000000000000","b":"${aws:userid}"}'
    )
    long = Statement("Long", actions=("s3:GetObject",), resources=[f"arn:aws:s3:::bucket-{n}/*" for n in range(300)])

    def build(stack: Construct) -> None:
        ManagedPolicy(stack, "long", naming=NAMING, what="long", description="Long", statements=[long])

    with pytest.raises(ConfigError, match=r"the policy acme-dev-long names so much that it has .* IAM takes 6144"):
        render(build)
