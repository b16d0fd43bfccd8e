"""The rule that central feature groups have the schemas of `features.lock.json`, or are told how to get there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from environments.configuration import Configuration
from environments.yaml_tree import Node
from modules.core.errors import Problem
from modules.feature_store.schema import Change, changes, renewed


def _central_groups_are_as_locked(configuration: Configuration) -> Iterator[Problem]:
    lock = configuration.feature_lock
    if lock is None:  # it is faulty, and said to be so
        return
    trees = {group.content.feature_group: group.tree for group in configuration.features}
    after = renewed(lock.content, (group.content for group in configuration.features))
    for change in changes(lock.content, after):
        if change.group in configuration.feature_names and change.group not in trees:
            continue  # its file is faulty, and said to be so
        yield refused(change, trees, lock.tree) if change.breaking else _unlocked(change, trees, lock.tree)


def refused(change: Change, features: Mapping[str, Node], lock: Node | None) -> Problem:
    """A breaking change, told where the group's file says it, or where the lock does when there is no file."""
    return _at(change, features, lock, f"{change.what}, which is a breaking change: {change.remedy}")


def _unlocked(change: Change, features: Mapping[str, Node], lock: Node) -> Problem:
    return _at(change, features, lock, f"{change.what}, which is not locked: run `mlgov features lock`, and commit it")


def _at(change: Change, features: Mapping[str, Node], lock: Node | None, message: str) -> Problem:
    if change.group in features:
        return features[change.group].problem(change.path or ("feature_group",), message)
    if lock is not None:
        return lock.problem(("groups", change.group), message)
    raise LookupError(f"{change.group} stands in no file")


RULES = (_central_groups_are_as_locked,)
