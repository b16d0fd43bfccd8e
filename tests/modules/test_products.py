"""Products say what Terraform says, name what is there, and their launch roles may do what their templates need."""

from __future__ import annotations

import io
import json
import re
import runpy
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import pytest
from constructs import Construct
from guardpycfn import validate_with_guard
from jsonschema import Draft202012Validator

from modules.core.workgroup import Workgroup
from modules.foundations.network.contract import NetworkParameters, SpokeContract
from modules.ml_platform import launch_words
from modules.ml_platform.launch_permissions import PERMISSIONS, SERVICE_ROLES, LaunchScope
from modules.ml_platform.names import KEY_PURPOSES, PRODUCTS, Product, environment_parameter, key_parameter
from modules.ml_platform.product_seeds import SEEDS, product_seeds
from modules.ml_platform.product_template import filled_in, published
from modules.ml_platform.product_versions import TEMPLATES, VERSIONS, template
from modules.ml_use_case.experiments import Experiments
from modules.ml_use_case.studio_domain import StudioDomain
from modules.ml_use_case.studio_people import StudioPeople
from modules.ml_use_case.studio_settings import ExperimentsSettings, StudioSettings, StudioUser, TeamStudio
from policies.catalogue import shipped
from policies.detective import GUARD
from policies.hook import guard_text
from policies.template import Template, read
from policies.translation import translated
from tests.support.rendering import NAMING, render

KEY = "arn:aws:kms:eu-west-1:222222222222:key/k"
SCOPE = LaunchScope(NAMING, ("fraud",))


@cache
def product(name: Product) -> Template:
    """The product's newest template, as the organisation publishes it."""
    text = filled_in(template(name, VERSIONS[name][0]), organization="acme", templates="acme-org-ml-templates")
    return read("aws_s3_object.x", f"{name}.yaml", text.decode())


def of_type(name: Product, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical id and block of the product's resources of a type."""
    return ((id_, block) for id_, type_, block in product(name).resources() if type_ == kind)


def both(name: Product, kind: str, terraform: str, build: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A resource of the product in Terraform's words, and the one that our construct makes."""
    ((id_, _),) = of_type(name, kind)
    return next(translated(product(name), id_)), render(build).one(terraform)


def at(body: Any, path: str) -> Any:
    """What stands at a dotted path; lists of one block are passed through."""
    for part in path.split("."):
        body = body[0] if isinstance(body, list) else body
        body = body[part]
    return body


def _domain(scope: Construct) -> object:
    network = SpokeContract("tgw-a", "vpc-1", ["subnet-1"], "sg-1")
    settings = StudioSettings()
    offer = settings.offers.standard
    return StudioDomain(
        scope,
        "domain",
        naming=NAMING,
        settings=settings,
        offer=offer,
        team="fraud",
        sso=True,
        role_arn=NAMING.role_arn("fraud-data-scientist"),
        key_arn=KEY,
        network=network,
        scripts={},
        images={"JupyterLab": (), "CodeEditor": ()},
    )


def _people(scope: Construct) -> object:
    studio = TeamStudio(users={"maria.sole": StudioUser()})
    spaces = StudioSettings().spaces
    return StudioPeople(
        scope, "p", naming=NAMING, spaces=spaces, team="fraud", studio=studio, domain_id="d-1", sso=True
    )


def _server(scope: Construct) -> object:
    return Experiments(
        scope,
        "s",
        naming=NAMING,
        settings=ExperimentsSettings(),
        team="fraud",
        bucket="b",
        bucket_arn="arn:aws:s3:::b",
        key_arn=KEY,
        boundary_arn="arn:aws:iam::222222222222:policy/b",
    )


def _workgroup(scope: Construct) -> object:
    return Workgroup(
        scope, "w", naming=NAMING, what="fraud-queries", key_arn=KEY, scan_limit_gb=10, keep_results_days=30
    )


IDLE = "app_lifecycle_management.idle_settings"
# One table for all: product, type, what Terraform calls it, our construct, and the facts that both must say alike.
FACTS: tuple[tuple[Product, str, str, Any, tuple[str, ...]], ...] = (
    (
        "sagemaker-domain",
        "AWS::SageMaker::Domain",
        "aws_sagemaker_domain",
        _domain,
        (
            "app_network_access_type",
            "auth_mode",
            "tag_propagation",
            "domain_settings.docker_settings.enable_docker_access",
            "domain_settings.execution_role_identity_config",
            "default_user_settings.default_landing_uri",
            "default_user_settings.sharing_settings.notebook_output_option",
            "default_user_settings.studio_web_portal",
            "default_user_settings.studio_web_portal_settings.hidden_app_types",
            "default_user_settings.studio_web_portal_settings.hidden_ml_tools",
            *(
                f"{editor}.{IDLE}.{setting}"
                for editor in (
                    "default_user_settings.jupyter_lab_app_settings",
                    "default_user_settings.code_editor_app_settings",
                    "default_space_settings.jupyter_lab_app_settings",
                )
                for setting in ("lifecycle_management", "min_idle_timeout_in_minutes", "max_idle_timeout_in_minutes")
            ),
            "lifecycle.prevent_destroy",
        ),
    ),
    (
        "user-profile",
        "AWS::SageMaker::UserProfile",
        "aws_sagemaker_user_profile",
        _people,
        ("single_sign_on_user_identifier", "lifecycle.prevent_destroy"),
    ),
    (
        "mlflow-server",
        "AWS::SageMaker::MlflowTrackingServer",
        "aws_sagemaker_mlflow_tracking_server",
        _server,
        ("automatic_model_registration", "tracking_server_size", "lifecycle.prevent_destroy"),
    ),
    (
        "athena-workgroup",
        "AWS::Athena::WorkGroup",
        "aws_athena_workgroup",
        _workgroup,
        (
            "configuration.bytes_scanned_cutoff_per_query",
            "configuration.enforce_workgroup_configuration",
            "configuration.engine_version.selected_engine_version",
            "configuration.publish_cloudwatch_metrics_enabled",
            "configuration.requester_pays_enabled",
            "configuration.result_configuration.encryption_configuration.encryption_option",
        ),
    ),
)


def _plain(value: Any) -> Any:
    """A value without the differences of the languages: order of a list, and a number that is text."""
    if isinstance(value, list):
        return sorted(value)
    return int(value) if isinstance(value, str) and value.isdigit() else value


@pytest.mark.parametrize(("name", "kind", "terraform", "build", "facts"), FACTS, ids=[each[0] for each in FACTS])
def test_a_product_says_what_terraform_says(
    name: Product, kind: str, terraform: str, build: Any, facts: tuple[str, ...]
) -> None:
    """Each fact of the table stands alike in the template and in what our construct renders."""
    launched, made = both(name, kind, terraform, build)
    assert {fact: _plain(at(launched, fact)) for fact in facts} == {fact: _plain(at(made, fact)) for fact in facts}


def test_a_profile_works_as_its_persona_and_says_whose_it_is() -> None:
    """The role is named by the rule of Terraform's, and the tags are Terraform's and the cost centre."""
    launched, made = both("user-profile", "AWS::SageMaker::UserProfile", "aws_sagemaker_user_profile", _people)
    assert at(launched, "user_settings.execution_role").endswith(
        "role/acme-${var.Environment}-${var.Team}-data-scientist"
    )
    assert at(made, "user_settings.execution_role").endswith("role/acme-dev-fraud-data-scientist")
    assert launched["tags"].keys() == made["tags"].keys() | {"CostCenter", "Environment"}


def test_every_build_is_unprivileged_in_the_vpc_and_under_our_key() -> None:
    """So is every build that Terraform makes (modules/ml_use_case/build_stage.py); each reads its own buildspec."""
    seen = set()
    for name in ("build-template", "deploy-template"):
        for id_, _ in of_type(name, "AWS::CodeBuild::Project"):
            project = next(translated(product(name), id_))
            seen.add(at(project, "source.buildspec"))
            assert at(project, "environment.privileged_mode") is False
            assert at(project, "encryption_key") == "${var.ArtifactKey}"
            assert at(project, "vpc_config.vpc_id") == "${var.VpcId}"
            assert at(project, "logs_config.cloudwatch_logs.status") == "ENABLED"
    assert seen == {f"buildspec-{what}.yml" for what in ("test", "build", "register", "prepare")}


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_template_names_what_the_account_has(name: Product) -> None:
    """Parameters of Systems Manager, keys and roles of services are those that Terraform makes in each dev account."""
    network = NetworkParameters.of("acme")
    told = {network.vpc_id, network.private_subnet_ids, network.workload_security_group_id}
    told |= {environment_parameter("acme"), *(key_parameter("acme", purpose) for purpose in KEY_PURPOSES)}
    asked = {
        parameter["Default"]
        for parameter in product(name).body["Parameters"].values()
        if parameter["Type"].startswith("AWS::SSM::")
    }
    assert asked <= told
    text = (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"-dev-(product-[a-z-]+)", text)) <= SERVICE_ROLES.keys()
    assert set(re.findall(r"-\$\{Team\}-([a-z-]+)$", text, re.M)) <= {"data-scientist", "pipeline"}


@pytest.mark.parametrize("name", PRODUCTS)
def test_people_fill_in_team_and_cost_centre_only_within_bounds(name: Product) -> None:
    """Every parameter has a description and stands in the form; Team and CostCenter are always asked."""
    parameters = product(name).body["Parameters"]
    groups = product(name).body["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(one for group in groups for one in group["Parameters"]) == sorted(parameters)
    assert {"Team", "CostCenter"} <= parameters.keys()
    assert all(parameter["Description"].endswith(".") for parameter in parameters.values())


def test_a_template_is_published_as_people_launch_it() -> None:
    """Terraform writes the very text: what CloudFormation resolves is escaped, and no marker is left."""
    source = template("build-template", VERSIONS["build-template"][0])
    text = published(source, organization="acme", templates="t")
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{|__[a-z]+__", text)
    assert text.replace("$${", "${").replace("%%{", "%{").encode() == filled_in(
        source, organization="acme", templates="t"
    )


# Handlers name what any property of the type could need. What ours never ask for, and why.
SPARED = {
    "AWS::Athena::WorkGroup": (("iam:*", "kms:*", "s3:*"), "for notebooks of Spark; a query uses them as who asks"),
    "AWS::CodeCommit::Repository": (
        ("codecommit:ListRepositories", "codecommit:PutRepositoryTriggers", "s3:GetObject*"),
        "listed in a statement of its own; no triggers; the seed is read by the statements of the library",
    ),
    "AWS::CodePipeline::Pipeline": (
        ("*:PassConnection", "codepipeline:*StageTransition", "codepipeline:StartPipelineExecution", "iam:*"),
        "statements of their own; no transition is disabled, and an update starts nothing",
    ),
    "AWS::Events::Rule": (("iam:*",), "a statement of its own"),
    "AWS::Logs::LogGroup": (
        (
            "firehose:*",
            "logs:*BearerToken*",
            "logs:*DataProtectionPolicy",
            "logs:*DeletionProtection",
            "logs:*IndexPolic*",
            "logs:*LogDelivery",
            "logs:*ResourcePolic*",
            "logs:DeleteRetentionPolicy",
            "logs:DescribeLogGroups",
            "logs:DisassociateKmsKey",
            "s3:*",
        ),
        "listed in a statement of its own; no delivery, index, protection or other class of logs",
    ),
    "AWS::S3::Bucket": (
        (
            "*Abac",
            "iam:*",
            "s3:*Metadata*",
            "s3:DeleteBucket?*",
            "s3:DeleteObject",
            "s3:GetBucketAcl",
            "s3:Put*Acl",
            "s3:PutA*",
            "s3:PutBucketCORS",
            "s3:PutBucketNotification",
            "s3:PutBucketObjectLock*",
            "s3:PutBucketReplication",
            "s3:PutBucketWebsite",
            "s3:PutI*",
            "s3:PutMetrics*",
            "s3:PutObject*",
            "s3:PutReplication*",
            "s3tables:*",
        ),
        "no replication, website, inventory, metrics, notices, ACL or tables; what lies in the bucket is never touched",
    ),
    "AWS::SageMaker::Domain": (
        ("efs:*", "iam:*", "kms:*", "sagemaker:*App", "sagemaker:*Image*", "sagemaker:DescribeUserProfile"),
        "statements of their own (elasticfilesystem is what IAM calls efs); no RStudio, images or apps",
    ),
    "AWS::SageMaker::MlflowTrackingServer": (("iam:*",), "a statement of its own"),
    "AWS::SageMaker::ModelPackageGroup": (
        ("sagemaker:DeleteModelPackageGroupPolicy", "sagemaker:PutModelPackageGroupPolicy"),
        "the group has no policy",
    ),
    "AWS::SageMaker::UserProfile": (
        ("iam:*", "identitystore:*", "sagemaker:*Image*", "sso:*"),
        "statements of their own; no images",
    ),
}
EVERY_TYPE = sorted({kind for name in PRODUCTS for _, kind, _ in product(name).resources()})


@cache
def handlers(kind: str) -> frozenset[str]:
    """The actions that CloudFormation's registry says for creating, reading, updating and deleting the type."""
    found = find_spec("cfnlint")  # its schemas alone: to import it takes seconds
    assert found is not None
    assert found.origin is not None
    schemas = Path(found.origin).parent / "data" / "schemas"
    name = json.loads((schemas / "providers" / "eu-west-1.json").read_text())[kind]
    verbs = json.loads((schemas / "resources" / f"{name}.json").read_text()).get("handlers", {})
    return frozenset(action for verb, handler in verbs.items() if verb != "list" for action in handler["permissions"])


def test_every_type_of_a_template_has_its_actions_and_no_type_more() -> None:
    """The words for launch roles are those of the templates' resources."""
    assert EVERY_TYPE == sorted(get_args(launch_words.Type)) == sorted(launch_words.ACTIONS)


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_a_launch_role_may_do_what_the_handlers_of_its_types_do(kind: launch_words.Type) -> None:
    """What CloudFormation's own handlers need is granted, but for what the table spares with its reason."""
    spared, _ = SPARED.get(kind, ((), ""))
    granted, needed = set(launch_words.ACTIONS[kind]), handlers(kind)
    assert not {action for action in needed - granted if not any(fnmatchcase(action, glob) for glob in spared)}
    assert all(any(fnmatchcase(action, glob) for action in needed) for glob in spared), "spares what nobody needs"
    if needed:  # CodeBuild's projects have no handlers in the registry
        assert granted - needed <= {
            "s3:UntagResource",
            "logs:AssociateKmsKey",
            "sagemaker:DeleteTags",
            "sagemaker:ListTags",
        }


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_statements_of_a_product_cover_its_types(name: Product) -> None:
    """Each resource of the template is managed by statements of that product's role; nothing makes identities."""
    statements = PERMISSIONS[name](SCOPE)
    allowed = {action for statement in statements for action in statement.actions}
    for _, kind, _ in product(name).resources():
        assert set(launch_words.ACTIONS[kind]) <= allowed | {"sagemaker:DeleteTags"}  # type: ignore[index]
    assert not any(fnmatchcase(action, "iam:Create*") and action != "iam:CreateServiceLinkedRole" for action in allowed)
    assert not any(action.endswith("*") for action in allowed)
    for statement in statements:
        if "iam:PassRole" in statement.actions:
            assert statement.conditions is not None
            assert "iam:PassedToService" in statement.conditions["StringEquals"]
            assert not any("*" in resource for resource in statement.resources)


def test_launch_and_service_roles_fit_into_inline_policies() -> None:
    """Statements have Sids of their own; the primitive refuses what is too long when the stack is synthesised."""
    for statements in (
        *(each(SCOPE) for each in PERMISSIONS.values()),
        *(r.statements(SCOPE) for r in SERVICE_ROLES.values()),
    ):
        assert len({statement.sid for statement in statements}) == len(statements)


def test_settings_of_a_launched_project_fit_the_schema_of_seed_code() -> None:
    """What the template writes for the seed code is valid against the schema of Terraform's projects."""
    ((_, block),) = of_type("build-template", "AWS::SSM::Parameter")
    text, variables = block["Properties"]["Value"]["Fn::Sub"]
    assert variables["Subnets"] == {"Fn::Join": ['","', {"Ref": "SubnetIds"}]}
    values = {
        "AWS::Region": "eu-west-1",
        "AWS::AccountId": "222222222222",
        "AWS::Partition": "aws",
        "ArtifactKey": KEY,
        "Artifacts": "acme-dev-p-abcdefgh",
        "Subnets": 'subnet-0a1b2c3d4e5f60001","subnet-0a1b2c3d4e5f60002',
        "SecurityGroupId": "sg-0a1b2c3d4e5f60003",
        "Organization": "acme",
        "Environment": "dev",
        "Owner": "lead@acme.example",
    }
    parameters = product("build-template").body["Parameters"]
    chosen = {name: [each.get("Default"), *each.get("AllowedValues", ["x"])] for name, each in parameters.items()}
    first = {name: next(value for value in found if value is not None) for name, found in chosen.items()}
    said = re.sub(r"\$\{([^}]+)\}", lambda place: str({**first, **values}[place[1]]), text)
    schema = Path(__file__).parents[2] / "modules/ml_use_case/templates/settings.schema.json"
    Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(json.loads(said))


def test_the_seed_of_deployments_writes_what_its_endpoint_asks() -> None:
    """It gives every parameter of the endpoint that has no default; without a version it stops."""
    archive = product_seeds(organization="acme", templates="t")["seeds/deploy-endpoint.zip"]
    held = zipfile.ZipFile(io.BytesIO(archive))
    endpoint = read("x", "endpoint.yaml", held.read("endpoint.yaml").decode())
    prepare = runpy.run_path(str(SEEDS / "deploy-endpoint" / "prepare.py"))
    given = {name: name.lower() for name in prepare["GIVEN"].values()}
    asked = {name for name, parameter in endpoint.body["Parameters"].items() if "Default" not in parameter}
    version = "arn:aws:sagemaker:eu-west-1:222222222222:model-package/acme-dev-fraud-card-fraud/3"
    assert prepare["configuration"](version, given)["Parameters"].keys() == asked
    with pytest.raises(ValueError, match="has the team lead approved one"):
        prepare["configuration"]("None", given)


@pytest.mark.e2e
def test_no_product_is_refused_by_the_rules_of_aws() -> None:
    """The hooks of the controls, and the rules of AWS Config, find nothing in any template (the real Guard engine)."""
    controls = list(shipped().controls.values())
    points = [point for control in controls for point in control.detective if point.guard]
    for name in PRODUCTS:
        body = product(name).body
        assert "FAIL" not in _judged({"Resources": body["Resources"]}, guard_text(controls))
        for point in points:
            for _, kind, block in product(name).resources():
                if kind in point.types:
                    rules = (GUARD / f"{point.guard}.guard").read_text(encoding="utf-8")
                    item = {"resourceType": kind, "configuration": block.get("Properties", {})}
                    assert "FAIL" not in _judged(item, rules), (name, point.guard)


def _judged(document: dict[str, Any], rules: str) -> str:
    answer = validate_with_guard(json.dumps(document), rules)
    assert answer["success"], answer
    return json.dumps(answer["result"])
