"""A feature group with one feature of each kind, for tests of the feature store."""

from __future__ import annotations

from typing import Any

from modules.feature_store.settings import FeatureGroupSpec

NOW = 1_800_000_000.0


def feature_group(**changed: Any) -> FeatureGroupSpec:
    """The group `card-velocity`, with what is `changed`."""
    spec: dict[str, Any] = {
        "feature_group": "card-velocity",
        "team": "fraud",
        "owner": "lead@acme.example",
        "description": "How fast a card was used",
        "sensitivity": "confidential",
        "record_id": "card_id",
        "event_time": "observed_at",
        "features": {
            "card_id": {"type": "string", "description": "Token of the card"},
            "observed_at": {"type": "fractional", "description": "When"},
            "payments": {"type": "integral", "description": "Count", "quality": {"minimum": 0, "maximum": 1000}},
            "spend": {"type": "fractional", "description": "Amount", "quality": {"required": False, "minimum": 0}},
            "channel": {
                "type": "string",
                "description": "How",
                "quality": {"required": False, "one_of": ("chip", "online")},
            },
            "shape": {
                "type": "fractional",
                "description": "Vector",
                "collection": {"kind": "vector", "dimension": 2},
                "quality": {"required": False},
            },
            "shops": {
                "type": "string",
                "description": "Set",
                "collection": {"kind": "set"},
                "quality": {"required": False},
            },
        },
        "online": {"storage": "in-memory", "ttl_days": 30},
        "central": {"reviewer": "someone@acme.example"},
        "operation": {"freshness_minutes": 60, "write_units_per_minute": 1200},
    }
    return FeatureGroupSpec.model_validate(spec | changed)
