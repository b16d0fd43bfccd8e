"""Lake Formation: grants by name, by filter and by LF-Tags, resolved to the columns that each principal reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from policies.access.diff import Change, difference
from policies.access.pages import answered, compared
from policies.access.who import Answer, Holding, Question, who_can
from tests.policies.access.organisation import Json, Organisation, account, allow, deny, role_arn

TABLE = "arn:aws:glue:eu-west-1:vault:table/people/customer"
COLUMNS = {"id": "", "segment": "", "email": "confidential", "born": "restricted"}
UP_TO = {"internal": ["internal", "public"], "confidential": ["confidential", "internal", "public"]}


def _tags(**values: str) -> list[Json]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _catalogue(made: Organisation, columns: Mapping[str, str] = COLUMNS) -> None:
    """A tagged database with one table, some columns of which are more sensitive than it."""
    made.add("vault", "aws_glue_catalog_database", "people", {"name": "people"})
    database = "${aws_glue_catalog_database.people.name}"
    described = {"columns": [{"name": name} for name in columns if name != "segment"]}
    table = {"database_name": database, "name": "customer", "storage_descriptor": described}
    made.add("vault", "aws_glue_catalog_table", "customer", {**table, "partition_keys": [{"name": "segment"}]})
    tags = _tags(domain="customers", sensitivity="internal", stage="draft")
    made.add("vault", "aws_lakeformation_resource_lf_tags", "db", {"database": {"name": database}, "lf_tag": tags})
    for name, value in columns.items():
        named = [{"database_name": database, "name": "${aws_glue_catalog_table.customer.name}", "column_names": [name]}]
        body = {"table_with_columns": named, "lf_tag": _tags(sensitivity=value)}
        if value:
            made.add("vault", "aws_lakeformation_resource_lf_tag", name, body)


def _publisher(made: Organisation) -> None:
    """A role that may set the stage while the stacks are at rest."""
    made.role("vault", "publisher")
    tag = {"key": "stage", "values": ["draft", "published"]}
    made.add(
        "vault", "aws_lakeformation_permissions", "stage", _grant(role_arn("vault", "publisher"), "ASSOCIATE", tag)
    )


def _grant(principal: str, permission: str, lf_tag: Json) -> Json:
    return {"principal": principal, "permissions": [permission], "lf_tag": [lf_tag]}


def _by_tags(
    clearance: str, of: str = "dev", *, name: str = "reader", permissions: Sequence[str] = ("SELECT",)
) -> Json:
    given = {"domain": ["customers"], "sensitivity": UP_TO[clearance], "stage": ["published"]}
    expression = [{"key": key, "values": values} for key, values in given.items()]
    policy = {"resource_type": "TABLE", "catalog_id": account("vault"), "expression": expression}
    return {"principal": role_arn(of, name), "permissions": list(permissions), "lf_tag_policy": [policy]}


def _reader(made: Organisation, *statements: Json, of: str = "dev", **more: str) -> None:
    made.role(of, "reader", *(statements or (allow("lakeformation:GetDataAccess"),)), **more)


@pytest.fixture(scope="module", name="made")
def _made() -> Organisation:
    """Readers of two accounts with different clearances on one table, which waits to be published."""
    made = Organisation()
    _catalogue(made)
    _publisher(made)
    for of, clearance in (("dev", "internal"), ("prod", "confidential")):
        _reader(made, of=of)
        made.add("vault", "aws_lakeformation_permissions", of, _by_tags(clearance, of))
    return made


def _answer(made: Organisation, on: str = TABLE, permission: str = "SELECT", **more: str) -> Answer:
    return who_can(made.read(), Question(f"lakeformation:{permission}", on, **more))


def _can(answer: Answer) -> dict[str, str]:
    return {one.principal: one.outcome.value for one in answer.holdings}


def _one(answer: Answer, principal: str) -> Holding:
    (holding,) = (one for one in answer.holdings if one.principal == principal)
    return holding


def test_a_clearance_filters_columns(made: Organisation) -> None:
    """Each reader of another account has the columns that its clearance reaches, and is told those it has not."""
    answer = _answer(made)
    assert set(_can(answer)) == {"dev/reader", "prod/reader"}
    seen = {one.principal: (one.ways[0].columns, one.ways[0].without) for one in answer.holdings}
    assert seen == {
        "dev/reader": (("id", "segment"), ("email", "born")),
        "prod/reader": (("id", "email", "segment"), ("born",)),
    }


def test_a_tag_that_is_set_at_run_time_is_a_condition(made: Organisation) -> None:
    """The answer says which value is awaited, and who may set it."""
    reader = _one(_answer(made), "dev/reader")
    assert reader.outcome == "allowed if"
    assert reader.ways[0].conditions == ("stage = published, which publisher may set",)


def test_an_account_narrows_to_its_catalogue(made: Organisation) -> None:
    """What is granted in the catalogue of another account is left out."""
    assert set(_can(_answer(made, "*", account="vault"))) == {"dev/reader", "prod/reader"}
    assert _can(_answer(made, "*", account="dev")) == {}


def test_who_may_set_a_tag_elsewhere_is_not_awaited_here() -> None:
    """The publisher of another domain has the tag, and no table of this one to set it on."""
    other = Organisation()
    _catalogue(other)
    _publisher(other)
    _reader(other)
    other.add("vault", "aws_lakeformation_permissions", "dev", _by_tags("internal"))
    tables = {"resource_type": "TABLE", "expression": [{"key": "domain", "values": ["payments"]}]}
    alter = {"principal": role_arn("vault", "publisher"), "permissions": ["ALTER"], "lf_tag_policy": [tables]}
    other.add("vault", "aws_lakeformation_permissions", "alter", alter)
    assert _can(_answer(other)) == {}
    tables["expression"] = [{"key": "domain", "values": ["customers"]}]
    assert _can(_answer(other)) == {"dev/reader": "allowed if"}


def test_wildcards_of_a_question_stay_in_their_part_of_the_arn(made: Organisation) -> None:
    """Any region or account asks for this table, and for no other that happens to be spelt around it."""
    for on in ("arn:aws:glue:*:vault:table/people/customer", "arn:*:glue:*:*:table/people/customer"):
        assert _one(_answer(made, on), "dev/reader").on == (TABLE,)


def test_without_anybody_who_may_set_it_a_tag_is_what_the_stacks_say() -> None:
    """A draft stays one, until a stack says that it is published: then the readers read."""
    made = Organisation()
    _catalogue(made)
    _reader(made)
    made.add("vault", "aws_lakeformation_permissions", "dev", _by_tags("internal"))
    assert _can(_answer(made)) == {}
    table = [{"database_name": "people", "name": "customer"}]
    made.add("vault", "aws_lakeformation_resource_lf_tag", "t", {"table": table, "lf_tag": _tags(stage="published")})
    assert _can(_answer(made)) == {"dev/reader": "allowed"}


def test_a_table_s_own_tag_outweighs_that_of_its_database() -> None:
    """A table that is more sensitive than its database takes all of its columns with it."""
    made = Organisation()
    _catalogue(made)
    _publisher(made)
    _reader(made)
    made.add("vault", "aws_lakeformation_permissions", "dev", _by_tags("internal"))
    table = [{"database_name": "people", "name": "customer"}]
    tight = {"table": table, "lf_tag": _tags(sensitivity="restricted")}
    made.add("vault", "aws_lakeformation_resource_lf_tag", "t", tight)
    assert _can(_answer(made)) == {}


def test_the_page_tells_columns_and_grant(made: Organisation) -> None:
    """What is read, what is not, by which tags, from which block."""
    page = answered(_answer(made, principal="dev/reader"))
    assert "  columns id, segment\n  without email, born\n" in page
    by = "domain = customers, sensitivity = internal or public, stage = published (vault-base/aws_lakeformation_permi"
    assert f"  by      grant SELECT by {by}" in page


def test_a_grant_is_of_use_only_to_whom_iam_lets_ask() -> None:
    """Its own policies, its boundary and the guardrails over its account must let the role ask for data."""
    made = Organisation()
    made.own_policy("dev", "ceiling", allow("s3:*"))
    made.guardrail("never", deny("lakeformation:*"), unit="production")
    _reader(made, boundary="ceiling")
    _reader(made, of="prod")
    made.role("dev", "granted-only")
    named = {"table": [{"database_name": "people", "name": "customer", "catalog_id": account("vault")}]}
    for of, name in (("dev", "reader"), ("prod", "reader"), ("dev", "granted-only")):
        body = {"principal": role_arn(of, name), "permissions": ["SELECT"], **named}
        made.add("vault", "aws_lakeformation_permissions", f"{of}-{name}", body)
    assert _can(_answer(made)) == {}
    because = {name: _one(_answer(made, principal=name), name).because for name in ("dev/reader", "dev/granted-only")}
    assert because == {
        "dev/reader": "lakeformation:getdataaccess: its permissions boundary does not allow it",
        "dev/granted-only": "lakeformation:getdataaccess: no policy of the principal allows it",
    }
    denied = _one(_answer(made, principal="prod/reader"), "prod/reader").because
    assert "service control policy never" in denied


def test_a_filter_is_named_with_its_rows_and_columns() -> None:
    """A grant of a cells filter opens its rows and columns, whatever the tags of the table."""
    made = Organisation()
    _catalogue(made)
    _reader(made)
    key = {"database_name": "people", "name": "irish", "table_name": "customer", "table_catalog_id": account("vault")}
    data = {
        **key,
        "column_wildcard": [{"excluded_column_names": ["born"]}],
        "row_filter": [{"filter_expression": "country = 'IE'"}],
    }
    made.add("vault", "aws_lakeformation_data_cells_filter", "irish", {"table_data": [data]})
    granted = {"principal": role_arn("dev", "reader"), "permissions": ["SELECT"], "data_cells_filter": [key]}
    made.add("vault", "aws_lakeformation_permissions", "irish", granted)
    (way,) = _one(_answer(made), "dev/reader").ways
    assert (way.rows, way.columns, way.without) == ("irish: country = 'IE'", ("id", "email", "segment"), ("born",))
    assert way.by[0].startswith("grant SELECT by filter irish (vault-base/")


@pytest.mark.parametrize(
    ("given", "columns"),
    [
        ({"column_names": ["id"]}, ("id",)),
        ({"excluded_column_names": ["born", "email"], "wildcard": True}, ("id", "segment")),
    ],
    ids=["named", "left out"],
)
def test_named_columns_and_left_out_ones_are_resolved(given: Json, columns: tuple[str, ...]) -> None:
    """A grant by name says which columns, or all but some."""
    made = Organisation()
    _catalogue(made)
    _reader(made)
    named = {"database_name": "people", "name": "customer", "catalog_id": account("vault"), **given}
    body = {"principal": role_arn("dev", "reader"), "permissions": ["SELECT"], "table_with_columns": [named]}
    made.add("vault", "aws_lakeformation_permissions", "x", body)
    assert _one(_answer(made), "dev/reader").ways[0].columns == columns


def test_what_no_stack_holds_may_carry_the_tags(made: Organisation) -> None:
    """A table of an unknown database may be granted; one that a crawler makes has the tags of its database."""
    unknown = _one(_answer(made, TABLE.replace("people", "other")), "dev/reader")
    assert unknown.ways[0].conditions[0].startswith("it carries domain = customers, ")
    made_later = _one(_answer(made, TABLE.replace("customer", "new")), "dev/reader")
    assert made_later.ways[0].conditions == ("stage = published, which publisher may set",)
    assert made_later.on == ("arn:aws:glue:eu-west-1:vault:table/people/*",)


def test_databases_and_metadata_ask_for_what_iam_calls_them() -> None:
    """DESCRIBE is used by Glue's requests, not by asking for data; on databases only what is granted on databases."""
    made = Organisation()
    _catalogue(made)
    _reader(made, allow("glue:GetTable"))
    describe = _by_tags("internal", permissions=["DESCRIBE"])
    describe["lf_tag_policy"][0]["expression"] = [{"key": "domain", "values": ["customers"]}]
    made.add("vault", "aws_lakeformation_permissions", "describe", describe)
    assert _can(_answer(made, permission="DESCRIBE")) == {"dev/reader": "allowed"}
    assert _can(_answer(made)) == {}
    database = "arn:aws:glue:eu-west-1:vault:database/people"
    assert _can(_answer(made, database, "DESCRIBE")) == {}
    describe["lf_tag_policy"][0]["resource_type"] = "DATABASE"
    assert _can(_answer(made, database, "DESCRIBE")) == {"dev/reader": "allowed"}


def test_the_offline_store_of_a_feature_group_has_its_features() -> None:
    """SageMaker names the table, so that its reference stands for it; its columns are the features and AWS's own."""
    made = Organisation()
    _reader(made)
    group = {"feature_group_name": "velocity", "feature_definition": [{"feature_name": "card"}]}
    made.add("vault", "aws_sagemaker_feature_group", "velocity", group)
    name = "${aws_sagemaker_feature_group.velocity.offline_store_config[0].data_catalog_config[0].table_name}"
    table = [{"database_name": "features", "name": name}]
    tagged = {"table": table, "lf_tag": _tags(feature_group="velocity")}
    made.add("vault", "aws_lakeformation_resource_lf_tag", "velocity", tagged)
    policy = {"resource_type": "TABLE", "expression": [{"key": "feature_group", "values": ["velocity"]}]}
    grant = {"principal": role_arn("dev", "reader"), "permissions": ["SELECT"], "lf_tag_policy": [policy]}
    made.add("vault", "aws_lakeformation_permissions", "velocity", grant)
    (way,) = _one(_answer(made, "arn:aws:glue:eu-west-1:vault:table/features/velocity_1700000000"), "dev/reader").ways
    assert way.columns == ("card", "write_time", "api_invocation_time", "is_deleted")


def test_a_location_is_granted_by_its_own_arn() -> None:
    """A bucket's has no region, and a reference stands for one that a resource has."""
    made = Organisation()
    _reader(made, allow("glue:CreateTable"))
    for name, arn in (("bucket", "arn:aws:s3:::zone"), ("made", "${aws_lakeformation_resource.zone.arn}")):
        body = {"principal": role_arn("dev", "reader"), "permissions": ["DATA_LOCATION_ACCESS"]}
        made.add("vault", "aws_lakeformation_permissions", name, {**body, "data_location": [{"arn": arn}]})
    answer = _answer(made, "*", "DATA_LOCATION_ACCESS")
    assert {(one.on, one.outcome.value) for one in answer.holdings} == {
        (("arn:aws:s3:::zone",), "allowed"),
        (("${aws_lakeformation_resource.zone.arn}",), "allowed"),
    }


def _changes(*sides: Organisation) -> tuple[Change, ...]:
    return difference(*(side.read() for side in sides)).changes


def _granting(clearance: str, columns: Mapping[str, str] = COLUMNS) -> Organisation:
    made = Organisation()
    _catalogue(made, columns)
    _publisher(made)
    _reader(made)
    made.add("vault", "aws_lakeformation_permissions", "dev", _by_tags(clearance))
    return made


def test_a_clearance_that_rises_opens_the_columns_between() -> None:
    """The change names the team's role, the table and the columns that it reads now and did not."""
    (change,) = _changes(_granting("internal"), _granting("confidential"))
    told = (change.direction, change.action, change.principals, change.resource, change.columns)
    assert told == ("opened", "lakeformation:SELECT", ("dev/reader",), TABLE, ("email",))
    closed = _changes(_granting("confidential"), _granting("internal"))
    assert [(one.direction, one.columns) for one in closed] == [("closed", ("email",))]
    page = compared(difference(_granting("internal").read(), _granting("confidential").read()))
    assert "  columns email\n" in page


def test_a_column_that_is_less_sensitive_or_new_opens() -> None:
    """A change of the catalogue opens as one of a grant does."""
    less = _changes(_granting("internal"), _granting("internal", {**COLUMNS, "born": "internal"}))
    assert [(one.direction, one.columns) for one in less] == [("opened", ("born",))]
    new = _changes(_granting("internal"), _granting("internal", {**COLUMNS, "city": ""}))
    assert [(one.direction, one.columns) for one in new] == [("opened", ("city",))]
    assert _changes(_granting("internal"), _granting("internal")) == ()
