"""What Lake Formation grants in the stacks: each permission with the part of the catalogue that it opens.

Grants by LF-Tags are resolved to the databases, tables and columns that carry the tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policies.access.catalogue import ANY, Catalogues, Entry, Place, chosen
from policies.access.expressions import Expression, Setter, setters
from policies.access.model import Grant, Portion
from policies.access.rules import texts
from policies.access.stacks import Json, Stack, Synthesis, nested

READING = frozenset({"all", "select", "super", "super_user"})


class Grants:
    """Reads the grants of all stacks."""

    def __init__(self, synthesis: Synthesis) -> None:
        self._synthesis = synthesis
        self._catalogues = Catalogues(synthesis)
        self._setters = setters(synthesis, self._catalogues)

    def __iter__(self) -> Iterator[Grant]:
        """One for each permission of each block. Columns are told of those that read."""
        for stack in self._synthesis.stacks.values():
            for address, body in stack.blocks("aws_lakeformation_permissions"):
                for permission in sorted(text.lower() for text in texts(body["permissions"])):
                    yield Grant(
                        principal=self._synthesis.text(stack, str(body.get("principal"))),
                        permission=permission,
                        portions=tuple(
                            one if permission in READING else replace(one, columns=(), without=())
                            for one in self._portions(stack, body, permission)
                        ),
                        by=", ".join(_by(body)),
                        account=stack.account,
                        source=stack.source(address, body),
                    )

    @property
    def known(self) -> frozenset[str]:
        """The ARNs of all that the stacks hold of catalogues."""
        return frozenset(
            self._arn(entry)
            for stack in self._synthesis.stacks.values()
            for entry in self._catalogues.entries(self._catalogues.place(stack, None))
        )

    def _portions(self, stack: Stack, body: Json, permission: str) -> Iterator[Portion]:
        catalog = body.get("catalog_id")

        def place(block: Json) -> Place:
            return self._catalogues.place(stack, block.get("catalog_id") or catalog)

        for one in nested(body, "database"):
            yield Portion(self._arn(Entry(place(one), self._synthesis.text(stack, one["name"]), "", {})))
        for one in nested(body, "table"):
            yield self._table(stack, place(one), one)
        for one in nested(body, "table_with_columns"):
            whole = self._table(stack, place(one), one)
            yield _cut(whole, chosen(one, (*whole.columns, *whole.without)))
        for one in nested(body, "data_cells_filter"):
            yield from self._filtered(stack, self._catalogues.place(stack, one["table_catalog_id"]), one)
        for one in nested(body, "data_location"):
            yield Portion(self._synthesis.text(stack, str(one["arn"])))
        for one in nested(body, "lf_tag_policy"):
            yield from self._by_tags(place(one), one, permission)
        prefix = f"arn:{self._synthesis.organization['partition']}"
        for one in nested(body, "lf_tag"):  # it has no ARN in IAM: Lake Formation alone decides on it
            at = place(one)
            yield Portion(f"{prefix}:lakeformation:{at.region}:{at.account}:lf-tag/{one['key']}")
        if body.get("catalog_resource"):
            yield Portion(f"{prefix}:glue:{stack.region}:{place({}).account}:catalog")

    def _arn(self, entry: Entry) -> str:
        what = f"table/{entry.database}/{entry.table}" if entry.table else f"database/{entry.database}"
        return f"arn:{self._synthesis.organization['partition']}:glue:{entry.place.region}:{entry.place.account}:{what}"

    def _table(self, stack: Stack, place: Place, block: Json) -> Portion:
        database = self._synthesis.text(stack, block["database_name"])
        name = ANY if block.get("wildcard") and "name" not in block else block.get("name", ANY)
        return self._whole(place, database, self._synthesis.text(stack, name))

    def _whole(self, place: Place, database: str, table: str) -> Portion:
        for entry in self._catalogues.entries(place):
            if (entry.database, entry.table) == (database, table):
                return Portion(self._arn(entry), columns=tuple(entry.columns))
        return Portion(self._arn(Entry(place, database, table, {})))

    def _filtered(self, stack: Stack, place: Place, granted: Json) -> Iterator[Portion]:
        database, table, name = self._key(stack, granted)
        whole = self._whole(place, database, table)
        for block in self._filters(place, database, table, name):
            rows = [
                str(one.get("filter_expression") or "all") if not one.get("all_rows_wildcard") else "all"
                for one in nested(block, "row_filter")
            ]
            named, spared = texts(block.get("column_names")), nested(block, "column_wildcard")
            excluded = [column for one in spared for column in texts(one.get("excluded_column_names"))]
            columns = named or tuple(column for column in whole.columns if column not in excluded)
            yield _cut(whole, columns, rows=f"{name}: {rows[0] if rows else 'all'}")
            return
        yield Portion(whole.arn, rows=f"{name}: a filter that no stack holds")

    def _filters(self, place: Place, database: str, table: str, name: str) -> Iterator[Json]:
        for stack in self._synthesis.stacks.values():
            for _, body in stack.blocks("aws_lakeformation_data_cells_filter"):
                for one in nested(body, "table_data"):
                    at = self._catalogues.place(stack, one["table_catalog_id"])
                    if (at, *self._key(stack, one)) == (place, database, table, name):
                        yield one

    def _key(self, stack: Stack, block: Json) -> tuple[str, str, str]:
        """Database, table and name of a cells filter."""
        text = self._synthesis.text
        return text(stack, block["database_name"]), text(stack, block["table_name"]), text(stack, block["name"])

    def _by_tags(self, place: Place, block: Json, permission: str) -> Iterator[Portion]:
        expression, later = Expression.of(block), self._setters.get(place, ())
        of_tables = str(block.get("resource_type", "")).upper() != "DATABASE"
        for entry in self._catalogues.entries(place):
            if bool(entry.table) is of_tables:
                yield from self._fitting(entry, expression, later, by_column=permission in READING)
        what = "table/*" if of_tables else "database/*"
        unseen = f"arn:{self._synthesis.organization['partition']}:glue:{place.region}:{place.account}:{what}"
        yield Portion(unseen, conditions=(f"it carries {expression}",), unseen=True)

    def _fitting(
        self, entry: Entry, expression: Expression, later: Sequence[Setter], *, by_column: bool
    ) -> Iterator[Portion]:
        arn = self._arn(entry)
        if not by_column or not entry.columns:
            conditions = expression.fits(entry.tags, later)
            if conditions is not None:
                yield Portion(arn, conditions=conditions, unseen=entry.table == ANY)
            return
        alike: dict[tuple[str, ...], list[str]] = {}
        for name, tags in entry.columns.items():
            conditions = expression.fits(tags, later)
            if conditions is not None:
                alike.setdefault(conditions, []).append(name)
        for conditions, names in alike.items():
            yield _cut(Portion(arn, columns=tuple(entry.columns), conditions=conditions), tuple(names))


def _cut(whole: Portion, columns: tuple[str, ...], rows: str = "") -> Portion:
    without = tuple(name for name in whole.columns if name not in columns)
    return Portion(whole.arn, columns, without, rows, whole.conditions)


def _by(body: Json) -> Iterable[str]:
    """By what a grant goes, where it does not name the thing itself."""
    yield from (str(Expression.of(one)) for one in nested(body, "lf_tag_policy"))
    yield from (f"filter {one.get('name')}" for one in nested(body, "data_cells_filter"))
