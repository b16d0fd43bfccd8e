"""Rules of environments' files and of who hears of alarms: nothing is set where it would do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.vocabulary import Stage
from environments.yaml_tree import Node, Path
from modules.core.errors import Problem
from modules.observability.alarm_events import OPERATORS, SECURITY

_ONCE: tuple[Path, ...] = (
    ("cost_reporting", "billing"),
    ("cost_reporting", "exports"),
    ("cost_reporting", "reports"),
    ("cost_reporting", "split"),
    ("cost_reporting", "usage"),
    ("observability", "config_history"),
    ("observability", "intake"),
    ("observability", "log_queries"),
    ("observability", "logs"),
    ("observability", "security_lake"),
    ("observability", "trail"),
)
_USAGE: Path = ("cost_reporting", "usage")
_ALARMS: Path = ("observability", "alarms")
# Apps are stopped in accounts for development alone.
_STOPPED: Stage = "dev"


def _what_there_is_once_is_set_once(configuration: Configuration) -> Iterator[Problem]:
    for stage, tree in configuration.stages.items():
        for path in _ONCE:
            for key in _set(tree, path):
                if (path, key) == (_USAGE, "stop"):
                    if stage != _STOPPED:
                        message = f"is of {_STOPPED} alone and would do nothing here: write it in {_STOPPED}.yaml"
                        yield tree.problem((*path, key), message)
                else:
                    message = "is of the whole organisation and would do nothing here: write it in organization.yaml"
                    yield tree.problem((*path, key), message)


def _alarms_are_set_where_they_are_heard(configuration: Configuration) -> Iterator[Problem]:
    accounts = configuration.organization.content.accounts.values()
    heard = {account.environment for account in accounts if "observability" in account.roles}
    for stage, tree in configuration.stages.items():
        if stage not in heard:
            for key in _set(tree, _ALARMS):
                files = ", ".join(f"{'organization' if each == 'org' else each}.yaml" for each in sorted(heard))
                message = f"would do nothing here: {stage} has no observability account of its own; write it in"
                yield tree.problem((*_ALARMS, key), f"{message} {files or 'organization.yaml'}")


def _channels_are_of_who_there_is(configuration: Configuration) -> Iterator[Problem]:
    known = {OPERATORS, SECURITY, *configuration.team_names}
    path = (*_ALARMS, "chat", "channels")
    for tree in (configuration.organization.tree, *configuration.stages.values()):
        for listener in _set(tree, path):
            if listener not in known:
                yield tree.problem(
                    (*path, listener), f"is no team, nor {OPERATORS} or {SECURITY}{suggestion(listener, known)}"
                )


def _set(tree: Node, path: Path) -> list[str]:
    """The keys of the mapping at `path`; none where it is not there."""
    node: Node | None = tree
    for part in path:
        node = node.child(part) if node else None
    return [*node.value] if node and isinstance(node.value, Mapping) else []


RULES = (_what_there_is_once_is_set_once, _alarms_are_set_where_they_are_heard, _channels_are_of_who_there_is)
