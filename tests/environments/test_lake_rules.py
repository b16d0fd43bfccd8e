"""Rules of the data lake: what is wrong in a domain, and in what a team consumes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from environments.load import load
from environments.rules.lake import bucket_names_of_others
from modules.data_lake.names import bucket_stem
from modules.ml_operations.names import release_bucket, serving_bucket
from modules.ml_use_case.names import project_bucket
from tests.environments.spoiled import (
    CONFIG,
    DOMAIN,
    ORGANIZATION,
    TEAM,
    Case,
    Expected,
    assert_complaints,
    case,
    copy_of_small,
    spoil,
)
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

CONSUMES = "consumes: { orders: {} }"
QUALITY = "        quality:\n"
FILTERS = (
    f"        filters: {{ some: {{ description: Some, rows: total > 100 }} }}\n{QUALITY}          on_failure: keep\n"
)
AFTER = "monthly_budget_usd: 300\n"
FEATURES = "features/order-history.yaml"
PROJECT = "projects/order-returns.yaml"
TABLE = "products.shop.tables.order"
CASES = (
    case(
        "product in a zone that the domain has not",
        *(
            DOMAIN,
            "    sensitivity: internal\n    tables:",
            "    sensitivity: internal\n    layer: analytics\n    tables:",
        ),
        ("layer:", "products.shop.layer", "needs the zone analytics, in which its tables lie: add it to zones"),
    ),
    case(
        "product without the zone that is its default",
        *(DOMAIN, AFTER, f"{AFTER}zones: {{ raw: {{}} }}\n"),
        ("  shop:", "products.shop.layer", "needs the zone curated"),
        ("consumes:", "consumes.orders.layers[0]", "names the layer curated, which orders has not (known: none)", TEAM),
    ),
    case(
        "files dropped without a raw zone",
        *(DOMAIN, AFTER, f"{AFTER}zones: {{ curated: {{}} }}\n"),
        ("source:", f"{TABLE}.source", "needs the zone raw, in which the files are dropped: add it to zones"),
    ),
    case(
        "product whose database is that of the raw zone",
        *(DOMAIN, "  shop:\n", "  raw:\n"),
        ("  raw:", "products.raw", "makes the database orders_raw, which there is already for what crawlers find"),
    ),
    case(
        "buckets called as others of the platform",
        *(DOMAIN, AFTER, f"{AFTER}bucket_prefix: scoring-queries\n"),
        (
            "bucket_prefix",
            "bucket_prefix",
            "must not begin the names of buckets with scoring-queries, as others do: set another bucket_prefix",
        ),
    ),
    case(
        "key of a column that holds several values",
        *(DOMAIN, "order_id: { type: string,", "order_id: { type: array<string>,"),
        ("order:", TABLE, "must not have order_id in key: it is of type array<string>"),
    ),
    case(
        "column that the ingest job adds",
        *(DOMAIN, "          ordered_at:", "          ingest_date:"),
        ("order:", TABLE, "must not have a column ingest_date: the ingest job adds one of that name"),
    ),
    case(
        "filter of rows by a column that is not there",
        *(DOMAIN, QUALITY, FILTERS.replace("total > 100", "totl > 100")),
        ("order:", TABLE, "must name its own columns only, and names totl"),
    ),
    case(
        "people who read where there are none",
        *(TEAM, CONSUMES, "consumes: { orders: { personas: [data-scientist], stages: [prod] } }"),
        ("consumes", "consumes.orders", "must have dev among its stages: data scientists read nothing in the others"),
    ),
    case(
        "products without a network",
        *(ORGANIZATION, "    cidr: 10.1.0.0/16\n", ""),
        ("use: workload", "account.use", "is an account without a network in eu-west-1, and jobs", DOMAIN),
        ("users:", "studio.users", "needs a network in eu-west-1 to stand in", TEAM),
        ("serving:", "serving", "needs a network in eu-west-1 to serve in: give the account workload", PROJECT),
    ),
    case(
        "consumed layer that the domain has not",
        *(TEAM, CONSUMES, "consumes: { orders: { layers: [analytics] } }"),
        (
            "consumes",
            "consumes.orders.layers[0]",
            "names the layer analytics, which orders has not (known: curated)",
        ),
    ),
    case(
        "filter of a table that is not there",
        *(TEAM, CONSUMES, "consumes: { orders: { filters: { shop.ordr: some } } }"),
        (
            "consumes",
            "consumes.orders.filters.shop.ordr",
            "names no table of orders, as <product>.<table>: did you mean",
        ),
    ),
    case(
        "filter that the table has not",
        *(TEAM, CONSUMES, "consumes: { orders: { filters: { shop.order: some } } }"),
        ("consumes", "consumes.orders.filters.shop.order", "names the unknown filter some (known: none)"),
    ),
)


@pytest.mark.parametrize("wrong", CASES, ids=lambda each: each.fact)
def test_what_is_wrong_in_the_lake_is_told_in_words_of_yaml(
    wrong: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With file, line, path and what to do about it."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(wrong)
    assert_complaints(wrong.expected)


def _second_domain(name: str, more: str = "") -> str:
    text = (CONFIG / DOMAIN).read_text(encoding="utf-8")
    second = f"domains/{name}.yaml"
    (CONFIG / second).write_text(text.replace("domain: orders\n", f"domain: {name}\n{more}"), encoding="utf-8")
    return second


def test_two_domains_with_one_bucket_name_name_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 has one bucket of a name: the second domain is told, with the line of the first."""
    copy_of_small(tmp_path, monkeypatch)
    second = _second_domain("sales", "bucket_prefix: orders\n")
    words = (
        "gives a zone the bucket minnow-org-orders-raw, as the data domain orders does (config/domains/orders.yaml:3)"
    )
    assert_complaints((Expected(second, "bucket_prefix", "bucket_prefix", f"{words}: set another bucket_prefix"),))


def test_two_products_with_one_database_name_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`orders` with the product `web_shop` and `orders-web` with `shop` would write to the same tables."""
    copy_of_small(tmp_path, monkeypatch)
    second = _second_domain("orders-web")
    spoil(case("", DOMAIN, "  shop:\n", "  web_shop:\n"))
    words = "makes the database orders_web_shop, which there is already for the product shop of orders-web (config/"
    assert_complaints((Expected(DOMAIN, "  web_shop:", "products.web_shop", f"{words}{second}:11): rename"),))


def test_a_bucket_name_that_s3_refuses_is_told_before_synthesis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest of the domain's buckets counts: names are never cut."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "name: minnow\n", "name: minnow-of-the-oceans\n"))
    spoil(case("", DOMAIN, "domain: orders\n", "domain: orders\nbucket_prefix: an-uncommonly-long-prefixes\n"))
    words = "makes the bucket name minnow-of-the-oceans-org-an-uncommonly-long-prefixes-access-logs of 64 characters"
    served = Expected("projects/order-returns.yaml", "project:", "project", "is too long by 4 to be served as")
    assert_complaints((Expected(DOMAIN, "bucket_prefix", "bucket_prefix", words), served))


@pytest.mark.e2e  # reads every stack
def test_no_bucket_of_access_logs_is_missed(synthesised: Synthesised) -> None:
    """Each is called as a data domain, or as the rule knows that others are: so none can be made twice."""
    organization = load(ORGANISATIONS["acme"])
    teams = [team.name for team in organization.teams]
    accounts = [account.name for account in organization.accounts]
    known = set(bucket_names_of_others(teams, accounts, organization.governed_regions))
    known |= {bucket_stem(domain.name, domain.lake) for domain in organization.domains}
    of_projects = (project_bucket, release_bucket, serving_bucket)
    known |= {called(project.project) for project in organization.projects for called in of_projects}
    end = "-access-logs"
    buckets = {
        str(bucket["bucket"])
        for _, document in documents(synthesised("acme"))
        for bucket in document.get("resource", {}).get("aws_s3_bucket", {}).values()
    }
    found = {re.sub("^acme-[a-z]+-", "", name.removesuffix(end)) for name in buckets if name.endswith(end)}
    assert found
    assert found <= known


def test_a_team_whose_names_aws_refuses_is_told_before_synthesis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest of the team's roles and buckets counts, once for all its accounts."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "name: minnow\n", "name: minnow-of-the-oceans\n"))
    team = "scoring-of-orders-in-shops"
    (CONFIG / TEAM).rename(CONFIG / f"teams/{team}.yaml")
    spoil(case("", f"teams/{team}.yaml", "team: scoring\n", f"team: {team}\n"))
    (CONFIG / FEATURES).unlink()
    (CONFIG / PROJECT).unlink()
    (CONFIG / "features.lock.json").write_text('{ "groups": {} }', encoding="utf-8")
    file = f"teams/{team}.yaml"
    lake = f"is too long by 8 for minnow-of-the-oceans-org-{team}-queries-access-logs: shorten it"
    studio = f"is too long by 16 for minnow-of-the-oceans-org-{team}-studio-jupyter-lab-00000000: shorten it"
    assert_complaints((Expected(file, "team:", "team", studio), Expected(file, "team:", "team", lake)))


def test_a_filter_that_filters_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is cleared for the whole table would believe that he sees a part of it."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", DOMAIN, QUALITY, FILTERS))
    consumed = "consumes: { orders: { sensitivity: confidential, filters: { shop.order: some } } }"
    spoil(case("", TEAM, CONSUMES, consumed))
    words = "filters nothing: who is cleared for confidential sees the whole table"
    assert_complaints((Expected(TEAM, "consumes", "consumes.orders.filters.shop.order", words),))


def test_a_filter_beyond_the_clearance_is_consumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A team cleared for less than the table's most sensitive column may have a part of it."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", DOMAIN, QUALITY, FILTERS))
    spoil(case("", TEAM, CONSUMES, "consumes: { orders: { filters: { shop.order: some } } }"))
    assert load(CONFIG).team("scoring").consumes["orders"].filters == {"shop.order": "some"}


def test_the_trails_own_name_is_no_domains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain `audit` would carry the LF-tag by which auditors are granted the trail."""
    copy_of_small(tmp_path, monkeypatch)
    second = _second_domain("audit")
    words = "must not be audit: the trail's own database is tagged so, and its grants would open the data"
    assert_complaints((Expected(second, "domain: audit", "domain", words),))
