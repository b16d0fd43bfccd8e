"""What an expression of LF-Tags fits, as far as it is known before anything runs.

A tag that somebody may set at run time, who is granted ASSOCIATE on its values, may be any of these: the answer is
"if stage = published" with whoever sets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.access.catalogue import Catalogues, Place, Tags
from policies.access.glob import unknown
from policies.access.rules import texts
from policies.access.stacks import Json, Stack, Synthesis, nested


@dataclass(frozen=True)
class Expression:
    """One value of each key must fit."""

    tests: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, block: Json) -> Expression:
        """From the `expression` blocks of a `lf_tag_policy`."""
        found = ((str(one["key"]), tuple(sorted(texts(one["values"])))) for one in nested(block, "expression"))
        return cls(tuple(sorted(found)))

    def __str__(self) -> str:
        return ", ".join(told(key, values) for key, values in self.tests)

    def fits(self, tags: Tags, setters: Iterable[Setter] = ()) -> tuple[str, ...] | None:
        """What must still be set for the tags to fit; None where they never do."""
        conditions: list[str] = []
        for key, values in self.tests:
            own = tags.get(key, "")
            if own in values:
                continue
            setting = [one for one in setters if one.key == key and one.reaches(tags) and {*one.values} & {*values}]
            if setting:
                later = sorted({value for one in setting for value in one.values} & {*values})
                who = sorted({one.principal.rpartition("/")[2] for one in setting})
                conditions.append(f"{told(key, later)}, which {' or '.join(who)} may set")
            elif unknown(own):
                conditions.append(f"{own} is {' or '.join(values)}")
            else:
                return None
        return tuple(conditions)


@dataclass(frozen=True)
class Setter:
    """Somebody who is granted to set an LF-Tag to one of these values, on tables that `on` fits; any, if it is None."""

    principal: str
    key: str
    values: tuple[str, ...]
    on: tuple[Expression, ...] | None

    def reaches(self, tags: Tags) -> bool:
        """Whether the tags are those of a table on which it may set one."""
        return self.on is None or any(one.fits(tags) is not None for one in self.on)


def told(key: str, values: Iterable[str]) -> str:
    """A key and the values that it may have, in words."""
    return f"{key} = {' or '.join(values)}"


def setters(synthesis: Synthesis, catalogues: Catalogues) -> Mapping[Place, tuple[Setter, ...]]:
    """Who is granted to set LF-Tags of which catalogue. Who is granted tables by name may set them on any."""
    given: dict[Place, list[tuple[str, Json]]] = {}
    on: dict[tuple[Place, str], list[Expression]] = {}
    named: set[tuple[Place, str]] = set()
    for stack in synthesis.stacks.values():
        for _, body in stack.blocks("aws_lakeformation_permissions"):
            who = synthesis.text(stack, str(body.get("principal")))

            def place(block: Json, stack: Stack = stack, body: Json = body) -> Place:
                return catalogues.place(stack, block.get("catalog_id") or body.get("catalog_id"))

            if "ASSOCIATE" in texts(body.get("permissions")):
                for one in nested(body, "lf_tag"):
                    given.setdefault(place(one), []).append((who, one))
            for one in nested(body, "lf_tag_policy"):
                on.setdefault((place(one), who), []).append(Expression.of(one))
            for name in ("database", "table", "table_with_columns"):
                named.update((place(one), who) for one in nested(body, name))
    return {
        at: tuple(
            Setter(
                who,
                str(tag["key"]),
                texts(tag.get("values")),
                None if (at, who) in named or (at, who) not in on else tuple(on[at, who]),
            )
            for who, tag in found
        )
        for at, found in given.items()
    }
