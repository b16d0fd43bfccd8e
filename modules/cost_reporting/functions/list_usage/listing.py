"""What people and teams have in SageMaker, in one region of one account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from modules.cost_reporting.functions.list_usage.endpoints import endpoints
from modules.cost_reporting.functions.list_usage.jobs import jobs
from modules.cost_reporting.functions.list_usage.paging import listed
from modules.cost_reporting.functions.list_usage.rows import (
    APP,
    FEATURE_GROUP,
    MODEL_GROUP,
    NOTEBOOK,
    PIPELINE,
    SPACE,
    USER,
    Found,
    Hour,
    Place,
    Row,
)
from modules.cost_reporting.studio_apps import IN_SERVICE, studio_apps

_NO_MACHINE = "system"  # the type of an app that runs on no machine of its own


def rows(clients: Mapping[str, Any], place: Place, hour: Hour, required: Sequence[str]) -> Iterator[Row]:
    """Every thing, with whose it is. `clients`: those of `sagemaker`, `cloudwatch` and `resourcegroupstaggingapi`."""
    sagemaker = clients["sagemaker"]
    tags = _tags(clients["resourcegroupstaggingapi"])
    for found in chain(
        _studio(sagemaker, hour, place),
        endpoints(sagemaker, clients["cloudwatch"], hour),
        _notebooks(sagemaker, hour),
        jobs(sagemaker, hour),
        _pipelines(sagemaker, hour),
        _model_groups(sagemaker),
        _feature_groups(sagemaker),
    ):
        yield found.row(place, tags.get(found.arn.lower(), {}), required)


def _tags(tagging: Any) -> dict[str, dict[str, str]]:
    """ARN in lower case, as services do not agree on its case -> the tags. What never had one is missing."""
    resources = listed(tagging, "get_resources", "ResourceTagMappingList", ResourceTypeFilters=["sagemaker"])
    return {
        each["ResourceARN"].lower(): {tag["Key"]: tag["Value"] for tag in each.get("Tags", ())} for each in resources
    }


def _studio(sagemaker: Any, hour: Hour, place: Place) -> Iterator[Found]:
    for each in listed(sagemaker, "list_user_profiles", "UserProfiles"):
        name, domain = each["UserProfileName"], each["DomainId"]
        yield Found(
            USER,
            name,
            _arn(sagemaker, place, f"user-profile/{domain}/{name}"),
            each["Status"],
            each["CreationTime"],
            user_name=name,
            domain_id=domain,
            last_active=each.get("LastModifiedTime"),
        )
    owners: dict[tuple[str, str], str | None] = {}
    for each in listed(sagemaker, "list_spaces", "Spaces"):
        name, domain = each["SpaceName"], each["DomainId"]
        owner = each.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName")
        owners[domain, name] = owner
        yield Found(
            SPACE,
            name,
            _arn(sagemaker, place, f"space/{domain}/{name}"),
            each["Status"],
            each["CreationTime"],
            part=each.get("SpaceSettingsSummary", {}).get("AppType"),
            user_name=owner,
            space_name=name,
            domain_id=domain,
            last_active=each.get("LastModifiedTime"),
        )
    for app in studio_apps(sagemaker, owners):
        runs = app.instance_type not in (None, _NO_MACHINE) and app.status == IN_SERVICE
        yield Found(
            APP,
            app.key["AppName"],
            app.arn,
            app.status,
            app.created,
            part=app.key["AppType"],
            user_name=app.user,
            space_name=app.key.get("SpaceName"),
            domain_id=app.key["DomainId"],
            instance_type=app.instance_type,
            instances=int(runs),
            seconds=hour.seconds(app.created, None) if runs else 0,
            last_active=app.last_active,
        )


def _notebooks(sagemaker: Any, hour: Hour) -> Iterator[Found]:
    """When one was started is not told: its last change is, which comes before every run."""
    for each in listed(sagemaker, "list_notebook_instances", "NotebookInstances"):
        runs, changed = each["NotebookInstanceStatus"] == IN_SERVICE, each["LastModifiedTime"]
        yield Found(
            NOTEBOOK,
            each["NotebookInstanceName"],
            each["NotebookInstanceArn"],
            each["NotebookInstanceStatus"],
            each["CreationTime"],
            instance_type=each["InstanceType"],
            instances=int(runs),
            seconds=hour.seconds(changed, None) if runs else 0,
            last_active=changed,
        )


def _pipelines(sagemaker: Any, hour: Hour) -> Iterator[Found]:
    for each in listed(sagemaker, "list_pipelines", "PipelineSummaries"):
        started: datetime | None = each.get("LastExecutionTime")
        yield Found(
            PIPELINE,
            each["PipelineName"],
            each["PipelineArn"],
            "Active",
            each["CreationTime"],
            runs=_runs(sagemaker, each["PipelineName"], hour) if started and started >= hour.start else 0,
            last_active=started,
        )


def _runs(sagemaker: Any, pipeline: str, hour: Hour) -> int:
    window = {"CreatedAfter": hour.start, "CreatedBefore": hour.end}
    return sum(
        1
        for _ in listed(
            sagemaker, "list_pipeline_executions", "PipelineExecutionSummaries", PipelineName=pipeline, **window
        )
    )


def _model_groups(sagemaker: Any) -> Iterator[Found]:
    for each in listed(sagemaker, "list_model_package_groups", "ModelPackageGroupSummaryList"):
        newest = sagemaker.list_model_packages(
            ModelPackageGroupName=each["ModelPackageGroupName"],
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=1,
        )["ModelPackageSummaryList"]
        yield Found(
            MODEL_GROUP,
            each["ModelPackageGroupName"],
            each["ModelPackageGroupArn"],
            each["ModelPackageGroupStatus"],
            each["CreationTime"],
            last_active=newest[0]["CreationTime"] if newest else None,
        )


def _feature_groups(sagemaker: Any) -> Iterator[Found]:
    for each in listed(sagemaker, "list_feature_groups", "FeatureGroupSummaries"):
        yield Found(
            FEATURE_GROUP,
            each["FeatureGroupName"],
            each["FeatureGroupArn"],
            each.get("FeatureGroupStatus", "Created"),
            each["CreationTime"],
        )


def _arn(sagemaker: Any, place: Place, resource: str) -> str:
    return f"arn:{sagemaker.meta.partition}:sagemaker:{place.region}:{place.account_id}:{resource}"
