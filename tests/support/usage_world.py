"""A team's account as AWS lists it: a planted Studio, endpoints, jobs and what nobody uses any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from modules.cost_reporting.functions.list_usage.rows import Hour, Place

HOUR = Hour(datetime(2026, 11, 23, 9, tzinfo=UTC))
PLACE = Place("fraud-dev", "222222222222", "dev", "eu-west-1", "fraud", "cards")
DOMAIN = "d-abc123"
LONG_AGO = HOUR.start - timedelta(days=400)


def at(minutes: float) -> datetime:
    """A time by the minutes since the hour began."""
    return HOUR.start + timedelta(minutes=minutes)


def arn(resource: str) -> str:
    """The ARN of a resource of SageMaker in the account."""
    return f"arn:aws:sagemaker:eu-west-1:222222222222:{resource}"


def _users(**request: Any) -> Mapping[str, Any]:
    """Two pages, as AWS cuts a long list."""
    name = "grace" if "NextToken" in request else "ada"
    found = {"DomainId": DOMAIN, "UserProfileName": name, "Status": "InService", "CreationTime": LONG_AGO}
    return {"UserProfiles": [found], **({} if "NextToken" in request else {"NextToken": "more"})}


_SPACE = {
    "DomainId": DOMAIN,
    "SpaceName": "ada-lab",
    "Status": "InService",
    "CreationTime": LONG_AGO,
    "LastModifiedTime": LONG_AGO,
    "SpaceSettingsSummary": {"AppType": "JupyterLab"},
    "OwnershipSettingsSummary": {"OwnerUserProfileName": "ada"},
}
_APPS: tuple[dict[str, Any], ...] = (
    {"DomainId": DOMAIN, "SpaceName": "ada-lab", "AppType": "JupyterLab", "AppName": "default", "Status": "InService"},
    {"DomainId": DOMAIN, "UserProfileName": "ada", "AppType": "Canvas", "AppName": "gone", "Status": "Deleted"},
)
_ENDPOINTS = ("asked", "forgotten", "later", "failed")
_JOBS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "Training": {
        "gpu": {
            "TrainingStartTime": at(-60),
            "TrainingEndTime": at(30),
            "ResourceConfig": {"InstanceType": "ml.g5.12xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50},
        },
        "queued": {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 50}},
    },
    "Processing": {
        "prepare": {
            "ProcessingStartTime": at(10),
            "ProcessingEndTime": at(40),
            "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 4}},
        }
    },
    "Transform": {
        "nightly": {
            "TransformStartTime": at(-5),
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        }
    },
}


def _app(**request: Any) -> Mapping[str, Any]:
    return {
        "AppArn": arn(f"app/{DOMAIN}/ada-lab/jupyterlab/{request['AppName']}"),
        "Status": "InService",
        "CreationTime": at(15),
        "LastUserActivityTimestamp": at(20),
        "ResourceSpec": {"InstanceType": "ml.t3.medium"},
    }


def _endpoint(**request: Any) -> Mapping[str, Any]:
    name = request["EndpointName"]
    found: dict[str, Any] = {
        "EndpointName": name,
        "EndpointArn": arn(f"endpoint/{name}"),
        "EndpointConfigName": name,
        "EndpointStatus": "Failed" if name == "failed" else "InService",
        "CreationTime": LONG_AGO,
        "LastModifiedTime": LONG_AGO,
    }
    if name != "failed":
        found["ProductionVariants"] = [{"VariantName": "all", "CurrentInstanceCount": 2}]
    if name == "later":
        found["AsyncInferenceConfig"] = {"OutputConfig": {"S3OutputPath": "s3://out"}}
    return found


def _model(**request: Any) -> Mapping[str, Any]:
    package = arn("model-package/acme-prod-fraud-cards/7").replace("222222222222", "999999999999")
    return {"ModelName": request["ModelName"], "PrimaryContainer": {"ModelPackageName": package}}


def _measured(**request: Any) -> Mapping[str, Any]:
    """`asked` was asked five times in the hour, `later` answered three days ago; CloudWatch knows nothing of others."""
    found = []
    for query in request["MetricDataQueries"]:
        metric = query["MetricStat"]["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
        told: dict[datetime, float] = {}
        if (dimensions["EndpointName"], metric["MetricName"]) == ("asked", "Invocations"):
            told = {HOUR.start: 5.0, at(-60): 0.0}
        if (metric["MetricName"], "VariantName" in dimensions) == ("InvocationsProcessed", False):
            told = {at(-3 * 24 * 60): 2.0}
        found.append({"Id": query["Id"], "Timestamps": list(told), "Values": list(told.values())})
    return {"MetricDataResults": found}


def _listed_jobs(word: str, **request: Any) -> Mapping[str, Any]:
    """What changed and what runs: each lists all, as a job may be both."""
    summaries = [
        {
            f"{word}JobName": name,
            f"{word}JobArn": arn(f"{word.lower()}-job/{name}"),
            f"{word}JobStatus": "InProgress",
            "CreationTime": at(-70),
        }
        for name in _JOBS[word]
    ]
    return {f"{word}JobSummaries": summaries}


def _job(word: str, **request: Any) -> Mapping[str, Any]:
    name = request[f"{word}JobName"]
    told = {"JobName": name, "JobArn": arn(f"{word.lower()}-job/{name}"), "JobStatus": "Completed"}
    return {**{f"{word}{key}": value for key, value in told.items()}, "CreationTime": at(-70), **_JOBS[word][name]}


def _tuning(**_: Any) -> Mapping[str, Any]:
    found = {
        "HyperParameterTuningJobName": "search",
        "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job/search"),
        "HyperParameterTuningJobStatus": "InProgress",
        "CreationTime": at(-70),
    }
    return {"HyperParameterTuningJobSummaries": [found]}


def _versions(**request: Any) -> Mapping[str, Any]:
    served = request["ModelPackageGroupName"] == "acme-prod-fraud-cards"
    found = {"ModelPackageArn": arn("model-package/x/1"), "CreationTime": LONG_AGO, "ModelPackageStatus": "Completed"}
    return {"ModelPackageSummaryList": [found] if served else []}


ANSWERS: dict[str, Any] = {
    "sagemaker:ListUserProfiles": _users,
    "sagemaker:ListSpaces": {"Spaces": [_SPACE]},
    "sagemaker:ListApps": {"Apps": list(_APPS)},
    "sagemaker:DescribeApp": _app,
    "sagemaker:ListEndpoints": {
        "Endpoints": [
            {"EndpointName": name, "EndpointArn": arn(f"endpoint/{name}"), "EndpointStatus": "InService"}
            for name in _ENDPOINTS
        ]
    },
    "sagemaker:DescribeEndpoint": _endpoint,
    "sagemaker:DescribeEndpointConfig": {
        "ProductionVariants": [{"VariantName": "all", "InstanceType": "ml.m5.large", "ModelName": "cards"}]
    },
    "sagemaker:DescribeModel": _model,
    "sagemaker:ListNotebookInstances": {
        "NotebookInstances": [
            {
                "NotebookInstanceName": "old",
                "NotebookInstanceArn": arn("notebook-instance/old"),
                "NotebookInstanceStatus": "InService",
                "InstanceType": "ml.t3.medium",
                "CreationTime": LONG_AGO,
                "LastModifiedTime": LONG_AGO,
            }
        ]
    },
    "sagemaker:ListHyperParameterTuningJobs": _tuning,
    "sagemaker:ListPipelines": {
        "PipelineSummaries": [
            {
                "PipelineName": name,
                "PipelineArn": arn(f"pipeline/{name}"),
                "CreationTime": LONG_AGO,
                "LastExecutionTime": started,
            }
            for name, started in (("busy", at(50)), ("quiet", LONG_AGO))
        ]
    },
    "sagemaker:ListPipelineExecutions": {
        "PipelineExecutionSummaries": [{"PipelineExecutionArn": arn(f"pipeline/busy/execution/{n}")} for n in "ab"]
    },
    "sagemaker:ListModelPackageGroups": {
        "ModelPackageGroupSummaryList": [
            {
                "ModelPackageGroupName": name,
                "ModelPackageGroupArn": arn(f"model-package-group/{name}"),
                "ModelPackageGroupStatus": "Completed",
                "CreationTime": LONG_AGO,
            }
            for name in ("acme-prod-fraud-cards", "forgotten-models")
        ]
    },
    "sagemaker:ListModelPackages": _versions,
    "sagemaker:ListFeatureGroups": {
        "FeatureGroupSummaries": [
            {"FeatureGroupName": "velocity", "FeatureGroupArn": arn("feature-group/velocity"), "CreationTime": LONG_AGO}
        ]
    },
    "cloudwatch:GetMetricData": _measured,
    "resourcegroupstaggingapi:GetResources": {
        "ResourceTagMappingList": [
            {
                # AWS does not agree with itself on the case of ARNs.
                "ResourceARN": arn("Endpoint/asked"),
                "Tags": [
                    {"Key": "Team", "Value": "lending"},
                    {"Key": "Project", "Value": "card-fraud"},
                    {"Key": "Product", "Value": "cards-app"},
                ],
            },
            {"ResourceARN": arn("training-job/gpu"), "Tags": [{"Key": "Project", "Value": "card-fraud"}]},
        ]
    },
}
for _word in _JOBS:
    ANSWERS[f"sagemaker:List{_word}Jobs"] = lambda _word=_word, **request: _listed_jobs(_word, **request)
    ANSWERS[f"sagemaker:Describe{_word}Job"] = lambda _word=_word, **request: _job(_word, **request)


class Client:
    """A client of `service` that answers from `answers` as `tests.support.recording` does, without botocore's models.

    `calls` are the names of operations, each time one is called.
    """

    def __init__(self, service: str, answers: Mapping[str, Any]) -> None:
        self._service, self._answers = service, answers
        self.meta = SimpleNamespace(partition="aws")
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        operation = "".join(word.title() for word in name.split("_"))
        if f"{self._service}:{operation}" not in self._answers:
            raise AttributeError(f"no answer for {self._service}:{operation}")

        def call(**request: Any) -> Any:
            self.calls.append(operation)
            answer = self._answers[f"{self._service}:{operation}"]
            return answer(**request) if callable(answer) else answer

        return call

    def get_paginator(self, name: str) -> Any:
        """Every page of the operation, by its NextToken."""

        def pages(**request: Any) -> Iterator[Any]:
            page = getattr(self, name)(**request)
            yield page
            while "NextToken" in page:
                page = getattr(self, name)(**request, NextToken=page["NextToken"])
                yield page

        return SimpleNamespace(paginate=pages)


def clients(answers: Mapping[str, Any] = ANSWERS) -> dict[str, Client]:
    """The clients with which one region is listed."""
    return {each: Client(each, answers) for each in ("sagemaker", "cloudwatch", "resourcegroupstaggingapi")}
