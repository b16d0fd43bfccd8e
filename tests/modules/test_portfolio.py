"""The portfolios of Service Catalog: with whom they are shared, whose they are, and what a launch is held to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from modules.core.errors import SynthError
from modules.core.handshake import Edge
from modules.core.units import Units
from modules.ml_platform import product_versions
from modules.ml_platform.audience import Audience, Recipient
from modules.ml_platform.edges import LAUNCHES
from modules.ml_platform.names import PRODUCTS, PROJECT_TEMPLATES, launch_role_name
from modules.ml_platform.portfolio_people import signed_in
from modules.ml_platform.portfolio_settings import PortfolioSettings
from modules.ml_platform.product_catalog import ProductCatalog
from modules.ml_platform.product_versions import VERSIONS, Version, template, template_file
from modules.ml_platform.products import CATALOG
from modules.ml_platform.tag_options import LIMIT, tag_values
from tests.support.rendering import NAMING, Rendered, TestStack, render
from tests.support.rendering import statements as by_sid

HERE = replace(NAMING, environment="org", account="shared-services", account_id="555555555555")
UNIT = Recipient("ml-dev", "ORGANIZATIONAL_UNIT", "arn:aws:organizations::1:ou/o-ours/ou-1", ("fraud-dev",))
PATH = "o-ours/r-1/ou-1/*"
LEAD = signed_in("aws", "eu-west-1", "ml-team-lead")
AUDIENCE = Audience(
    organization_id="o-ours",
    units=Units("o-ours", (PATH,)),
    recipients=(UNIT,),
    account_ids=(NAMING.account_id,),
    people={"ml-team-lead": LEAD},
    teams={"fraud": "FC-2041", "lending": "RL-3107"},
    edges={("fraud-dev", product): Edge(LAUNCHES, "people in fraud-dev", f"product {product}") for product in PRODUCTS},
)
TERRAFORM = {
    "title": "Redshift",
    "description": "A warehouse",
    "archive": "https://templates.s3.eu-west-1.amazonaws.com/redshift.tar.gz",
    "version": "1.0.0",
    "launch_role": "acme-dev-launch-redshift",
}


def _place(scope: TestStack, audience: Audience = AUDIENCE, *, launches_here: bool = False) -> None:
    ProductCatalog(
        scope,
        "catalog",
        naming=HERE,
        settings=PortfolioSettings.model_validate(
            {"provisioning_engine": "installed", "terraform_products": {"redshift": TERRAFORM}}, strict=False
        ),
        audience=audience,
        seeds={"seeds/some.zip": b"zip"},
        boundary_arn="arn:aws:iam::555555555555:policy/boundary",
        launches_here=launches_here,
        email="platform@acme.example",
    )


@pytest.fixture(name="held", scope="module")
def _held() -> tuple[Rendered, set[tuple[Edge, str]]]:
    stacks: list[TestStack] = []

    def place(scope: Any) -> None:
        stacks.append(scope)
        _place(scope)

    return render(place), stacks[0].sides


@pytest.fixture(name="catalog", scope="module")
def _catalog(held: tuple[Rendered, set[tuple[Edge, str]]]) -> Rendered:
    return held[0]


def _constraints(rendered: Rendered, kind: str) -> list[dict[str, Any]]:
    found = rendered.all("aws_servicecatalog_constraint").values()
    return [json.loads(each["parameters"]) for each in found if each["type"] == kind]


def test_portfolios_are_shared_with_units_and_carry_principals_and_tags(catalog: Rendered) -> None:
    """Each of the two portfolios goes to the unit, with whom it belongs to and its tag options."""
    assert len(catalog.all("aws_servicecatalog_portfolio")) == 2
    shares = list(catalog.all("aws_servicecatalog_portfolio_share").values())
    assert len(shares) == 2
    for share in shares:
        assert (share["type"], share["principal_id"]) == ("ORGANIZATIONAL_UNIT", UNIT.principal_id)
        assert share["share_principals"] is share["share_tag_options"] is True


def test_a_portfolio_belongs_to_one_permission_set(catalog: Rendered) -> None:
    """The principal is the pattern of the lead's role, with the path of the home region and no other wildcard."""
    for each in catalog.all("aws_servicecatalog_principal_portfolio_association").values():
        assert each["principal_type"] == "IAM_PATTERN"
        assert each["principal_arn"] == LEAD
    role = "AWSReservedSSO_mlgov-ml-team-lead_*"
    assert f"arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/eu-west-1/{role}" == LEAD
    assert signed_in("aws", "us-east-1", "x") == (
        "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_mlgov-x_*"
    )


def test_each_product_is_launched_as_the_local_role_of_its_name(catalog: Rendered) -> None:
    """One launch constraint a product, which names a role and no ARN; the role is here, too, and may do nothing."""
    wanted = {launch_role_name("acme", product) for product in PRODUCTS}
    launches = _constraints(catalog, "LAUNCH")
    assert {each["LocalRoleName"] for each in launches} == wanted | {"acme-dev-launch-redshift"}
    assert len(launches) == len(PRODUCTS) + 1
    roles = catalog.all("aws_iam_role").values()
    assert {role["name"] for role in roles} == wanted
    assert not catalog.all("aws_iam_role_policy")


def test_where_people_launch_beside_the_portfolio_its_stack_makes_no_roles() -> None:
    """The stack launch has them; nothing is shared with the account itself, and no policy admits anybody else."""
    alone = replace(AUDIENCE, units=None, recipients=(), account_ids=(), edges={})
    rendered = render(lambda scope: _place(scope, alone, launches_here=True))  # type: ignore[arg-type]
    assert not rendered.all("aws_iam_role")
    assert not rendered.all("aws_servicecatalog_portfolio_share")
    assert set(rendered.policy("aws_kms_key")) == {"AccountDecidesByIam"}


def test_parameters_have_no_value_beyond_the_rules(catalog: Rendered) -> None:
    """Teams and cost centers are the organisation's; instance types and sizes are those of the settings."""
    rules = [each["Rules"] for each in _constraints(catalog, "TEMPLATE")]
    assert len(rules) == len(PRODUCTS)
    for each in rules:
        (team,) = each["KnownTeam"]["Assertions"]
        assert team["Assert"] == {"Fn::Contains": [["fraud", "lending"], {"Ref": "Team"}]}
        assert each["KnownCostCenter"]["Assertions"][0]["Assert"]["Fn::Contains"][0] == ["FC-2041", "RL-3107"]


@pytest.mark.parametrize("product", CATALOG, ids=lambda product: product.name)
def test_what_is_limited_is_a_parameter_of_every_version(product: Any) -> None:
    """A rule about a parameter that the template lacks would refuse each launch."""
    for version in VERSIONS[product.name]:
        text = template(product.name, version).decode()
        for parameter in ("Team", "CostCenter", *product.limited):
            assert f"\n  {parameter}:\n" in text


def test_launches_tell_a_topic_and_tags_stay(catalog: Rendered) -> None:
    """Each product has a notification constraint, and one that forbids to change tags afterwards."""
    assert len(_constraints(catalog, "NOTIFICATION")) == len(_constraints(catalog, "RESOURCE_UPDATE")) == len(PRODUCTS)
    publish = by_sid(catalog.one("aws_sns_topic_policy")["policy"])["LaunchesPublish"]
    assert publish["Condition"]["ArnLike"]["aws:PrincipalArn"] == "arn:aws:iam::222222222222:role/acme-dev-launch-*"


def test_units_read_templates_and_nobody_else_does(catalog: Rendered) -> None:
    """The bucket's policy and that of its key admit principals of the units, and of nowhere else."""
    (policy,) = (
        by_sid(body["policy"]) for body in catalog.all("aws_s3_bucket_policy").values() if "UnitsRead" in body["policy"]
    )
    for statement in (policy["UnitsRead"], catalog.policy("aws_kms_key")["UnitsReadTemplates"]):
        assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "o-ours"
        assert statement["Condition"]["ForAnyValue:StringLike"] == {"aws:PrincipalOrgPaths": PATH}
    assert policy["UnitsRead"]["Action"] == "s3:GetObject"


def test_every_version_is_published_under_its_hash(catalog: Rendered) -> None:
    """The URL of a product ends in the key of an object of the stack, which ends in the hash of the template."""
    keys = {each["key"] for each in catalog.all("aws_s3_object").values()}
    for each in catalog.all("aws_servicecatalog_product").values():
        (parameters,) = [each["provisioning_artifact_parameters"]]
        if parameters["type"] == "CLOUD_FORMATION_TEMPLATE":
            assert parameters["template_url"].partition(".amazonaws.com/")[2] in keys
    assert {key.partition("/")[0] for key in keys} == {"products", "seeds"}


def test_sagemaker_offers_project_templates_alone(catalog: Rendered) -> None:
    """The tag that makes Studio show a product stands on templates of projects, and on nothing else."""
    shown = {
        each["tags"]["Product"]
        for each in catalog.all("aws_servicecatalog_product").values()
        if each["tags"].get("sagemaker:studio-visibility") == "true"
    }
    assert shown == set(PROJECT_TEMPLATES)


def test_each_product_has_a_budget_beside_it(catalog: Rendered) -> None:
    """What carries the product's tag counts, joined by Terraform so that no reference is escaped."""
    budgets = catalog.all("aws_budgets_budget").values()
    assert len(budgets) == len(PRODUCTS) == len(catalog.all("aws_servicecatalog_budget_resource_association"))
    for budget in budgets:
        (cost,) = budget["cost_filter"]
        assert cost["values"][0].startswith('${join("$", ["aws:servicecatalog:productArn", aws_servicecatalog_product.')


def test_every_side_of_the_way_to_a_product_is_rendered(held: tuple[Rendered, set[tuple[Edge, str]]]) -> None:
    """Share, principals, constraint and templates of each product stand here; the role stands in the account."""
    here = set(LAUNCHES.sides) - {"role"}
    assert held[1] == {(edge, side) for edge in AUDIENCE.edges.values() for side in here}


def test_newer_versions_are_artifacts_with_guidance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest is recommended, older ones are deprecated, withdrawn ones cannot be launched; the oldest stays."""
    (first,) = VERSIONS["athena-workgroup"]
    older = replace(first, number="0.9.0")
    withdrawn = replace(first, number="0.8.0", withdrawn=True)
    oldest = replace(first, number="0.7.0")
    monkeypatch.setitem(VERSIONS, "athena-workgroup", (first, older, withdrawn, oldest))  # type: ignore[arg-type]
    monkeypatch.setattr(
        product_versions, "template_file", lambda product, _: template_file(product, VERSIONS[product][0])
    )
    found = render(_place).all("aws_servicecatalog_provisioning_artifact")  # type: ignore[arg-type]
    assert {each["name"]: (each["guidance"], each["active"]) for each in found.values()} == {
        first.number: ("DEFAULT", True),
        "0.9.0": ("DEPRECATED", True),
        "0.8.0": ("DEPRECATED", False),
    }


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_published_template_does_not_change(product: Any) -> None:
    """Each version's template is the one whose SHA-256 stands in product_versions.py."""
    for version in VERSIONS[product]:
        assert template(product, version)


def test_a_changed_template_is_not_published() -> None:
    """The error tells both hashes and what to do."""
    (first, *_) = VERSIONS["athena-workgroup"]
    with pytest.raises(SynthError, match="add a version on top"):
        template("athena-workgroup", replace(first, sha256="0" * 64))
    with pytest.raises(ValueError, match="three numbers"):
        Version("1.0", "0" * 64, "x")


def test_tag_options_keep_to_what_aws_allows() -> None:
    """Keys whose values do not fit are left to the rules; the environment is always there."""
    few = {f"team-{number}": f"CC-{number}" for number in range(12)}
    many = {f"team-{number:02}": f"CC-{number}" for number in range(30)}
    assert {key: len(values) for key, values in tag_values(few).items()} == {
        "Environment": 1,
        "Team": 12,
        "CostCenter": 12,
    }
    assert sum(len(values) for values in tag_values(few).values()) == LIMIT
    assert list(tag_values(many)) == ["Environment"]


def test_terraform_products_need_an_engine_and_names_of_their_own() -> None:
    """Nothing would launch them else; a name of the platform's products is refused."""
    with pytest.raises(ValidationError, match="provisioning engine"):
        PortfolioSettings.model_validate({"terraform_products": {"redshift": TERRAFORM}}, strict=False)
    taken = {"provisioning_engine": "installed", "terraform_products": {"user-profile": TERRAFORM}}
    with pytest.raises(ValidationError, match="as the platform's own are called: user-profile"):
        PortfolioSettings.model_validate(taken, strict=False)
