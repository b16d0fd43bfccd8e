"""What the function is told of models, and what it counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MODELS = "models.json"  # generated beside this file: name of a declared group -> its `Model`
# Names of metrics: cards that were written, and versions of which evidence is missing.
WRITTEN, INCOMPLETE = "CardsWritten", "VersionsWithoutEvidence"


@dataclass(frozen=True, slots=True)
class Model:
    """A declared model. `facets`: bias is measured of it. `ended`: nobody builds it any more, and it is not served."""

    facets: bool
    ended: bool
