"""Glue catalogues as LF-Tags describe them: databases, tables and columns of the stacks, each with its tags.

A table inherits the LF-Tags of its database and a column those of its table, key by key, unless it has its own.
https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-overview.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policies.access.rules import texts
from policies.access.stacks import Json, Stack, Synthesis, nested

Tags = Mapping[str, str]
# A part of a catalogue: database, table and column, the latter two empty where the whole is meant.
Part = tuple[str, str, str]
ANY = "*"  # in the place of a table: every one of the database that no stack holds
# A table that SageMaker makes: its name is known to AWS alone, its columns are the features and those that AWS adds.
_OFFLINE = re.compile(r"\$\{(?P<address>aws_sagemaker_feature_group\.[\w-]+)\.offline_store_config\b")
_ADDED = ("write_time", "api_invocation_time", "is_deleted")
_TAGGING = ("aws_lakeformation_resource_lf_tag", "aws_lakeformation_resource_lf_tags")


@dataclass(frozen=True, order=True)
class Place:
    """A catalogue: there is one in each account and region."""

    account: str
    region: str


@dataclass(frozen=True)
class Entry:
    """A database (without `table`) or a table, with its LF-Tags.

    `columns` have theirs; there are none where no stack says which.
    """

    place: Place
    database: str
    table: str
    tags: Tags
    columns: Mapping[str, Tags] = field(default_factory=dict)


class Catalogues:
    """What the stacks tell of the catalogues."""

    def __init__(self, synthesis: Synthesis) -> None:
        self._synthesis = synthesis
        self._assigned: dict[Place, dict[Part, dict[str, str]]] = {}
        self._columns = dict(self._tables())
        for stack in synthesis.stacks.values():
            for type_ in _TAGGING:
                for _, body in stack.blocks(type_):
                    self._assign(stack, body)

    def place(self, stack: Stack, catalog: object) -> Place:
        """The catalogue of this id; without one that of the stack's own account."""
        return Place(self._synthesis.text(stack, str(catalog or stack.account)), stack.region)

    def entries(self, place: Place) -> tuple[Entry, ...]:
        """Its databases, their tables, and for each database what no stack holds of it."""
        return self._entries.get(place, ())

    @cached_property
    def _entries(self) -> Mapping[Place, tuple[Entry, ...]]:
        found: dict[Place, list[Entry]] = {}
        for place, database in sorted({*self._databases(), *((place, name) for place, name, _ in self._columns)}):
            own = self._tags(place, (database, "", ""))
            tables = {table for at, name, table in self._columns if (at, name) == (place, database)}
            tables |= {table for name, table, _ in self._assigned.get(place, ()) if name == database and table}
            entries = found.setdefault(place, [])
            entries.append(Entry(place, database, "", own))
            for table in sorted({*tables, ANY}):
                entries.append(self._table(place, database, table, own))
        return {place: tuple(entries) for place, entries in found.items()}

    def _table(self, place: Place, database: str, table: str, inherited: Tags) -> Entry:
        tags = {**inherited, **self._tags(place, (database, ANY, "")), **self._tags(place, (database, table, ""))}
        names = self._columns.get((place, database, table)) or self._features(place, table)
        columns = {name: {**tags, **self._tags(place, (database, table, name))} for name in names}
        return Entry(place, database, table, tags, columns)

    def _tags(self, place: Place, part: Part) -> Tags:
        return self._assigned.get(place, {}).get(part, {})

    def _databases(self) -> Iterator[tuple[Place, str]]:
        """Those that a stack makes, and those that one tags. A link has nothing of its own."""
        for stack in self._synthesis.stacks.values():
            for address, body in stack.blocks("aws_glue_catalog_database"):
                if not body.get("target_database"):
                    name = self._synthesis.text(stack, f"${{{address}.name}}")
                    yield self.place(stack, body.get("catalog_id")), name
        for place, parts in self._assigned.items():
            yield from ((place, database) for database, _, _ in parts)

    def _tables(self) -> Iterator[tuple[tuple[Place, str, str], tuple[str, ...]]]:
        """Tables of the stacks with the names of their columns, those that they are partitioned by last."""
        for stack in self._synthesis.stacks.values():
            for address, body in stack.blocks("aws_glue_catalog_table"):
                if body.get("target_table"):
                    continue
                described = [one for part in nested(body, "storage_descriptor") for one in nested(part, "columns")]
                names = tuple(str(one["name"]) for one in (*described, *nested(body, "partition_keys")))
                database = self._synthesis.text(stack, str(body["database_name"]))
                table = self._synthesis.text(stack, f"${{{address}.name}}")
                yield (self.place(stack, body.get("catalog_id")), database, table), names

    def _features(self, place: Place, table: str) -> tuple[str, ...]:
        """The columns of a feature group's offline store, by the reference that stands for its name."""
        if not (reference := _OFFLINE.match(table)):
            return ()
        for stack in self._synthesis.stacks.values():
            groups = dict(stack.blocks("aws_sagemaker_feature_group")) if stack.account == place.account else {}
            if body := groups.get(reference["address"]):
                return (*(str(one["feature_name"]) for one in nested(body, "feature_definition")), *_ADDED)
        return ()

    def _assign(self, stack: Stack, body: Json) -> None:
        given = nested(body, "lf_tag")
        tags = {self._synthesis.text(stack, one["key"]): self._synthesis.text(stack, one["value"]) for one in given}
        place = self.place(stack, body.get("catalog_id"))
        for part in self._tagged(stack, body, place):
            self._assigned.setdefault(place, {}).setdefault(part, {}).update(tags)

    def _tagged(self, stack: Stack, body: Json, place: Place) -> Iterator[Part]:
        for one in nested(body, "database"):
            yield self._synthesis.text(stack, one["name"]), "", ""
        for one in nested(body, "table"):
            name = ANY if one.get("wildcard") else self._synthesis.text(stack, one["name"])
            yield self._synthesis.text(stack, one["database_name"]), name, ""
        for one in nested(body, "table_with_columns"):
            database, table = (self._synthesis.text(stack, one[key]) for key in ("database_name", "name"))
            known = self._columns.get((place, database, table), ())
            for column in chosen(one, known):
                yield database, table, column


def chosen(block: Json, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Of a table's columns those that a `table_with_columns` names: by name, or all but those it leaves out."""
    named, excluded = texts(block.get("column_names")), texts(block.get("excluded_column_names"))
    return named or tuple(name for name in columns if name not in excluded)
