"""`features.lock.json`, beside the YAML: the schemas of central feature groups, as somebody reviewed them.

`relock` writes it, and a pull request shows it. `load` holds YAML and lock together, so that no schema changes
unnoticed; `difference` holds two locks together, so that nobody edits one away.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from environments.load import load
from environments.messages import problems
from environments.reading import FEATURE_LOCK, feature_lock, read
from environments.rules.feature_lock import refused
from environments.yaml_tree import plain
from modules.core.errors import ConfigError, Problem
from modules.feature_store.schema import Change, SchemaLock, changes, renewed


def relock(config: Path) -> tuple[Path, list[Change]]:
    """Bring the lock of the folder `config` up to date; returns its file, and what is new in it.

    Raises ConfigError, and writes nothing, when the YAML is faulty, or changes what may not change any more.
    """
    groups = load(config, locked=False).features
    before = _lock(config)
    after = renewed(before, groups)
    found = list(changes(before, after))
    if breaking := [each for each in found if each.breaking]:
        trees = read(config)
        raise ConfigError([refused(each, trees.features, trees.feature_lock) for each in breaking])
    file = config / FEATURE_LOCK
    if found or not file.exists():
        file.write_text(json.dumps(after.model_dump(mode="json"), indent=2) + "\n", encoding="utf-8")
    return file, found


def difference(old: Path, new: Path) -> list[Change]:
    """What the locks of two folders of configuration differ in. Raises ConfigError when one is faulty."""
    return list(changes(_lock(old), _lock(new)))


def _lock(config: Path) -> SchemaLock:
    found: list[Problem] = []
    tree = feature_lock(config, found)
    if tree is None:
        raise ConfigError(found)
    try:
        return SchemaLock.model_validate_json(json.dumps(plain(tree)))
    except ValidationError as error:
        raise ConfigError(problems(error, tree, SchemaLock)) from None
