"""The report's page of models: what the cards in the stacks say, once for each project."""

from __future__ import annotations

import json
from dataclasses import replace

from policies.report import html
from policies.report.model import ReportData
from policies.report.models import CARDS, Model, Registration, registered

DETAILS = {"gate": "roc_auc at least 0.85", "project": "churn", "team": "risk", "template": "build-tabular"}
CONTENT = {
    "AdditionalInformation": {"CustomDetails": DETAILS},
    "IntendedUses": {"PurposeOfModel": "Tells who <leaves>", "RiskRating": "High"},
    "ModelOverview": {"ModelOwner": "risk@acme.example"},
}


def _stack(name: str) -> dict[str, object]:
    card = {
        "type_name": "AWS::SageMaker::ModelCard",
        "desired_state": json.dumps({"Content": CONTENT, "ModelCardName": name}),
    }
    other = {"type_name": "AWS::CloudFormation::GuardHook", "desired_state": "{}"}
    return {"resource": {CARDS: {"card": card, "hook": other}}}


def test_a_model_of_several_registries_is_one_model() -> None:
    """Its registrations are those of every stack with a card of the project; other types are none of it."""
    found = registered({"prod-models": _stack("acme-prod-risk-churn"), "test-models": _stack("acme-test-risk-churn")})
    assert found == (
        Model(
            project="churn",
            team="risk",
            owner="risk@acme.example",
            purpose="Tells who <leaves>",
            risk="High",
            gate="roc_auc at least 0.85",
            template="build-tabular",
            registrations=(
                Registration("prod-models", "acme-prod-risk-churn"),
                Registration("test-models", "acme-test-risk-churn"),
            ),
        ),
    )
    assert registered({"baseline": {"resource": {}}}) == ()


def test_the_page_shows_each_model_and_where_it_is_registered(data: ReportData, source: str) -> None:
    """With models there is a section and its link, escaped as all else; without there is neither."""
    stack = data.stacks[0].id
    models = registered({stack: _stack("acme-test-risk-churn")})
    page = html.render(replace(data, models=models, matrix=replace(data.matrix, controls=()), policies=(), findings=()))
    assert page.count('href="#models"') == 1
    assert "acme-test-risk-churn" in page
    assert "Tells who &lt;leaves&gt;" in page
    assert "Tells who <leaves>" not in page
    assert "#models" not in source
