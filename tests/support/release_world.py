"""AWS as the functions that follow approvals see it: a registry with cards, a table, pipelines, a topic, files."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.response import StreamingBody

from tests.support.recording import Refusal

GROUP = "acme-prod-fraud-card-fraud"
FILES = "s3://acme-prod-ml-models/models/fraud/card-fraud/3/"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUALITY = {
    "binary_classification_metrics": {"roc_auc": {"value": 0.91, "standard_deviation": "NaN"}, "f1": {"value": 0.7}},
    "rows": 5000,
}
_FACET = {"value_or_threshold": "online", "metrics": [{"name": "DPL", "value": 0.02}, {"name": "KL", "value": None}]}
REPORTS: dict[str, Any] = {
    "quality.json": QUALITY,
    "explained.json": {
        "explanations": {"kernel_shap": {"label0": {"global_shap_values": {"amount": 0.3, "hour": 0.5}}}}
    },
    "before.json": {"pre_training_bias_metrics": {"label": "is_fraud", "facets": {"last_channel": [_FACET]}}},
    "after.json": {"post_training_bias_metrics": {"label": "is_fraud", "facets": {"last_channel": [_FACET]}}},
}
CARD = {
    "model_overview": {"model_name": GROUP, "model_owner": "fraud@acme.example"},
    "intended_uses": {"risk_rating": "High", "explanations_for_risk_rating": "Payments are refused."},
    "additional_information": {"custom_details": {"project": "card-fraud", "gate": "roc_auc at least 0.85"}},
}


def arn(version: int, group: str = GROUP) -> str:
    """The ARN of a version in the central registry."""
    return f"arn:aws:sagemaker:eu-west-1:999999999999:model-package/{group}/{version}"


class World:
    """What stands for AWS in tests: change it, then hand `answers` to `recording`."""

    def __init__(self) -> None:
        self.approvals: dict[int, str] = {}
        self.changed: dict[int, datetime] = {}
        self.cards: list[tuple[str, dict[str, Any]]] = [("Draft", CARD)]
        self.exports: list[dict[str, Any]] = []
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.started: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        self.files = {f"{FILES}{name}": json.dumps(report).encode() for name, report in REPORTS.items()}
        self.broken: dict[str, str] = {}
        self._hours = 0

    def decide(self, version: int, approval: str) -> None:
        """Somebody registers the version, or decides on it."""
        self._hours += 1
        self.approvals[version], self.changed[version] = approval, START + timedelta(hours=self._hours)

    @property
    def answers(self) -> dict[str, Any]:
        """By operation; what `broken` names is refused with that code instead."""
        known: dict[str, Callable[..., Any]] = {
            "sagemaker:DescribeModelPackage": self._describe,
            "sagemaker:ListModelPackages": self._list,
            "sagemaker:DescribeModelCard": self._card,
            "sagemaker:ListModelCardVersions": self._card_versions,
            "sagemaker:UpdateModelCard": self._update_card,
            "sagemaker:ListModelCardExportJobs": lambda **_: {"ModelCardExportJobSummaries": self.exports},
            "sagemaker:CreateModelCardExportJob": self._export,
            "codepipeline:StartPipelineExecution": self._start,
            "dynamodb:Query": lambda **_: {"Items": list(self.items.values())},
            "dynamodb:PutItem": lambda **request: self.put(request["Item"]),
            "sns:Publish": lambda **request: self.told.append(request),
            "s3:GetObject": self._file,
        }
        return {name: self._refusing(name, answer) for name, answer in known.items()}

    def put(self, item: dict[str, Any]) -> None:
        """Put an item into the table."""
        self.items[item["project"]["S"], item["account"]["S"]] = item

    def _refusing(self, name: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        return lambda **request: Refusal(self.broken[name]) if name in self.broken else answer(**request)

    def _describe(self, ModelPackageName: str) -> dict[str, Any]:
        group, _, number = ModelPackageName.partition("model-package/")[2].rpartition("/")
        version = int(number)

        def source(name: str) -> dict[str, str]:
            return {"ContentType": "application/json", "S3Uri": f"{FILES}{name}"}

        return {
            "ModelPackageArn": ModelPackageName,
            "ModelPackageGroupName": group,
            "ModelPackageVersion": version,
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": self.approvals[version],
            "CreationTime": START,
            "LastModifiedTime": self.changed[version],
            "CreatedBy": {"IamIdentity": {"Arn": "arn:aws:sts::999999999999:assumed-role/acme-prod-model-sync/a"}},
            "LastModifiedBy": {"IamIdentity": {"Arn": "arn:aws:sts::999999999999:assumed-role/lead/ada"}},
            "InferenceSpecification": {
                "Containers": [{"Image": "image@sha256:1", "ModelDataUrl": f"{FILES}model.tgz"}]
            },
            "ModelMetrics": {
                "ModelQuality": {"Statistics": source("quality.json")},
                "Explainability": {"Report": source("explained.json")},
                "Bias": {"PreTrainingReport": source("before.json"), "PostTrainingReport": source("after.json")},
            },
            "MetadataProperties": {"CommitId": "abc", "GeneratedBy": "acme-dev-card-fraud"},
            "CustomerMetadataProperties": {"dataset": "payments.cards.card_payment", "source_version": "3"},
        }

    def _list(self, ModelPackageGroupName: str, ModelApprovalStatus: str = "", **_: Any) -> dict[str, Any]:
        found = [
            {
                "ModelPackageArn": arn(version, ModelPackageGroupName),
                "ModelPackageVersion": version,
                "ModelApprovalStatus": approval,
            }
            for version, approval in self.approvals.items()
            if ModelPackageGroupName == GROUP and approval.startswith(ModelApprovalStatus)
        ]
        return {"ModelPackageSummaryList": found}

    def _card(self, ModelCardName: str, ModelCardVersion: int = 0) -> dict[str, Any]:
        number = ModelCardVersion or len(self.cards)
        status, content = self.cards[number - 1]
        return {"ModelCardVersion": number, "ModelCardStatus": status, "Content": json.dumps(content)}

    def _card_versions(self, ModelCardName: str) -> dict[str, Any]:
        return {"ModelCardVersionSummaryList": [{"ModelCardVersion": place + 1} for place in range(len(self.cards))]}

    def _update_card(self, ModelCardName: str, Content: str = "", ModelCardStatus: str = "") -> None:
        assert bool(Content) != bool(ModelCardStatus), "SageMaker takes the content or the status"
        status, content = self.cards[-1]
        if Content:
            self.cards.append((status, json.loads(Content)))
        else:
            self.cards[-1] = (ModelCardStatus, content)

    def _export(self, **request: Any) -> None:
        self.exports.append({"ModelCardVersion": request["ModelCardVersion"], "Status": "InProgress", **request})

    def _start(self, **request: Any) -> dict[str, str]:
        tokens = [each["clientRequestToken"] for each in self.started]
        if request["clientRequestToken"] not in tokens:
            self.started.append(request)
            tokens.append(request["clientRequestToken"])
        return {"pipelineExecutionId": f"execution-{tokens.index(request['clientRequestToken']) + 1}"}

    def _file(self, Bucket: str, Key: str) -> Any:
        content = self.files.get(f"s3://{Bucket}/{Key}")
        if content is None:
            return Refusal("NoSuchKey")
        return {"Body": StreamingBody(io.BytesIO(content), len(content))}
