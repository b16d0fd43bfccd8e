"""Links to databases of another account's catalogue."""

from __future__ import annotations

import pytest
from constructs import Construct

from modules.data_lake.links import ResourceLinks
from tests.support.rendering import NAMING, Rendered, render

GOVERNANCE = "999999999999"
READERS = ("fraud-pipeline", "fraud-data-scientist")


def _links(*, catalog_id: str = GOVERNANCE, user: str | None = None) -> Rendered:
    def build(stack: Construct) -> None:
        ResourceLinks(
            stack,
            "links",
            naming=NAMING,
            catalog_id=catalog_id,
            databases=["payments_cards", "customers_profile"],
            readers=READERS,
            user=user,
        )

    return render(build)


@pytest.fixture(name="links", scope="module")
def _rendered() -> Rendered:
    return _links()


def test_a_link_leads_to_the_database_of_its_name(links: Rendered) -> None:
    """Each link has the name of the database that it leads to, in the catalogue of the owner."""
    made = {each["name"]: each["target_database"] for each in links.all("aws_glue_catalog_database").values()}
    assert made == {
        name: {"catalog_id": GOVERNANCE, "database_name": name} for name in ("customers_profile", "payments_cards")
    }


def test_readers_may_describe_a_link_and_nothing_else(links: Rendered) -> None:
    """Each reader gets DESCRIBE on each link, on nothing of the owner's, and may not pass it on."""
    grants = links.all("aws_lakeformation_permissions").values()
    assert {(each["principal"], each["database"]["name"]) for each in grants} == {
        (NAMING.role_arn(reader), f"${{aws_glue_catalog_database.{link}.name}}")
        for reader in READERS
        for link in links.all("aws_glue_catalog_database")
    }
    for each in grants:
        assert each["permissions"] == ["DESCRIBE"]
        assert each["database"]["catalog_id"] == NAMING.account_id
        assert not {"permissions_with_grant_option", "table", "lf_tag", "lf_tag_policy"} & set(each)


def test_links_of_several_users_of_an_account_are_called_differently() -> None:
    """In an account that several work in, a link says whose it is."""
    made = _links(user="risk-models").all("aws_glue_catalog_database").values()
    assert {each["name"] for each in made} == {"customers_profile_risk_models", "payments_cards_risk_models"}


def test_what_is_in_the_own_catalogue_gets_no_link() -> None:
    """A link that is called as a database of the account's own catalogue would clash with it."""
    assert "resource" not in _links(catalog_id=NAMING.account_id).document
