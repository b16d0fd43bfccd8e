"""A feature group as the functions of the feature store read it: JSON, the same bytes every time. No cdktf here."""

from __future__ import annotations

import json
from collections.abc import Mapping

from modules.core.naming import Naming
from modules.feature_store.names import group_name
from modules.feature_store.settings import Feature, FeatureGroupSpec


def schema_document(naming: Naming, spec: FeatureGroupSpec) -> str:
    """The schema in SageMaker's words, with what is said of each feature, for `functions/evolve_group`."""
    return _json(
        {
            "feature_group": group_name(naming, spec.feature_group),
            "record_id": spec.record_id,
            "event_time": spec.event_time,
            "features": [_schema(name, feature) for name, feature in spec.features.items()],
        }
    )


def ingest_document(naming: Naming, spec: FeatureGroupSpec) -> str:
    """What `functions/ingest_records` holds a record to, and where it writes it."""
    return _json(
        {
            "name": group_name(naming, spec.feature_group),
            "record_id": spec.record_id,
            "event_time": spec.event_time,
            "online": spec.online is not None,
            "offline": spec.offline,
            "ttl_days": spec.online.ttl_days if spec.online else None,
            "freshness_seconds": spec.operation.freshness_minutes * 60,
            "features": {name: _rules(feature) for name, feature in spec.features.items()},
        }
    )


def _schema(name: str, feature: Feature) -> Mapping[str, object]:
    collection = feature.collection
    return {
        "name": name,
        "type": feature.type.capitalize(),
        "collection": collection.kind.capitalize() if collection else None,
        "dimension": collection.dimension if collection else None,
        "description": feature.description,
        "deprecated": feature.deprecated,
    }


def _rules(feature: Feature) -> Mapping[str, object]:
    quality, collection = feature.quality, feature.collection
    return {
        "type": feature.type,
        "required": quality.required,
        "collection": collection.kind if collection else None,
        "dimension": collection.dimension if collection else None,
        "minimum": quality.minimum,
        "maximum": quality.maximum,
        "one_of": quality.one_of,
    }


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, indent=1, sort_keys=True) + "\n"
