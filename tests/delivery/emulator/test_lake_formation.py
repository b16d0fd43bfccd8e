"""Lake Formation as a governed catalogue needs it: what carries which LF-tag, who is granted what, what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

OWNER, READER = "141414141414", "151515151515"
ROLE = f"arn:aws:iam::{READER}:role/fraud-data-scientist"
CARDS = {"DatabaseName": "payments_cards", "Name": "customers"}
Expression = list[dict[str, Any]]
CLEARED: Expression = [
    {"TagKey": "stage", "TagValues": ["published"]},
    {"TagKey": "sensitivity", "TagValues": ["public", "internal"]},
]


@dataclass(frozen=True)
class Lake:
    """The catalogue of OWNER with one tagged database and a table, whose column `email` is restricted."""

    formation: Any
    glue: Any

    def tag(self, resource: dict[str, Any], **tags: str) -> list[dict[str, Any]]:
        """Give LF-tags to a resource; what is given back are the failures."""
        pairs = [{"TagKey": key, "TagValues": [value]} for key, value in tags.items()]
        answer: dict[str, Any] = self.formation.add_lf_tags_to_resource(Resource=resource, LFTags=pairs)
        return list(answer["Failures"])

    def tags(self, resource: dict[str, Any], member: str, **more: Any) -> dict[str, str]:
        """The LF-tags of a resource as GetResourceLFTags gives them."""
        found = self.formation.get_resource_lf_tags(Resource=resource, **more).get(member, [])
        return {pair["TagKey"]: pair["TagValues"][0] for pair in found}

    def seen(self) -> list[list[str]]:
        """The columns that somebody cleared for internal data sees, table by table."""
        found = self.formation.search_tables_by_lf_tags(Expression=CLEARED)["TableList"]
        return [[column["Name"] for column in each.get("LFTagsOnColumns", [])] for each in found]

    def granted(self, **filters: Any) -> list[tuple[list[str], dict[str, Any]]]:
        """What ROLE may do on what."""
        filters = {"Principal": {"DataLakePrincipalIdentifier": ROLE}, **filters}
        found = self.formation.list_permissions(**filters)["PrincipalResourcePermissions"]
        return [(each["Permissions"], each["Resource"]) for each in found]

    def grant(self, resource: dict[str, Any], *permissions: str, principal: str = ROLE) -> None:
        self.formation.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": principal}, Resource=resource, Permissions=list(permissions)
        )


@pytest.fixture(scope="module", name="lake")
def _lake(client: Client) -> Lake:
    lake = Lake(client("lakeformation", OWNER), client("glue", OWNER))
    for key, values in {"stage": ["draft", "published"], "sensitivity": ["internal", "public", "restricted"]}.items():
        lake.formation.create_lf_tag(TagKey=key, TagValues=values)
    lake.glue.create_database(DatabaseInput={"Name": "payments_cards"})
    columns = [{"Name": name, "Type": "string"} for name in ("email", "country")]
    table = {"Name": "customers", "StorageDescriptor": {"Columns": columns}}
    lake.glue.create_table(DatabaseName="payments_cards", TableInput=table)
    lake.tag({"Database": {"Name": "payments_cards"}}, sensitivity="internal", stage="draft")
    lake.tag({"TableWithColumns": {**CARDS, "ColumnNames": ["email"]}}, sensitivity="restricted")
    return lake


def test_a_table_inherits_and_a_tag_does_not_replace_the_others(lake: Lake) -> None:
    """A second tag leaves the first; the table has its database's beside its own; a column keeps its higher one."""
    lake.tag({"Table": CARDS}, stage="draft")
    assert lake.tags({"Table": CARDS}, "LFTagsOnTable") == {"sensitivity": "internal", "stage": "draft"}
    assert lake.tags({"Table": CARDS}, "LFTagsOnTable", ShowAssignedLFTags=True) == {"stage": "draft"}
    column = {"TableWithColumns": {**CARDS, "ColumnNames": ["email"]}}
    (email,) = lake.formation.get_resource_lf_tags(Resource=column)["LFTagsOnColumns"]
    assert {pair["TagKey"]: pair["TagValues"] for pair in email["LFTags"]} == {
        "sensitivity": ["restricted"],
        "stage": ["draft"],
    }


def test_publishing_shows_a_table_without_its_sensitive_column(lake: Lake) -> None:
    """As a draft nobody sees it; published, whoever is cleared for internal data sees all but the restricted column."""
    assert lake.seen() == []
    assert lake.tag({"Table": CARDS}, stage="published") == []
    assert lake.seen() == [["country"]]
    lake.tag({"Table": CARDS}, stage="draft")


def test_an_unknown_value_is_told_as_a_failure_of_its_tag(lake: Lake) -> None:
    """AddLFTagsToResource answers with what failed, and the rest is done; a value in use cannot be taken away."""
    (failure,) = lake.tag({"Table": CARDS}, sensitivity="secret", stage="draft")
    assert failure["LFTag"]["TagKey"] == "sensitivity"
    assert failure["Error"]["ErrorCode"] == "EntityNotFoundException"
    with pytest.raises(ClientError, match="Update not allowed"):
        lake.formation.update_lf_tag(TagKey="sensitivity", TagValuesToDelete=["restricted"])


def test_select_on_a_table_is_given_back_as_select_on_its_columns(lake: Lake) -> None:
    """Permissions are merged and sorted; a table's are listed with those on its columns; revoked ones are gone."""
    lake.formation.put_data_lake_settings(DataLakeSettings={"Parameters": {"CROSS_ACCOUNT_VERSION": "4"}})
    lake.grant({"Table": CARDS}, "SELECT", "DESCRIBE")
    lake.grant({"Table": CARDS}, "ALTER")
    whole = {"CatalogId": OWNER, **CARDS}
    assert lake.granted(Resource={"Table": CARDS}) == [
        (["ALTER", "DESCRIBE"], {"Table": whole}),
        (["SELECT"], {"TableWithColumns": {**whole, "ColumnWildcard": {}}}),
    ]
    principal = {"DataLakePrincipalIdentifier": ROLE}
    revoked = ["SELECT", "DESCRIBE", "ALTER"]
    lake.formation.revoke_permissions(Principal=principal, Resource={"Table": CARDS}, Permissions=revoked)
    assert lake.granted() == []
    with pytest.raises(ClientError, match="No permissions revoked"):
        lake.formation.revoke_permissions(Principal=principal, Resource={"Table": CARDS}, Permissions=["ALTER"])


@pytest.mark.parametrize(
    ("resource", "permission", "said"),
    [
        ({"Table": {**CARDS, "Name": "none"}}, "SELECT", "payments_cards.none not found"),
        ({"Database": {"Name": "payments_cards"}}, "SELECT", "SELECT cannot be granted on Database"),
        (
            {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "x", "TagValues": ["y"]}]}},
            "SELECT",
            "x",
        ),
        ({"DataLocation": {"ResourceArn": "arn:aws:s3:::none"}}, "DATA_LOCATION_ACCESS", "Registered location"),
        ({"TableWithColumns": {**CARDS, "ColumnNames": ["iban"]}}, "SELECT", "Column iban"),
    ],
)
def test_what_does_not_exist_cannot_be_granted(
    lake: Lake, resource: dict[str, Any], permission: str, said: str
) -> None:
    """A missing table, tag, location or column, and a permission that the resource does not know, are refused."""
    with pytest.raises(ClientError, match=said):
        lake.grant(resource, permission)


def test_roles_of_other_accounts_need_a_version_of_sharing_that_can_name_them(client: Client) -> None:
    """A catalogue begins with version 1, in which only whole accounts are granted to; it begins open to IAM, too."""
    formation = client("lakeformation", READER)
    settings = formation.get_data_lake_settings()["DataLakeSettings"]
    assert settings["CreateTableDefaultPermissions"][0]["Permissions"] == ["ALL"]
    stranger = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{OWNER}:role/x"}
    with pytest.raises(ClientError, match="CROSS_ACCOUNT_VERSION 3 can name it"):
        formation.grant_permissions(Principal=stranger, Resource={"Catalog": {}}, Permissions=["DESCRIBE"])
    admin = [{"DataLakePrincipalIdentifier": f"arn:aws:iam::{READER}:role/none"}]
    with pytest.raises(ClientError, match="there is no role"):
        formation.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": admin})


def test_a_new_table_is_open_to_iam_until_the_defaults_are_emptied(client: Client) -> None:
    """As a catalogue begins, IAM's policies decide on what is made in it; with empty defaults nobody has anything."""
    glue, formation = client("glue", READER), client("lakeformation", READER)
    glue.create_database(DatabaseInput={"Name": "open"})
    glue.create_table(DatabaseName="open", TableInput={"Name": "t"})
    found = formation.list_permissions(Resource={"Table": {"DatabaseName": "open", "Name": "t"}})
    first = found["PrincipalResourcePermissions"][0]
    assert first["Principal"]["DataLakePrincipalIdentifier"] == "IAM_ALLOWED_PRINCIPALS"
    assert "ALL" in first["Permissions"]
    formation.put_data_lake_settings(DataLakeSettings={})
    glue.create_database(DatabaseInput={"Name": "closed"})
    glue.create_table(DatabaseName="closed", TableInput={"Name": "t"})
    for resource in ({"Database": {"Name": "closed"}}, {"Table": {"DatabaseName": "closed", "Name": "t"}}):
        assert formation.list_permissions(Resource=resource)["PrincipalResourcePermissions"] == []


def test_nobody_grants_in_the_catalogue_of_another_account(client: Client, lake: Lake) -> None:
    """The consumer's account cannot grant on what is the owner's, not even DESCRIBE; on its own link it can."""
    theirs, glue = client("lakeformation", READER), client("glue", READER)
    link = {"CatalogId": OWNER, "DatabaseName": "payments_cards"}
    glue.create_database(DatabaseInput={"Name": "cards", "TargetDatabase": link})
    grantee = {"Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{READER}:user/a"}}
    for resource in (
        {"Database": {"CatalogId": OWNER, "Name": "payments_cards"}},
        {"Table": {"CatalogId": OWNER, **CARDS}},
    ):
        with pytest.raises(ClientError, match="no grant option in the catalogue of 141414141414"):
            theirs.grant_permissions(**grantee, Resource=resource, Permissions=["DESCRIBE"])
    with pytest.raises(ClientError, match="CREATE_TABLE cannot be granted"):
        theirs.grant_permissions(**grantee, Resource={"Database": {"Name": "cards"}}, Permissions=["CREATE_TABLE"])
    theirs.grant_permissions(**grantee, Resource={"Database": {"Name": "cards"}}, Permissions=["DESCRIBE"])
    assert [table["Name"] for table in glue.get_tables(DatabaseName="cards")["TableList"]] == ["customers"]


def test_a_filter_is_about_columns_that_exist_and_goes_with_its_table(lake: Lake) -> None:
    """Rows are chosen by the table's own columns; what is dropped takes its permissions along, a table its filters."""
    table = {"Name": "short", "StorageDescriptor": {"Columns": [{"Name": "country", "Type": "string"}]}}
    lake.glue.create_table(DatabaseName="payments_cards", TableInput=table)
    data = {"TableCatalogId": OWNER, "DatabaseName": "payments_cards", "TableName": "short", "Name": "ireland"}
    rows = {"FilterExpression": "country = 'IE' and region IN ('x')"}
    with pytest.raises(ClientError, match="Column region"):
        lake.formation.create_data_cells_filter(TableData={**data, "RowFilter": rows, "ColumnWildcard": {}})
    rows = {"FilterExpression": "country = 'IE'"}
    lake.formation.create_data_cells_filter(TableData={**data, "RowFilter": rows, "ColumnWildcard": {}})
    lake.grant({"DataCellsFilter": data}, "SELECT")
    assert lake.granted() == [(["SELECT"], {"DataCellsFilter": data})]
    lake.formation.delete_data_cells_filter(**data)
    assert lake.granted() == []
    lake.formation.create_data_cells_filter(TableData={**data, "RowFilter": rows, "ColumnWildcard": {}})
    lake.grant({"DataCellsFilter": data}, "SELECT")
    lake.glue.delete_table(DatabaseName="payments_cards", Name="short")
    lake.glue.create_table(DatabaseName="payments_cards", TableInput=table)
    assert lake.granted() == []
    assert lake.formation.list_data_cells_filter()["DataCellsFilters"] == []


def test_glue_answers_for_the_catalogue_that_is_named(client: Client, lake: Lake) -> None:
    """With CatalogId a reader gets the owner's database; its own catalogue has none of that name."""
    glue = client("glue", READER)
    assert glue.get_database(CatalogId=OWNER, Name="payments_cards")["Database"]["CatalogId"] == OWNER
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_database(Name="payments_cards")
