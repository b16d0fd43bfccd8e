"""Who can launch what: permission sets, principals of portfolios, shares and launch roles fit each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml

from environments.load import load
from modules.ml_platform.launch_words import ACTIONS
from modules.ml_platform.names import PRODUCTS, Product
from modules.ml_platform.products import CATALOG
from policies.access.conditions import Facts
from policies.access.decide import Outcome, decide
from policies.access.model import Access, Principal
from policies.access.read import access
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e

Body = Mapping[str, Any]
# People who must launch, make projects and approve, and those who must not.
LEAD, OTHERS = "ml-team-lead", ("data-engineer", "data-scientist", "ml-engineer", "pipeline", "serving")
POWERS = {
    "servicecatalog:provisionproduct": "arn:aws:catalog:eu-west-1:{account}:product/prod-any",
    "sagemaker:createproject": "arn:aws:sagemaker:eu-west-1:{account}:project/any",
}
APPROVED = Facts({"sagemaker:modelapprovalstatus": ("Approved",)})
# What templates never ask of a type, and guardrails or the role leave out: what holds data is retained, not deleted.
NOT_ASKED = {
    "kms:ScheduleKeyDeletion": "keys are retained",
    "sagemaker:DeleteModelPackageGroup": "groups of models are retained",
    "sagemaker:DeleteTags": "tags are written once, with the launch",
}
_REFERENCE = re.compile(r"\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.account_ids\.([\w-]+)\}")


class _Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which are left out: resources are asked for their types alone."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: None)


@dataclass(frozen=True)
class Organisation:
    """What the stacks of an organisation say, by account."""

    access: Access
    portfolio: Body
    launch: Mapping[str, Body]
    units: Mapping[str, str | None]

    def principal(self, account: str, name: str) -> Iterator[Principal]:
        """Those of the account whose name ends in `name`: as they sign in, and as their role in Studio."""
        for each in self.access.principals:
            if each.account == account and each.name.endswith(f"-{name}") and "launch-" not in each.name:
                yield each


@pytest.fixture(scope="module", name="organisation", params=sorted(ORGANISATIONS))
def _organisation(synthesised: Synthesised, request: pytest.FixtureRequest) -> Organisation:
    out = synthesised(request.param)
    found = {entry.id: (entry, body) for entry, body in documents(out)}
    manifest = json.loads((out / "mlgov.json").read_bytes())
    (portfolio,) = (body["resource"] for entry, body in found.values() if entry.stack == "portfolio")
    return Organisation(
        access=access(manifest, {name: body for name, (_, body) in found.items()}),
        portfolio=portfolio,
        launch={entry.account: body["resource"] for entry, body in found.values() if entry.stack == "launch"},
        units={each.name: each.unit for each in load(ORGANISATIONS[request.param]).accounts},
    )


def _outcome(principal: Principal, action: str, resource: str) -> Outcome:
    return decide(principal, action, resource).outcome


def test_leads_launch_and_make_projects_and_nobody_else_of_a_team(organisation: Organisation) -> None:
    """In every dev account: the lead, signed in, may; who explores, deploys or runs unattended may not, nor Studio."""
    assert organisation.launch
    for account in organisation.launch:
        leads = list(organisation.principal(account, LEAD))
        assert {each.kind for each in leads} == {"session", "role"}
        others = [each for name in OTHERS for each in organisation.principal(account, name)]
        others += [each for each in leads if each.kind == "role"]
        leads = [each for each in leads if each.kind == "session"]
        assert len(others) > len(OTHERS)
        for action, resource in POWERS.items():
            where = resource.format(account=account)
            assert {_outcome(each, action, where) for each in leads} <= {Outcome.ALLOWED, Outcome.CONDITIONAL}, action
            assert [each.name for each in others if _outcome(each, action, where) is not Outcome.DENIED] == [], action


def test_the_lead_alone_approves(organisation: Organisation) -> None:
    """A version of a team's models is approved by its lead, signed in, and by nobody who could register or train it."""
    action = "sagemaker:updatemodelpackage"
    for account in organisation.launch:
        models = f"arn:aws:sagemaker:eu-west-1:{account}:model-package/*"
        approving = {
            each.name
            for name in (LEAD, *OTHERS)
            for each in organisation.principal(account, name)
            if decide(each, action, models, facts=APPROVED).outcome is not Outcome.DENIED
        }
        assert approving == {f"{account}/mlgov-{LEAD}"}


def test_portfolios_belong_to_leads_alone(organisation: Organisation) -> None:
    """Each principal of a portfolio is a pattern that matches leads in every launching account, and nobody else."""
    associations = organisation.portfolio["aws_servicecatalog_principal_portfolio_association"].values()
    by_portfolio: dict[str, set[str]] = {}
    for each in associations:
        assert each["principal_type"] == "IAM_PATTERN"
        by_portfolio.setdefault(each["portfolio_id"], set()).add(each["principal_arn"].partition(":role/")[2])
    assert len(by_portfolio) == 2
    for patterns in by_portfolio.values():
        for account in organisation.launch:
            matched = {
                each.name
                for each in organisation.access.principals
                if each.account == account
                # The last characters of a role of Identity Center are AWS's: the evaluator leaves them out.
                and any(fnmatchcase(each.arn.partition(":role/")[2], pattern) for pattern in patterns)
            }
            assert matched == {each.name for each in organisation.principal(account, LEAD) if each.kind == "session"}


def test_portfolios_are_shared_with_the_unit_of_every_launching_account(organisation: Organisation) -> None:
    """Both portfolios, with principals; an account that is not shared with would see nothing."""
    shares = list(organisation.portfolio.get("aws_servicecatalog_portfolio_share", {}).values())
    here = _account_of(organisation.portfolio)
    for account in set(organisation.launch) - {here}:
        unit = f"outputs.unit_ids.{organisation.units[account]}}}"
        found = [each for each in shares if each["principal_id"].endswith(unit)]
        assert len({each["portfolio_id"] for each in found}) == 2
        assert all(each["share_principals"] for each in found)


def _account_of(portfolio: Body) -> str:
    (topic,) = portfolio["aws_sns_topic_policy"].values()
    found = json.loads(topic["policy"])["Statement"][-1]["Resource"].split(":")[4]
    return _REFERENCE.sub(r"\1", found)


def _launched_as(organisation: Organisation) -> dict[str, str]:
    """The local role of each product's launch constraint, by product."""
    constraints = organisation.portfolio["aws_servicecatalog_constraint"].values()
    products = {
        f"${{aws_servicecatalog_product.{name}.id}}": body["tags"]["Product"]
        for name, body in organisation.portfolio["aws_servicecatalog_product"].items()
    }
    return {
        products[each["product_id"]]: json.loads(each["parameters"])["LocalRoleName"]
        for each in constraints
        if each["type"] == "LAUNCH"
    }


def test_each_product_has_its_launch_role_in_every_launching_account(organisation: Organisation) -> None:
    """A role of the constraint's name, which Service Catalog assumes and nobody passes."""
    launched = _launched_as(organisation)
    assert set(launched) == set(PRODUCTS)
    for account, resources in organisation.launch.items():
        roles = {role["name"]: role for role in resources["aws_iam_role"].values()}
        assert set(launched.values()) <= set(roles), account
        for name in launched.values():
            (statement,) = json.loads(roles[name]["assume_role_policy"])["Statement"]
            assert statement["Principal"] == {"Service": "servicecatalog.amazonaws.com"}


def _published(organisation: Organisation, product: Product) -> Iterator[Body]:
    """The template of each version, as the stack uploads it."""
    for body in organisation.portfolio["aws_s3_object"].values():
        if body["key"].startswith(f"products/{product}/"):
            yield yaml.load(body["content"].replace("$${", "${").replace("%%{", "%{"), Loader=_Template)


@pytest.mark.parametrize("product", [each.name for each in CATALOG])
def test_each_launch_role_may_make_what_its_template_holds(organisation: Organisation, product: Product) -> None:
    """Each action of each of its resource types is granted to the role, within its boundary and all guardrails."""
    types = {each["Type"] for template in _published(organisation, product) for each in template["Resources"].values()}
    assert types
    for account in organisation.launch:
        (role,) = (
            each
            for each in organisation.access.principals
            if each.account == account and each.name.endswith(f"-launch-{product}")
        )
        asked = {action for kind in types for action in ACTIONS[kind]} - set(NOT_ASKED)
        denied = {action for action in asked if _outcome(role, action.lower(), "*") is Outcome.DENIED}
        assert denied == set(), f"{role.name}: {sorted(denied)}"


def test_launch_roles_make_no_roles(organisation: Organisation) -> None:
    """What a product needs of IAM stands in the account before."""
    for each in organisation.access.principals:
        if "-launch-" in each.name and each.kind == "role":
            for action in ("iam:createrole", "iam:putrolepolicy", "iam:attachrolepolicy", "iam:createpolicy"):
                assert _outcome(each, action, "*") is Outcome.DENIED, (each.name, action)
