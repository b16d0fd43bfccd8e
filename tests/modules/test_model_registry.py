"""The central registry, its cards, shares and hub: who finds models, and who can do no more than that."""

from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.foundations.persona_words import Scope
from modules.ml_platform.card_content import card_content
from modules.ml_platform.edges import FINDS_MODELS, USES_HUB
from modules.ml_platform.functions.curate_hub.plan import MODELS
from modules.ml_platform.model_hub import ModelHub
from modules.ml_platform.model_registry import DEPLOY, ModelRegistry
from modules.ml_platform.model_user import finds_models, uses_hub
from modules.ml_platform.models_settings import HubSettings, ModelsSettings
from modules.ml_platform.names import model_group_arns
from modules.ml_platform.registered_model import ModelReader, RegisteredModel
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

REGISTRY = replace(NAMING, environment="test", account="ml-shared-services-test", account_id="999999999999")
MODEL = RegisteredModel(
    project="card-fraud",
    team="fraud",
    owner="fraud@acme.example",
    line_of_business="Financial Crime",
    description="Scores payments",
    intended_use="Picks payments to look at",
    risk="High",
    template="build-tabular",
    metric="roc_auc",
    gate="roc_auc at least 0.85",
)
OTHER = replace(MODEL, project="letter-triage", team="lending")
READ = {"sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages"}


def _reader(team: str, account: str, account_id: str) -> ModelReader:
    roles = tuple(f"arn:aws:iam::{account_id}:role/acme-dev-{team}-{what}" for what in ("pipeline", "serving"))
    return ModelReader(team, account, account_id, roles, Edge(FINDS_MODELS, f"team {team} in {account}", "test"))


FRAUD, LENDING = _reader("fraud", "fraud-dev", "111111111111"), _reader("lending", "lending-dev", "222222222222")
HUB_EDGE = Edge(USES_HUB, "team fraud in fraud-dev", "test")


def _place(scope: Construct, *readers: ModelReader, hub_models: tuple[str, ...] = ("model-a",)) -> None:
    registry = ModelRegistry(
        scope,
        "registry",
        naming=REGISTRY,
        settings=ModelsSettings(lock_days=400),
        models=[MODEL, OTHER],
        readers=readers,
        organization_id="o-ours",
    )
    ModelHub(
        scope,
        "hub",
        naming=REGISTRY,
        settings=HubSettings(models=hub_models),
        bucket=registry.bucket,
        accounts={reader.account: reader.account_id for reader in readers},
        edges=[HUB_EDGE] if readers else [],
        key_arn="arn:aws:kms:eu-west-1:999999999999:key/logs",
        boundary_arn="arn:aws:iam::999999999999:policy/boundary",
    )


@pytest.fixture(name="shared", scope="module")
def _shared() -> tuple[Rendered, TestStack]:
    stacks: list[TestStack] = []

    def build(scope: Construct) -> None:
        assert isinstance(scope, TestStack)
        stacks.append(scope)
        _place(scope, FRAUD, LENDING)

    return render(build), stacks[0]


@pytest.fixture(name="registry", scope="module")
def _registry(shared: tuple[Rendered, TestStack]) -> Rendered:
    return shared[0]


@pytest.fixture(name="alone", scope="module")
def _alone() -> Rendered:
    return render(lambda scope: _place(scope, hub_models=()))


def _named(rendered: Rendered, kind: str, part: str) -> dict[str, object]:
    (found,) = (body for name, body in rendered.all(kind).items() if part in name)
    return found


def test_a_teams_other_accounts_find_its_groups_and_nobody_elses(registry: Rendered) -> None:
    """The policy of each group names the accounts of its team and no others, and that group alone."""
    policy = _named(registry, "aws_sagemaker_model_package_group_policy", "card-fraud")
    (statement,) = statements(str(policy["resource_policy"])).values()
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    assert statement["Resource"] == [
        "arn:aws:sagemaker:eu-west-1:999999999999:model-package-group/acme-test-fraud-card-fraud",
        "arn:aws:sagemaker:eu-west-1:999999999999:model-package/acme-test-fraud-card-fraud/*",
    ]
    accounts = {body["principal"] for body in registry.all("aws_ram_principal_association").values()}
    assert accounts == {"111111111111", "222222222222"}
    assert not any(share["allow_external_principals"] for share in registry.all("aws_ram_resource_share").values())


def test_group_policies_stay_discoverable(registry: Rendered) -> None:
    """RAM promotes no policy with a role, every action or a condition: ours say what AWS's own permission says."""
    for policy in registry.all("aws_sagemaker_model_package_group_policy").values():
        (statement,) = statements(policy["resource_policy"]).values()
        assert statement["Effect"] == "Allow"
        assert statement["Principal"]["AWS"].endswith(":root")
        assert "Condition" not in statement
        assert set(statement["Action"]) == READ | {"sagemaker:CreateModel"}
    shares = registry.all("aws_ram_resource_share").values()
    groups = [share for share in shares if share["name"].endswith(("fraud-models", "lending-models"))]
    assert [share["permission_arns"] for share in groups] == [[f"arn:aws:ram::aws:permission/{DEPLOY}"]] * 2


def test_no_policy_lets_anybody_register_approve_move_or_delete_a_version(registry: Rendered) -> None:
    """Neither the policies of groups nor what roles are given hold an action that writes to the registry."""
    stack = TestStack.__new__(TestStack)  # takes note of sides, and nothing else is asked of it here
    stack.sides = set()
    given = finds_models(stack, FRAUD.edge, registry=REGISTRY, team="fraud", projects=["card-fraud"], deploys=True)
    actions = {action for statement in given for action in statement.actions if action.startswith("sagemaker:")}
    assert actions == READ | {"sagemaker:ListModelPackageGroups", "sagemaker:CreateModel"}
    assert stack.sides == {(FRAUD.edge, "roles")}
    policies = registry.all("aws_sagemaker_model_package_group_policy").values()
    assert all("Update" not in body["resource_policy"] for body in policies)
    assert all("CreateModelPackage" not in body["resource_policy"] for body in policies)


def test_files_are_read_by_the_named_roles_below_their_teams_prefix_alone(registry: Rendered) -> None:
    """A team's statement names its roles of jobs and endpoints and its prefix; the key asks for the same roles."""
    bucket = statements(str(_named(registry, "aws_s3_bucket_policy", "files_policy")["policy"]))
    read = bucket["FraudReadsModels"]
    assert read["Resource"] == "arn:aws:s3:::acme-test-ml-models/models/fraud/*"
    assert read["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": list(FRAUD.role_arns)},
        "StringEquals": {"aws:PrincipalOrgID": "o-ours"},
    }
    assert not any("Put" in str(each["Action"]) or "Delete" in str(each["Action"]) for each in bucket.values())
    key = registry.policy("aws_kms_key")["TeamsReadModels"]
    assert key["Action"] == "kms:Decrypt"
    assert key["Condition"]["ArnEquals"]["aws:PrincipalArn"] == [*FRAUD.role_arns, *LENDING.role_arns]


def test_people_read_no_files(registry: Rendered) -> None:
    """Only what deploys is given the files: a person's role describes versions and no more."""
    stack = TestStack.__new__(TestStack)
    stack.sides = set()
    given = finds_models(stack, None, registry=REGISTRY, team="fraud", projects=["card-fraud"], deploys=False)
    assert {action.partition(":")[0] for statement in given for action in statement.actions} == {"sagemaker"}
    assert not stack.sides


def test_a_file_of_a_model_is_locked(registry: Rendered) -> None:
    """Object lock keeps each version for as long as the settings say."""
    rule = registry.one("aws_s3_bucket_object_lock_configuration")["rule"]
    assert rule == {"default_retention": {"days": 400, "mode": "GOVERNANCE"}}


def test_groups_cards_bucket_and_key_refuse_to_be_destroyed(registry: Rendered) -> None:
    """Terraform refuses, and when a line is left out the guard does: each is of a retained type."""
    from modules.core.retention import is_stateful

    for kind in ("aws_sagemaker_model_package_group", "aws_cloudcontrolapi_resource", "aws_s3_bucket", "aws_kms_key"):
        assert is_stateful(kind)
        assert all(body["lifecycle"]["prevent_destroy"] for body in registry.all(kind).values())


def test_every_side_of_the_way_to_the_registry_is_rendered(shared: tuple[Rendered, TestStack]) -> None:
    """All but `roles`, which stands with the roles; of the way to the hub its share."""
    sides = {(edge, side) for edge in (FRAUD.edge, LENDING.edge) for side in FINDS_MODELS.sides if side != "roles"}
    assert shared[1].sides == sides | {(HUB_EDGE, "share")}


def test_where_the_registry_is_everybodys_own_account_nothing_is_shared(alone: Rendered) -> None:
    """Without other accounts there are groups and cards, and no share, no policy of a group, no opened key."""
    assert len(alone.all("aws_sagemaker_model_package_group")) == 2
    for kind in ("aws_ram_resource_share", "aws_sagemaker_model_package_group_policy"):
        assert not alone.all(kind)
    assert "TeamsReadModels" not in alone.policy("aws_kms_key")


def test_those_who_may_approve_by_a_groups_name_find_this_name() -> None:
    """The permission set of the team's lead goes by the same rule as the names here, in every environment."""
    patterns = Scope("aws", "acme").models()
    team = [pattern.replace("$${aws:PrincipalTag/Team}", "fraud") for pattern in patterns]
    for environment in ("dev", "test", "prod", "org"):
        version = model_group_arns(replace(REGISTRY, environment=environment), "fraud", "card-fraud")[1][:-1] + "3"
        assert any(fnmatchcase(version, pattern) for pattern in team)


def test_a_card_begins_as_a_draft_that_says_what_the_file_says(registry: Rendered) -> None:
    """Purpose, owner, risk and gate are there; training and evaluation are left to who learns of them."""
    card = json.loads(str(_named(registry, "aws_cloudcontrolapi_resource", "card-fraud")["desired_state"]))
    assert (card["ModelCardName"], card["ModelCardStatus"]) == ("acme-test-fraud-card-fraud", "Draft")
    assert card["SecurityConfig"]["KmsKeyId"].startswith("${aws_kms_alias.")
    assert card["Content"] == card_content(MODEL, "acme-test-fraud-card-fraud")
    assert card["Content"]["IntendedUses"]["RiskRating"] == "High"
    assert card["Content"]["AdditionalInformation"]["CustomDetails"]["gate"] == "roc_auc at least 0.85"
    assert not {"EvaluationDetails", "TrainingDetails"} & card["Content"].keys()


@pytest.mark.e2e
def test_a_card_has_the_form_that_cloudformation_asks_for(registry: Rendered) -> None:
    """The whole desired state is valid by the schema of AWS::SageMaker::ModelCard, which cfn-lint ships."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
    from jsonschema import Draft7Validator

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", "AWS::SageMaker::ModelCard").schema
    plain = json.loads(json.dumps(schema).replace("\\\\p{L}\\\\p{Z}\\\\p{N}", "\\\\w "))  # classes that Python lacks
    for card in registry.all("aws_cloudcontrolapi_resource").values():
        assert list(Draft7Validator(plain).iter_errors(json.loads(card["desired_state"]))) == []


def test_the_hub_is_looked_at_and_used_by_teams_and_changed_by_its_list_alone(
    registry: Rendered, alone: Rendered
) -> None:
    """Its share lets read and deploy; the list lies in the archive of the one function that changes its contents."""
    (share,) = (each for each in registry.all("aws_ram_resource_share").values() if "hub" in each["name"])
    assert share["permission_arns"] == ["arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerHubReadAndUse"]
    policy = _named(registry, "aws_iam_role_policy", "curate")
    changing = [each for each in statements(str(policy["policy"])).values() if "Reference" in str(each["Action"])]
    hub = "arn:aws:sagemaker:eu-west-1:999999999999:hub/acme-test-models"
    assert all(hub in each["Resource"] for each in changing)
    assert not alone.all("aws_lambda_function"), f"without {MODELS} nothing is to be done"
    stack = TestStack.__new__(TestStack)
    stack.sides = set()
    given = [action for each in uses_hub(stack, HUB_EDGE, hub=REGISTRY, deploys=False) for action in each.actions]
    assert all(action.partition(":")[2].startswith(("Describe", "List")) for action in given)
    assert stack.sides == {(HUB_EDGE, "roles")}


def test_the_hub_keeps_its_contents_with_the_models(registry: Rendered) -> None:
    """AWS chooses no bucket for it."""
    storage = registry.one("aws_sagemaker_hub")["s3_storage_config"]
    assert storage == {"s3_output_path": "s3://acme-test-ml-models/hub/"}


def test_what_the_file_says_anew_changes_the_card_and_not_the_group() -> None:
    """SageMaker changes no group: one that Terraform would make anew takes every version and approval with it."""

    def group(description: str) -> dict[str, Any]:
        def build(scope: Construct) -> None:
            ModelRegistry(
                scope,
                "registry",
                naming=REGISTRY,
                settings=ModelsSettings(),
                models=[replace(MODEL, description=description, owner=f"{description}@acme.example")],
                readers=[],
                organization_id="o-ours",
            )

        return render(build).one("aws_sagemaker_model_package_group")

    assert group("before") == group("after")


def test_more_teams_than_the_bucket_takes_are_told() -> None:
    """Each team is named in the policy of the files: at some number there is no room, which S3 would say at apply."""
    readers = [_reader(f"team-{number:02}", f"team-{number:02}-dev", f"{number:012}") for number in range(40)]
    with pytest.raises(ConfigError, match=r"acme-test-ml-models names so many .* S3 takes 20480: let fewer teams read"):
        render(lambda scope: _place(scope, *readers))
