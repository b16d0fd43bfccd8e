"""Launch roles and what else products find in a team's account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.ml_platform.edges import LAUNCHES
from modules.ml_platform.library import library
from modules.ml_use_case.account_parameters import AccountParameters
from modules.ml_use_case.launch_role import LaunchRole
from modules.ml_use_case.sagemaker_projects import SagemakerProjects
from modules.ml_use_case.service_role import ServiceRole
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

PORTFOLIO = replace(NAMING, environment="org", account="shared-services", account_id="555555555555")
EDGE = Edge(LAUNCHES, "people in fraud-dev", "product athena-workgroup")
ODD = replace(NAMING, environment="test")
BOUNDARY = "arn:aws:iam::222222222222:policy/boundary"
SIDES: list[tuple[Edge, str]] = []


def _place(scope: TestStack) -> None:
    LaunchRole(
        scope,
        "athena-workgroup",
        naming=ODD,
        what="launch-athena-workgroup",
        title="Athena workgroup",
        boundary_arn=BOUNDARY,
        library=library(PORTFOLIO),
        statements=[Statement("Own", actions=("athena:CreateWorkGroup",), resources=("arn:aws:athena:::x",))],
        edge=EDGE,
    )
    ServiceRole(
        scope,
        "product-events",
        naming=ODD,
        what="product-events",
        principal="events.amazonaws.com",
        boundary_arn=BOUNDARY,
        statements=[],
    )
    AccountParameters(scope, "parameters", values={"/acme/keys/data": "arn:key"})
    SagemakerProjects(scope, "projects")
    SIDES.extend(scope.sides)


@pytest.fixture(name="launch", scope="module")
def _launch() -> Rendered:
    return render(_place)  # type: ignore[arg-type]  # render gives it its own stack


def _role(launch: Rendered, name: str) -> dict[str, str]:
    (role,) = (each for each in launch.all("aws_iam_role").values() if each["name"] == name)
    return role


def test_a_launch_role_is_called_alike_in_every_account(launch: Rendered) -> None:
    """The constraint names it, so that its name holds dev whatever environment the account is of; it is bounded."""
    assert _role(launch, "acme-dev-launch-athena-workgroup")["permissions_boundary"] == BOUNDARY
    assert SIDES == [(EDGE, "role")]


def test_service_catalog_alone_assumes_it(launch: Rendered) -> None:
    """And for no other account, where Service Catalog tells for which it acts."""
    trust = statements(_role(launch, "acme-dev-launch-athena-workgroup")["assume_role_policy"])
    assert list(trust) == ["ServiceCatalog"]
    assert trust["ServiceCatalog"]["Principal"] == {"Service": "servicecatalog.amazonaws.com"}
    assert trust["ServiceCatalog"]["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": NAMING.account_id}}


def test_it_works_on_stacks_of_service_catalog_and_on_its_product(launch: Rendered) -> None:
    """Stacks by Service Catalog's names, the product's statements, templates, seeds and the topic; it makes no role."""
    (document,) = (each["policy"] for each in launch.all("aws_iam_role_policy").values())
    policy = statements(document)
    assert policy["StacksOfServiceCatalog"]["Resource"] == (
        "arn:aws:cloudformation:eu-west-1:222222222222:stack/SC-*/*"
    )
    assert policy["Own"]["Action"] == "athena:CreateWorkGroup"
    assert policy["ReadTemplatesAndSeeds"]["Resource"] == [
        "arn:aws:s3:::acme-org-ml-templates/products/*",
        "arn:aws:s3:::acme-org-ml-templates/seeds/*",
    ]
    assert policy["TellTheTopic"]["Resource"] == "arn:aws:sns:eu-west-1:555555555555:acme-org-ml-launches"
    assert policy["UseTheirKey"]["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/acme-org-ml-templates"
    }
    assert "iam:" not in document


def test_a_service_role_is_one_services_alone(launch: Rendered) -> None:
    """A service assumes it for this account."""
    trust = statements(_role(launch, "acme-dev-product-events")["assume_role_policy"])
    assert trust["Service"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Service"]["Condition"] == {"StringEquals": {"aws:SourceAccount": NAMING.account_id}}


def test_the_account_tells_its_keys(launch: Rendered) -> None:
    """As plain strings, which CloudFormation resolves at every launch."""
    parameter = launch.one("aws_ssm_parameter")
    assert (parameter["name"], parameter["type"], parameter["value"]) == ("/acme/keys/data", "String", "arn:key")


def test_projects_can_be_made_and_awss_templates_belong_to_nobody(launch: Rendered) -> None:
    """SageMaker's switch is on, and no principal is let into a portfolio here."""
    assert launch.one("aws_sagemaker_servicecatalog_portfolio_status")["status"] == "Enabled"
    assert not launch.all("aws_servicecatalog_principal_portfolio_association")
