"""The LF-tag ontology: the one vocabulary by which data is described and granted. No cdktf here.

Every table of the organisation carries four LF-tags: whose it is (`domain`), who may see it (`sensitivity`), how far
it is worked up (`layer`) and whether it may be used (`stage`). Columns may be more sensitive than their table.
https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from modules.core.errors import ConfigError

Sensitivity = Literal["public", "internal", "confidential", "restricted"]
Layer = Literal["raw", "curated", "analytics", "features"]
# draft: made, not judged yet. published: its quality rules passed. deprecated: to be left, nobody new gets it.
Publication = Literal["draft", "published", "deprecated"]

SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)  # from the loosest to the tightest
LAYERS: tuple[Layer, ...] = get_args(Layer)
PUBLICATIONS: tuple[Publication, ...] = get_args(Publication)
DOMAIN, SENSITIVITY, LAYER, STAGE = "domain", "sensitivity", "layer", "stage"
# What may stand under these keys; under the others stand names of the organisation's own.
_VALUES: Mapping[str, tuple[str, ...]] = {LAYER: LAYERS, SENSITIVITY: SENSITIVITIES, STAGE: PUBLICATIONS}
# How many values of one key an expression may name: a grant with more is refused by the API.
MOST_VALUES = 50
FEATURE_GROUP = "feature_group"  # a fifth key, where feature groups are catalogued: they are granted one by one


def vocabulary(domains: Sequence[str], feature_groups: Sequence[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Every LF-tag key of a catalogue with its values, sorted by key.

    `domains` are whose data is in it: names of data domains, and of teams whose feature groups are in it.
    """
    groups = {FEATURE_GROUP: tuple(sorted(feature_groups))} if feature_groups else {}
    return {
        DOMAIN: tuple(sorted(set(domains))),
        **groups,
        LAYER: LAYERS,
        SENSITIVITY: SENSITIVITIES,
        STAGE: PUBLICATIONS,
    }


def up_to(highest: Sensitivity) -> tuple[Sensitivity, ...]:
    """What somebody cleared for `highest` may see: it, and all that is less sensitive."""
    return SENSITIVITIES[: SENSITIVITIES.index(highest) + 1]


def check(key: str, values: Sequence[str]) -> None:
    """Raise ConfigError for a key that the ontology does not have, no value or too many, or one that the key has not.

    Types say the same where the caller is typed; a library may be called with any text.
    """
    if key not in (DOMAIN, FEATURE_GROUP, *_VALUES):
        raise ConfigError(f"there is no LF-tag {key!r} (known: {DOMAIN}, {FEATURE_GROUP}, {', '.join(_VALUES)})")
    if not values:
        raise ConfigError(f"the LF-tag {key!r} needs a value")
    if len(values) > MOST_VALUES:
        raise ConfigError(f"the LF-tag {key!r} has {len(values)} values: one expression names {MOST_VALUES} at most")
    known = _VALUES.get(key, tuple(values))
    if unknown := [value for value in values if value not in known]:
        raise ConfigError(f"the LF-tag {key!r} has no value {unknown[0]!r} (known: {', '.join(known)})")
