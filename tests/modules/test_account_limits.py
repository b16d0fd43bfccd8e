"""Quotas are asked for once and never downwards; budgets reach their owners."""

from __future__ import annotations

import pytest

from modules.foundations.account.budget import Budget
from modules.foundations.account.monthly_budget import MonthlyBudget
from modules.foundations.account.quota_requests import QuotaRequests, wanted
from modules.foundations.account.quota_template import QuotaTemplate
from modules.foundations.account.settings import BudgetSettings, Quota, QuotasSettings
from tests.support.rendering import NAMING, render

BUILDS = Quota(name="Builds", service="codebuild", code="L-9D07B6EF", value=5)
MORE_BUILDS = Quota(name="Builds", service="codebuild", code="L-9D07B6EF", value=50)


def test_a_quota_is_never_asked_down() -> None:
    """The value is the higher one of what the account has and what it needs."""
    settings = QuotasSettings(by_role={"ml-team": (BUILDS,)})
    rendered = render(lambda scope: QuotaRequests(scope, "quotas", settings=settings, roles=("ml-team",)))
    quota = rendered.one("aws_servicequotas_service_quota")
    (now,) = rendered.document["data"]["aws_servicequotas_service_quota"]
    assert quota["value"] == f"${{max(data.aws_servicequotas_service_quota.{now}.value, 5)}}"
    assert (quota["service_code"], quota["quota_code"]) == ("codebuild", "L-9D07B6EF")


def test_two_roles_of_an_account_ask_once_for_the_most() -> None:
    """A quota that two roles need is one request with the higher value, in whatever order the roles come."""
    settings = QuotasSettings(by_role={"ml-team": (BUILDS,), "ml-shared-services": (MORE_BUILDS,)})
    assert wanted(settings, ("ml-team", "ml-shared-services")) == [MORE_BUILDS]
    assert wanted(settings, ("ml-shared-services", "ml-team")) == [MORE_BUILDS]
    assert wanted(settings, ("network",)) == []


def test_a_quota_has_one_asker() -> None:
    """AWS takes one open request for a quota: the template and a role must not both make it, nor one list repeat it."""
    with pytest.raises(ValueError, match="must not both ask for L-9D07B6EF"):
        QuotasSettings(by_role={"ml-team": (BUILDS,)}, template=(BUILDS,))
    with pytest.raises(ValueError, match="repeats L-9D07B6EF"):
        QuotasSettings(by_role={"ml-team": (BUILDS, MORE_BUILDS)})


def test_new_accounts_ask_in_every_region() -> None:
    """The template holds each quota for each region, and is in effect once it holds them all."""
    rendered = render(
        lambda scope: QuotaTemplate(scope, "template", quotas=(BUILDS,), regions=("eu-central-1", "eu-west-1"))
    )
    requests = rendered.all("aws_servicequotas_template")
    assert {body["region"] for body in requests.values()} == {"eu-central-1", "eu-west-1"}
    in_effect = rendered.one("aws_servicequotas_template_association")
    assert set(in_effect["depends_on"]) == {f"aws_servicequotas_template.{name}" for name in requests}


@pytest.mark.parametrize("tag", [None, ("Team", "fraud")])
def test_an_owner_hears_of_real_and_of_forecast_costs(tag: tuple[str, str] | None) -> None:
    """At 80 percent spent and 100 percent forecast, by e-mail; in a shared account of what carries the tag."""
    budget = Budget("fraud", 5000, "lead@acme.example", tag)
    rendered = render(
        lambda scope: MonthlyBudget(scope, "budget", naming=NAMING, settings=BudgetSettings(), budget=budget)
    ).one("aws_budgets_budget")
    assert (rendered["name"], rendered["limit_amount"]) == ("acme-dev-fraud-monthly", "5000")
    heard = {body["notification_type"]: body for body in rendered["notification"]}
    assert {kind: body["threshold"] for kind, body in heard.items()} == {"ACTUAL": 80, "FORECASTED": 100}
    assert all(body["subscriber_email_addresses"] == ["lead@acme.example"] for body in heard.values())
    filters = [{"name": "TagKeyValue", "values": ["user:Team$fraud"]}] if tag else None
    assert rendered.get("cost_filter") == filters
