"""What is said on the central event bus: each kind of event with its schema. No cdktf here.

A consumer may rely on what a schema requires, and must bear what it does not name: AWS adds fields to events.
https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Schema = Mapping[str, object]

_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_WHOLE: Schema = {"type": "integer", "minimum": 1}
# https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
_ENVELOPE: Mapping[str, Schema] = {
    "version": _TEXT,
    "id": _TEXT,
    "account": {"type": "string", "pattern": "^[0-9]{12}$"},
    "time": _TIME,
    "region": _TEXT,
    "resources": {"type": "array", "items": _TEXT},
}


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: who sends it, what it is called, what it says, and which of that it always says."""

    source: str
    detail_type: str
    description: str
    detail: Mapping[str, Schema]
    required: Sequence[str]

    @property
    def schema_name(self) -> str:
        """What the schema is called in our registry: as in AWS's own, whose names begin with `aws.`."""
        return f"{self.source.removeprefix('aws.')}@{self.detail_type.replace(' ', '')}"

    def schema(self) -> Schema:
        """The whole event as a JSON Schema, draft 4: what EventBridge's registry takes."""
        return {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "title": self.detail_type,
            "description": self.description,
            "type": "object",
            "required": ["detail", "detail-type", "source", *_ENVELOPE],
            "properties": {
                **_ENVELOPE,
                "source": {"enum": [self.source]},
                "detail-type": {"enum": [self.detail_type]},
                "detail": {"type": "object", "required": list(self.required), "properties": dict(self.detail)},
            },
        }


MODEL_PACKAGE = EventKind(
    source="aws.sagemaker",
    detail_type="SageMaker Model Package State Change",
    description="A version of a model was registered, or its approval or its stage changed",
    detail={
        "ModelPackageGroupName": _TEXT,
        "ModelPackageVersion": _WHOLE,
        "ModelPackageArn": {"type": "string", "pattern": "^arn:aws[a-z-]*:sagemaker:"},
        "CreationTime": _TIME,
        "ModelPackageStatus": {"enum": ["Pending", "InProgress", "Completed", "Failed", "Deleting"]},
        "ModelApprovalStatus": {"enum": ["Approved", "Rejected", "PendingManualApproval"]},
        "ModelLifeCycle": {"type": "object"},
        "InferenceSpecification": {"type": "object"},
        "MetadataProperties": {"type": "object"},
        "CustomerMetadataProperties": {"type": "object"},
        "CreatedBy": {"type": "object"},
        "LastModifiedBy": {"type": "object"},
    },
    required=("ModelPackageArn", "ModelPackageStatus"),
)
MODEL_DRIFT = EventKind(
    source="mlgov.operations",
    detail_type="Model Drift Detected",
    description="A monitor of a served model found violations in so many runs in a row that something is to follow",
    detail={
        "project": _TEXT,
        "kind": {"enum": ["data-quality", "model-bias", "model-explainability", "model-quality"]},
        "response": {"enum": ["retrain", "rollback"]},
        "runs": _WHOLE,
        "opened": _TIME,
        "job": _TEXT,
        "account": {"type": "string", "pattern": "^[0-9]{12}$"},
        "model_package_arn": {"type": "string", "pattern": "^arn:aws[a-z-]*:sagemaker:"},
        "version": _TEXT,
    },
    required=("project", "kind", "response", "runs", "opened", "job", "account", "model_package_arn", "version"),
)
EVENT_KINDS: tuple[EventKind, ...] = (MODEL_DRIFT, MODEL_PACKAGE)


def known_events(*kinds: EventKind) -> Mapping[str, Sequence[str]]:
    """The event pattern of these kinds; of every kind that is known here where none is given."""
    known = kinds or EVENT_KINDS
    return {
        "source": sorted({kind.source for kind in known}),
        "detail-type": sorted({kind.detail_type for kind in known}),
    }


def events_of_models(prefix: str) -> Mapping[str, object]:
    """The event pattern of what happens to versions in model groups whose names begin with `prefix`."""
    return {
        "source": [MODEL_PACKAGE.source],
        "detail-type": [MODEL_PACKAGE.detail_type],
        "detail": {"ModelPackageGroupName": [{"prefix": prefix}]},
    }
