"""A small AWS for the function that promotes models: two accounts' buckets, registries and images, a table, a queue.

It answers calls that botocore has checked (`tests/support/recording.py`), and fails or dies when a test says so.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from modules.ml_operations.functions.promote_model.claims import Claims
from modules.ml_operations.functions.promote_model.files import Files
from modules.ml_operations.functions.promote_model.handler import Worker
from modules.ml_operations.functions.promote_model.images import Images
from modules.ml_operations.functions.promote_model.look import Look
from modules.ml_operations.functions.promote_model.origin import Account, Origins
from modules.ml_operations.functions.promote_model.promotion import Promotion
from tests.support.recording import Refusal

DEV, HERE, SHARED, AWS = "222222222222", "999999999999", "777777777777", "141502667606"
BUCKET, CENTRAL, RUN = "acme-dev-ml--card-fraud", "acme-prod-ml-models", "runs/r1/"
GROUP = "acme-prod-fraud-card-fraud"
SOURCE = f"arn:aws:sagemaker:eu-west-1:{DEV}:model-package/acme-dev-fraud-card-fraud/7"
QUEUE = f"https://sqs.eu-west-1.amazonaws.com/{HERE}/acme-prod-model-promotions"
DEAD = f"https://sqs.eu-west-1.amazonaws.com/{HERE}/acme-prod-model-sync-dead-letters"
MADE = datetime(2026, 11, 20, 4, tzinfo=UTC)
AUTHOR = f"arn:aws:sts::{DEV}:assumed-role/acme-dev-fraud-pipeline/SageMaker"
LEAD = f"arn:aws:sts::{DEV}:assumed-role/AWSReservedSSO_team-lead_1a2b/jo@acme.example"
DIGEST = "sha256:" + "d" * 64
XGBOOST = f"{AWS}.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"


class KilledError(BaseException):
    """The run is gone: nothing that it would have done comes after."""


def uri(path: str) -> str:
    """A file of the run that made the version."""
    return f"s3://{BUCKET}/{RUN}{path}"


def _source(path: str) -> dict[str, str]:
    return {"ContentType": "application/json", "S3Uri": uri(path)}


def version() -> dict[str, Any]:
    """A version as the templates' pipelines register it, approved by the team's lead."""
    both = {"Statistics": _source("dq/statistics.json"), "Constraints": _source("dq/constraints.json")}
    return {
        "ModelPackageGroupName": "acme-dev-fraud-card-fraud",
        "ModelPackageVersion": 7,
        "ModelPackageArn": SOURCE,
        "ModelPackageDescription": "Scores card payments",
        "CreationTime": MADE,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "ModelApprovalStatus": "Approved",
        "LastModifiedTime": MADE + timedelta(hours=5),
        "CreatedBy": {"IamIdentity": {"Arn": AUTHOR, "PrincipalId": "AROA1:SageMaker"}},
        "LastModifiedBy": {"IamIdentity": {"Arn": LEAD, "PrincipalId": "AROA2:jo@acme.example"}},
        "InferenceSpecification": {
            "Containers": [
                {
                    "Image": XGBOOST,
                    "ImageDigest": DIGEST,
                    "ModelDataUrl": uri("train/model.tar.gz"),
                    "ModelDataETag": "of-dev",
                    "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
                }
            ],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
        "ModelMetrics": {
            "ModelQuality": {"Statistics": _source("evaluation.json")},
            "ModelDataQuality": both,
            "Bias": {"PostTrainingReport": _source("bias/analysis.json")},
            "Explainability": {"Report": _source("shap/analysis.json")},
        },
        "DriftCheckBaselines": {
            "ModelQuality": {"Constraints": _source("mq/constraints.json")},
            "ModelDataQuality": both,
            "Bias": {
                "PreTrainingConstraints": _source("bias/before.json"),
                "PostTrainingConstraints": _source("bias/analysis.json"),
            },
            "Explainability": {"Constraints": _source("shap/analysis.json")},
        },
        "SamplePayloadUrl": uri("samples.jsonl"),
        "CustomerMetadataProperties": {"project": "card-fraud", "commit": "abc", "dataset": "s3://lake/data"},
        "MetadataProperties": {"CommitId": "abc", "ProjectId": "card-fraud"},
    }


FILES = (
    "train/model.tar.gz",
    "evaluation.json",
    "dq/statistics.json",
    "dq/constraints.json",
    "mq/constraints.json",
    "bias/analysis.json",
    "bias/before.json",
    "shap/analysis.json",
    "samples.jsonl",
)


def event(status: str = "Approved", arn: str = SOURCE, account: str = DEV) -> str:
    """The body of a message: an event as EventBridge sends it."""
    detail = {"ModelPackageArn": arn, "ModelPackageStatus": "Completed", "ModelApprovalStatus": status}
    return json.dumps({"account": account, "source": "aws.sagemaker", "detail": detail})


class World:
    """What AWS holds. `answers` is what `recording` asks: all that a test needs, by operation."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.reset()

    def reset(self) -> None:
        """As it is before the first event."""
        self.versions: dict[str, dict[str, Any]] = {SOURCE: version()}
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        for path in FILES:
            self.put(path, path.encode())
        self.table: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.hidden: list[int] = []
        self.now = 1_000_000.0
        self.asked: list[str] = []
        self.faults: dict[int, BaseException | Refusal] = {}
        self.refused: dict[str, Refusal] = {}
        self.images: dict[tuple[str, str], dict[str, Any]] = {}
        self.layers: dict[tuple[str, str], bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, tuple[int, int]]] = {}

    def put(self, path: str, content: bytes, size: int | None = None) -> None:
        """A file of the run; `size` says that it is larger than it is."""
        self._store(BUCKET, f"{RUN}{path}", content, len(content) if size is None else size, {})

    def deliver(self, *bodies: str, tries: int = 1) -> list[str]:
        """One run of the function on these messages; returns which are to be tried again."""
        records = [
            {
                "messageId": str(number),
                "receiptHandle": str(number),
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(tries)},
            }
            for number, body in enumerate(bodies)
        ]
        assert self.worker is not None
        return [each["itemIdentifier"] for each in self.worker.batch({"Records": records})["batchItemFailures"]]

    @property
    def copies(self) -> list[dict[str, Any]]:
        """The central versions."""
        return [each for arn, each in self.versions.items() if f":{HERE}:" in arn]

    def copied(self) -> dict[str, bytes]:
        """The files in the central bucket, by their key."""
        return {key: each["content"] for (bucket, key), each in self.objects.items() if bucket == CENTRAL}

    # What `recording` sees: a mapping of answers.
    def __contains__(self, operation: str) -> bool:
        return hasattr(self, operation.replace(":", "_"))

    def __getitem__(self, operation: str) -> Any:
        def answer(**params: Any) -> Any:
            self.asked.append(operation)
            fault = self.faults.get(len(self.asked)) or self.refused.get(operation)
            if isinstance(fault, BaseException):
                self.faults = dict.fromkeys(range(len(self.asked), len(self.asked) + 99), fault)  # dead stays dead
                raise fault
            return fault or getattr(self, operation.replace(":", "_"))(**params)

        return answer

    def get(self, operation: str) -> Any:
        """As of a mapping."""
        return self[operation]

    def sagemaker_DescribeModelPackage(self, ModelPackageName: str) -> dict[str, Any]:
        return deepcopy(self.versions[ModelPackageName])

    def sagemaker_ListModelPackages(self, ModelPackageGroupName: str, **_: Any) -> dict[str, Any]:
        """The central versions of a group by its name, and those of the group in dev by its ARN."""
        if ModelPackageGroupName == f"arn:aws:sagemaker:eu-west-1:{DEV}:model-package-group/acme-dev-fraud-card-fraud":
            found = [each for arn, each in self.versions.items() if f":{DEV}:" in arn]
            found = [each for each in found if each["ModelApprovalStatus"] == "Approved"]
        else:
            found = [each for each in self.copies if each["ModelPackageGroupName"] == ModelPackageGroupName]
        keys = ("ModelPackageArn", "ModelPackageVersion")
        return {"ModelPackageSummaryList": [{key: each[key] for key in keys if key in each} for each in found]}

    def sagemaker_CreateModelPackage(self, **request: Any) -> dict[str, Any]:
        name = f"{request['ModelPackageGroupName']}/{len(self.copies) + 1}"
        arn = f"arn:aws:sagemaker:eu-west-1:{HERE}:model-package/{name}"
        self.versions[arn] = {**request, "ModelPackageArn": arn, "CreationTime": MADE + timedelta(hours=6)}
        return {"ModelPackageArn": arn}

    def s3_HeadObject(self, Bucket: str, Key: str, ChecksumMode: str | None = None) -> Any:
        found = self.objects.get((Bucket, Key))
        if found is None:
            return Refusal("404")
        head = {name: value for name, value in found.items() if name not in ("content", "ChecksumSHA256")}
        return {**head, "ChecksumSHA256": found["ChecksumSHA256"]} if ChecksumMode else head

    def s3_ListObjectsV2(self, Bucket: str, Prefix: str, **_: Any) -> dict[str, Any]:
        found = [key for bucket, key in sorted(self.objects) if bucket == Bucket and key.startswith(Prefix)]
        return {"Contents": [{"Key": key} for key in found]}

    def s3_CopyObject(self, Bucket: str, Key: str, CopySource: Any, Metadata: dict[str, str], **_: Any) -> Any:
        found = self.objects[CopySource["Bucket"], CopySource["Key"]]
        kept = self._store(Bucket, Key, found["content"], found["ContentLength"], Metadata)
        return {"CopyObjectResult": {"ChecksumSHA256": kept["ChecksumSHA256"]}}

    def s3_PutObject(self, Bucket: str, Key: str, Body: Any, **_: Any) -> dict[str, Any]:
        content = Body if isinstance(Body, bytes) else Body.read()
        self._store(Bucket, Key, content, len(content), {})
        return {}

    def s3_CreateMultipartUpload(self, Bucket: str, Key: str, **_: Any) -> dict[str, Any]:
        self.parts[Key] = {}
        return {"UploadId": Key}

    def s3_UploadPartCopy(self, Key: str, PartNumber: int, CopySourceRange: str, **_: Any) -> dict[str, Any]:
        first, dash, last = CopySourceRange.removeprefix("bytes=").partition("-")
        assert dash
        self.parts[Key][PartNumber] = (int(first), int(last))
        return {"CopyPartResult": {"ETag": f"e{PartNumber}", "ChecksumSHA256": f"c{PartNumber}"}}

    def s3_CompleteMultipartUpload(self, Bucket: str, Key: str, MultipartUpload: Any, **_: Any) -> dict[str, Any]:
        parts = MultipartUpload["Parts"]
        assert [each["PartNumber"] for each in parts] == list(range(1, len(parts) + 1))
        self._store(Bucket, Key, b"whole", max(last for _, last in self.parts[Key].values()) + 1, {})
        return {"ChecksumSHA256": f"sum-{len(parts)}"}

    def dynamodb_PutItem(self, Item: dict[str, Any], **condition: Any) -> Any:
        key = Item["source_version"]["S"]
        held = self.table.get(key)
        if condition.get("ConditionExpression") and held and float(held["expires_at"]["N"]) >= self.now:
            return Refusal("ConditionalCheckFailedException", {"Item": held})
        self.table[key] = Item
        return {}

    def dynamodb_DeleteItem(self, Key: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.table.pop(Key["source_version"]["S"], None)
        return {}

    def sqs_SendMessage(self, **message: Any) -> dict[str, Any]:
        assert message["QueueUrl"] in (DEAD, QUEUE)
        (self.messages if message["QueueUrl"] == DEAD else self.sent).append(message)
        return {}

    def sqs_ChangeMessageVisibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> Any:
        assert QueueUrl == QUEUE
        self.hidden.append(VisibilityTimeout)
        return {}

    def ecr_BatchGetImage(self, registryId: str, repositoryName: str, imageIds: Any, **_: Any) -> dict[str, Any]:
        (wanted,) = imageIds
        digest = wanted.get("imageDigest", DIGEST)
        found = self.images.get((f"{registryId}/{repositoryName}", digest))
        return {"images": [found] if found else [], "failures": [] if found else [{"failureReason": "no such image"}]}

    def ecr_BatchCheckLayerAvailability(
        self, registryId: str, repositoryName: str, layerDigests: list[str]
    ) -> dict[str, Any]:
        there = (f"{registryId}/{repositoryName}", layerDigests[0]) in self.layers
        return {"layers": [{"layerAvailability": "AVAILABLE" if there else "UNAVAILABLE"}]}

    def ecr_GetDownloadUrlForLayer(self, registryId: str, repositoryName: str, layerDigest: str) -> dict[str, str]:
        return {"downloadUrl": f"{registryId}/{repositoryName}|{layerDigest}"}

    def ecr_InitiateLayerUpload(self, registryId: str, repositoryName: str) -> dict[str, Any]:
        upload = f"{registryId}/{repositoryName}"
        self.uploads[upload] = b""
        return {"uploadId": upload, "partSize": 4}

    def ecr_UploadLayerPart(
        self, uploadId: str, partFirstByte: int, partLastByte: int, layerPartBlob: bytes, **_: Any
    ) -> dict[str, Any]:
        assert partFirstByte == len(self.uploads[uploadId])
        assert partLastByte == partFirstByte + len(layerPartBlob) - 1
        self.uploads[uploadId] += layerPartBlob
        return {}

    def ecr_CompleteLayerUpload(self, uploadId: str, layerDigests: list[str], **_: Any) -> dict[str, Any]:
        self.layers[uploadId, layerDigests[0]] = self.uploads[uploadId]
        return {}

    def ecr_PutImage(self, registryId: str, repositoryName: str, imageDigest: str, **image: Any) -> dict[str, Any]:
        self.images[f"{registryId}/{repositoryName}", imageDigest] = image
        return {}

    def fetch(self, url: str, size: int) -> Iterator[bytes]:
        """A layer's bytes, in parts."""
        place, _, digest = url.partition("|")
        content = self.layers[place, digest]
        yield from (content[first : first + size] for first in range(0, len(content), size))

    def _store(self, bucket: str, key: str, content: bytes, size: int, metadata: dict[str, str]) -> dict[str, Any]:
        kept = {
            "content": content,
            "ContentLength": size,
            "ContentType": "application/json",
            "ETag": f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"',
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            "Metadata": metadata,
        }
        self.objects[bucket, key] = kept
        return kept


def work(world: World) -> Worker:
    """The function, as its environment would set it up, on clients that are made now."""
    models = boto3.client("sagemaker")
    origins = Origins({DEV: Account("acme-dev", ["fraud"])}, "acme-prod")
    return Worker(
        Promotion(
            models=models,
            origins=origins,
            claims=Claims(boto3.client("dynamodb"), "acme-prod-model-promotions", 960, lambda: world.now),
            files=Files(boto3.client("s3"), CENTRAL, 100 * 1024**3),
            images=Images(
                client=boto3.client("ecr"),
                fetch=world.fetch,
                here=HERE,
                prefix="acme-prod-ml/",
                copied={SHARED: "acme-test-ml/"},
                trusted=frozenset({AWS}),
                most_bytes=1024**2,
            ),
        ),
        Look(models, origins, {"fraud": ["card-fraud"]}, "arn:aws:sagemaker:eu-west-1"),
        boto3.client("sqs"),
        QUEUE,
        DEAD,
    )
