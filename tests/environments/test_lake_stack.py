"""What the catalogue of each account is told of the organisation."""

from __future__ import annotations

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from environments.stacks.lake import vocabulary_of
from modules.data_lake.edges import AUDITS
from tests.support.organisations import ORGANISATIONS


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ORGANISATIONS["acme"])


def test_a_catalogue_tags_what_it_owns(acme: Organization) -> None:
    """The central one knows domains and the trail, the feature store teams and groups; one that owns none no tag."""
    central = vocabulary_of(acme, acme.account("data-governance"))
    assert central["domain"] == ("audit", "customers", "payments")
    assert "feature_group" not in central
    store = vocabulary_of(acme, acme.account("feature-store"))
    assert (store["domain"], store["feature_group"]) == (("fraud", "lending"), ("card-velocity",))
    assert vocabulary_of(acme, acme.account("data-customers")) == {}


def test_one_account_with_both_roles_tags_both() -> None:
    """Domains, teams and the trail are values of one key there."""
    minnow = load(ORGANISATIONS["minnow"])
    both = vocabulary_of(minnow, minnow.account("platform"))
    assert both["domain"] == ("audit", "orders", "scoring")
    assert both["feature_group"] == ("order-history",)


def test_without_our_own_trail_there_is_no_audit(acme: Organization) -> None:
    """Control Tower's trail lies elsewhere: neither the stack nor its tag is there, nor a side of it in the archive."""
    settings = acme.settings("org")
    trail = settings.observability.trail.model_copy(update={"source": "control-tower"})
    observability = settings.observability.model_copy(update={"trail": trail})
    changed = settings.model_copy(update={"observability": observability})
    other = acme.model_copy(update={"module_settings": {**acme.module_settings, "org": changed}})
    graph = StackGraph(other)
    assert "data-governance-audit" not in graph.nodes
    assert not [edge for edge, _ in graph.sides(graph.nodes["log-archive-logs"]) if edge.kind is AUDITS]
    assert "audit" not in vocabulary_of(other, other.account("data-governance"))["domain"]


def test_a_catalogue_waits_for_the_roles_of_its_stewards(acme: Organization) -> None:
    """Identity Center makes them, so its stack comes first where they work, and nowhere else."""
    nodes = StackGraph(acme).nodes
    waiting = {name for name, node in nodes.items() if node.stack == "lake" and "management-identity" in node.after}
    assert waiting == {f"{name}-lake" for name in ("data-customers", "data-governance", "data-payments")}
