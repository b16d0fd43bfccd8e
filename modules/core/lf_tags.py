"""The LF-tag ontology: the one vocabulary by which data is described and granted. No cdktf here.

Every table of the organisation carries four LF-tags: whose it is (`domain`), who may see it (`sensitivity`), how far
it is worked up (`layer`) and whether it may be used (`stage`). Columns may be more sensitive than their table.
https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Sensitivity = Literal["public", "internal", "confidential", "restricted"]
Layer = Literal["raw", "curated", "analytics", "features"]
# draft: made, not judged yet. published: its quality rules passed. deprecated: to be left, nobody new gets it.
Publication = Literal["draft", "published", "deprecated"]

SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)  # from the loosest to the tightest
LAYERS: tuple[Layer, ...] = get_args(Layer)
PUBLICATIONS: tuple[Publication, ...] = get_args(Publication)
DOMAIN, SENSITIVITY, LAYER, STAGE = "domain", "sensitivity", "layer", "stage"
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
