"""What may not change any more of a feature group that others use: its schema, as it was locked. No cdktf here.

SageMaker adds features to a group and changes nothing else of its schema: Terraform would replace the group, and all
its records with it. So the schema of each central group is written down, and only what adds to it is let through
(docs/adr/0025-the-feature-store.md).
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from modules.core.settings import Strict, TeamName
from modules.feature_store.settings import Feature, FeatureGroupName, FeatureGroupSpec, FeatureName, Reach

# active: in use. deprecated: read by those who read it, by nobody new. retired: gone from YAML, kept in AWS; its name
# is never given to another schema.
LockedStage = Literal["active", "deprecated", "retired"]


class LockedGroup(Strict):
    """The schema of one central group of `team`. `features`: name -> type, such as `fractional vector(64)`.

    `readers` are those to whom a group that is not active any more is shared.
    """

    stage: LockedStage = "active"
    team: TeamName
    record_id: FeatureName
    event_time: FeatureName
    online: Literal["standard", "in-memory"] | None
    offline: bool
    features: dict[FeatureName, str]
    readers: tuple[str, ...] = ()


class SchemaLock(Strict):
    """`features.lock.json`: every group that is, or ever was, in the central store."""

    groups: dict[FeatureGroupName, LockedGroup] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two locks: what it is, where YAML says it within the group's file, and, when it breaks
    what others rely on, the `remedy`. Without a remedy it only adds.
    """

    group: str
    path: tuple[str, ...]
    what: str
    remedy: str = ""

    @property
    def breaking(self) -> bool:
        """Whether the change is refused."""
        return bool(self.remedy)

    def __str__(self) -> str:
        return " ".join(part for part in (self.group, ".".join(self.path), self.what) if part)


def renewed(before: SchemaLock, groups: Iterable[FeatureGroupSpec]) -> SchemaLock:
    """The lock as these groups make it. One that was locked and is not central any more is retired, never forgotten."""
    now = {group.feature_group: _locked(group) for group in groups if group.central}
    gone = {
        name: locked.model_copy(update={"stage": "retired"})
        for name, locked in before.groups.items()
        if name not in now
    }
    return SchemaLock(groups=dict(sorted({**now, **gone}.items())))


def changes(before: SchemaLock, after: SchemaLock) -> Iterator[Change]:
    """What is different in `after`, breaking or not, by group."""
    for name, locked in after.groups.items():
        known = before.groups.get(name)
        if known is None:
            yield Change(name, (), "is new in the central store")
        else:
            yield from _of_group(name, known, locked)
    for name in sorted(before.groups.keys() - after.groups.keys()):
        yield Change(name, (), "is not in the lock any more", "put it back: its name must not get another schema")


def type_of(feature: Feature) -> str:
    """The type of a feature in one text."""
    if (collection := feature.collection) is None:
        return feature.type
    size = f"({collection.dimension})" if collection.dimension else ""
    return f"{feature.type} {collection.kind}{size}"


def successor(group: str) -> str:
    """The name of the group that takes the place of `group` with another schema: `-v2`, then `-v3` and so on."""
    if found := re.fullmatch(r"(.*)-v([1-9][0-9]*)", group):
        return f"{found[1]}-v{int(found[2]) + 1}"
    return f"{group}-v2"


def _locked(group: FeatureGroupSpec) -> LockedGroup:
    access = group.central.access if group.central else None
    levels = {"read": access.read, "read_write": access.read_write, "admin": access.admin} if access else {}
    readers = sorted(f"{level} {who}" for level, reach in levels.items() for who in _who(reach))
    return LockedGroup(
        stage="deprecated" if group.deprecated else "active",
        team=group.team,
        record_id=group.record_id,
        event_time=group.event_time,
        online=group.online.storage if group.online else None,
        offline=group.offline,
        features={name: type_of(feature) for name, feature in sorted(group.features.items())},
        readers=tuple(readers) if group.deprecated else (),
    )


def _who(reach: Reach) -> list[str]:
    return [*(f"team {name}" for name in reach.teams), *(f"unit {key}" for key in reach.units)]


def _of_group(name: str, before: LockedGroup, after: LockedGroup) -> Iterator[Change]:
    instead = f"or contribute {successor(name)} and deprecate this group"
    if (before.stage, after.stage) == ("active", "retired"):
        remedy = "put it back with `deprecated: <what to use instead>`, and remove it when its readers have moved"
        yield Change(name, (), "has left the central store without being deprecated", remedy)
    elif after.stage != before.stage:
        yield Change(name, (), f"is {after.stage}, and was {before.stage}")
    if before.team != after.team:
        yield Change(name, ("team",), f"is {after.team}, and was {before.team}")
    for key in ("record_id", "event_time", "online", "offline"):
        was, now = _said(getattr(before, key)), _said(getattr(after, key))
        if was != now:
            yield Change(name, (key,), f"is {now}, and was {was}", f"change it back, {instead}")
    for feature in sorted(before.features.keys() | after.features.keys()):
        old, new = before.features.get(feature), after.features.get(feature)
        if old is None:
            yield Change(name, ("features", feature), f"is a new feature of type {new}")
        elif new is None:
            remedy = f"put it back, marked by `deprecated`, {instead}"
            yield Change(name, ("features",), f"has lost the feature {feature} of type {old}", remedy)
        elif old != new:
            remedy = f"change it back and add a feature of another name, {instead}"
            yield Change(name, ("features", feature), f"is of type {new}, and was of type {old}", remedy)
    yield from _of_readers(name, before, after)


def _of_readers(name: str, before: LockedGroup, after: LockedGroup) -> Iterator[Change]:
    if (before.stage, after.stage) != ("deprecated", "deprecated") or before.readers == after.readers:
        return
    path = ("central", "access")
    if added := sorted(set(after.readers) - set(before.readers)):
        what = f"gives a deprecated group to somebody new ({', '.join(added)})"
        yield Change(name, path, what, f"take that out, and share {successor(name)} or what else replaces it")
    else:
        yield Change(name, path, "shares a deprecated group with fewer")


def _said(value: str | bool | None) -> str:
    return {None: "left out", True: "true", False: "false"}[value] if not isinstance(value, str) else value
