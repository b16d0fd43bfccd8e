"""Rules of ML projects: what is wrong in a project beside the other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.load import load
from modules.core.errors import ConfigError
from tests.environments.spoiled import CONFIG, Case, assert_complaints, case, copy_of_small, spoil

PROJECT, TEAM = "projects/order-returns.yaml", "teams/scoring.yaml"
DATA = "data: { published: { domain: orders, product: shop, table: order } }"
TIMED = "data: { published: { domain: orders, product: shop, table: order, event_time: ordered_at } }"
ON = "{ on: customer_id }"
CASES = (
    case(
        "a team that nobody knows",
        *(PROJECT, "team: scoring", "team: scorin"),
        ("team:", "team", "names the unknown team scorin: did you mean scoring?"),
    ),
    case(
        "a data domain that nobody knows",
        *(PROJECT, "domain: orders", "domain: order"),
        ("data:", "data.published.domain", "names the unknown data domain order: did you mean orders?"),
    ),
    case(
        "a data domain that the team does not consume",
        *(TEAM, "consumes: { orders: {} }", "consumes: {}"),
        ("data:", "data.published.domain", "names orders, which scoring does not consume: add it", PROJECT),
    ),
    case(
        "a table that there is not",
        *(PROJECT, "table: order ", "table: orders "),
        ("data:", "data.published.table", "names shop.orders, which jobs of scoring do not read in dev: did you mean"),
    ),
    case(
        "a table that people read and jobs do not",
        *(TEAM, "consumes: { orders: {} }", "consumes: { orders: { personas: [data-scientist] } }"),
        ("data:", "data.published.table", "names shop.order, which jobs of scoring do not read in dev", PROJECT),
    ),
    case(
        "a column beyond the team's clearance",
        *(PROJECT, "not_inputs: [order_id, ordered_at]", "not_inputs: [order_id, customer_id]"),
        ("not_inputs:", "not_inputs[1]", "names customer_id, which is neither a column that the team reads nor a"),
    ),
    case(
        "a target that there is not",
        *(PROJECT, "target: returned", "target: came_back"),
        ("target:", "target", "names came_back, which is neither a column that the team reads nor a feature"),
    ),
    case(
        "features of a group that nobody knows",
        *(PROJECT, DATA, f"{TIMED}\nfeatures: {{ order-histories: {{ on: order_id }} }}"),
        ("features:", "features.order-histories", "names the unknown feature group order-histories: did you mean"),
    ),
    case(
        "features joined on a column that the team does not read",
        *(PROJECT, DATA, f"{TIMED}\nfeatures: {{ order-history: {ON} }}"),
        ("features:", "features.order-history.on", "names customer_id, which is no column that the team reads"),
    ),
    case(
        "a feature that the group does not have",
        *(PROJECT, DATA, f"{TIMED}\nfeatures: {{ order-history: {{ on: order_id, columns: [orders_30d] }} }}"),
        ("features:", "features.order-history.columns[0]", "names orders_30d, which order-history does not have"),
    ),
    case(
        "an event time that is no time",
        *(PROJECT, DATA, DATA.replace("order }", "order, event_time: total }")),
        ("data:", "data.published.event_time", "names total, which is of type decimal(12,2): features are joined by"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fact)
def test_a_project_that_does_not_fit_the_others_is_told(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told with file, line and YAML path, and with what to do."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case)
    assert_complaints(case.expected)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("teams/scoring.yaml", "launch"),
        ("teams/scoring.yaml", "launch-pad"),
        ("projects/order-returns.yaml", "deploy"),
        ("teams/scoring.yaml", "ml"),
        ("domains/orders.yaml", "product"),
        ("projects/order-returns.yaml", "p-returns"),
    ],
)
def test_a_name_of_the_platforms_own_is_refused(
    file: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guardrails spare launch and deployment roles by name: no role of a team, domain or project may read as one."""
    copy_of_small(tmp_path, monkeypatch)
    kind, _, stem = file.removesuffix(".yaml").partition("s/")
    own = CONFIG / file
    own.write_text(own.read_text(encoding="utf-8").replace(f"{kind}: {stem}\n", f"{kind}: {name}\n"), encoding="utf-8")
    own.rename(own.with_stem(name))
    with pytest.raises(ConfigError, match=rf"{name}\.yaml:\d+ {kind} must not be"):
        load(CONFIG)
