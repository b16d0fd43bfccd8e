"""SageMaker's tools around Studio: MLflow servers, private hubs, projects, code repositories. Echo only."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime

from moto.s3.models import s3_backends

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_resources import Kind, offer, selected, shown, summaries
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")


def _require_bucket(uri: str) -> None:
    bucket = uri.removeprefix("s3://").partition("/")[0]
    if bucket not in s3_backends.bucket_accounts:
        raise refuse(f"there is no bucket {bucket}")


def _new_server(call: Call) -> Record:
    given, name = call.params, call.params["TrackingServerName"]
    return {
        "AutomaticModelRegistration": given.get("AutomaticModelRegistration", False),
        "IsActive": "Active",
        "MlflowVersion": given.get("MlflowVersion", "3.0"),
        "TrackingServerSize": given.get("TrackingServerSize", "Small"),
        "TrackingServerStatus": "Created",
        "TrackingServerUrl": f"https://{name}.experiments.sagemaker.aws",
        "WeeklyMaintenanceWindowStart": given.get("WeeklyMaintenanceWindowStart", "Tue:03:30"),
    }


def _check_server(call: Call, record: Record) -> None:
    require_role(record["RoleArn"], of=call.account)
    _require_bucket(record["ArtifactStoreUri"])


def _check_hub(call: Call, record: Record) -> None:
    if place := record.get("S3StorageConfig", {}).get("S3OutputPath"):
        _require_bucket(place)


def _leave_hub(call: Call, record: Record) -> None:
    if any(each["HubArn"] == record["HubArn"] for each in call.table("HubContent").values()):
        raise AwsError("ResourceInUse", f"the hub {record['HubName']} still has contents")


def _new_project(call: Call) -> Record:
    project_id = "p-" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    provisioned = {"ProvisionedProductId": f"pp-{project_id[2:]}", "ProvisionedProductStatusMessage": "-"}
    return {
        "ProjectId": project_id,
        "ProjectStatus": "CreateCompleted",
        "ServiceCatalogProvisionedProductDetails": provisioned,
    }


def _project_change(call: Call) -> Record:
    """Tags that come with a change replace those that were."""
    given = {name: value for name, value in call.params.items() if name != "Tags"}
    given["ProjectStatus"] = "UpdateCompleted"
    if "Tags" in call.params:
        given["Tags"] = {each["Key"]: each["Value"] for each in call.params["Tags"]}
    return given


def _check_project(call: Call, record: Record) -> None:
    if _portfolio(call) != "Enabled":
        raise refuse("Service Catalog is not enabled for SageMaker in this account")


offer(
    SERVICE,
    Kind(
        "MlflowTrackingServer",
        "mlflow-tracking-server",
        ("TrackingServerName",),
        about="TrackingServer",
        assigned=_new_server,
        change=lambda call: {**call.params, "TrackingServerStatus": "Updated"},
        check=_check_server,
    ),
)
HUB = offer(
    SERVICE,
    Kind(
        "Hub",
        "hub",
        ("HubName",),
        assigned=lambda call: {"HubStatus": "InService"},
        check=_check_hub,
        leave=_leave_hub,
    ),
)
offer(
    SERVICE,
    Kind(
        "Project",
        "project",
        ("ProjectName",),
        missing="ValidationException",
        assigned=_new_project,
        change=_project_change,
        check=_check_project,
    ),
)
offer(
    SERVICE,
    Kind(
        "CodeRepository",
        "code-repository",
        ("CodeRepositoryName",),
        plural="CodeRepositories",
        missing="ValidationException",
        assigned=lambda call: {},
    ),
)


def _portfolio(call: Call) -> str:
    return str(call.table("ServicecatalogPortfolio").get("status", {"Status": "Disabled"})["Status"])


@SERVICE.operation("EnableSagemakerServicecatalogPortfolio", "DisableSagemakerServicecatalogPortfolio")
def set_portfolio(call: Call) -> Answer:
    status = "Enabled" if call.operation.startswith("Enable") else "Disabled"
    call.table("ServicecatalogPortfolio")["status"] = {"Status": status}
    return {}


@SERVICE.operation("GetSagemakerServicecatalogPortfolioStatus")
def get_portfolio(call: Call) -> Answer:
    return {"Status": _portfolio(call)}


def _contents(call: Call, hub: Record) -> list[Record]:
    kind = call.params["HubContentType"]
    found = [each for each in call.table("HubContent").values() if each["HubArn"] == hub["HubArn"]]
    return [each for each in found if each["HubContentType"] == kind]


def _content(call: Call) -> Record:
    name = call.params["HubContentName"]
    for each in _contents(call, HUB.find(call, call.params)):
        if each["HubContentName"] == name:
            return each
    raise AwsError("ResourceNotFound", f"HubContent {name} does not exist")


@SERVICE.operation("CreateHubContentReference")
def create_reference(call: Call) -> Answer:
    """A model of the public hub, of which a hub may refer to the same one once."""
    hub, public = HUB.find(call, call.params), call.params["SageMakerPublicHubContentArn"]
    name = call.params.get("HubContentName") or public.split("/")[3]
    arn = f"{hub['HubArn'].replace(':hub/', ':hub-content/')}/ModelReference/{name}"
    if arn in call.table("HubContent"):
        raise AwsError("ResourceInUse", f"{arn} already exists")
    now = datetime.now(UTC)
    call.table("HubContent")[arn] = {
        "HubArn": hub["HubArn"],
        "HubName": hub["HubName"],
        "HubContentArn": arn,
        "HubContentName": name,
        "HubContentType": "ModelReference",
        "HubContentStatus": "Available",
        "HubContentVersion": call.params.get("MinVersion", "1.0.0"),
        "HubContentDocument": "{}",
        "DocumentSchemaVersion": "2.0.0",
        "ReferenceMinVersion": call.params.get("MinVersion"),
        "SageMakerPublicHubContentArn": public,
        "CreationTime": now,
        "LastModifiedTime": now,
    }
    return {"HubArn": hub["HubArn"], "HubContentArn": arn}


@SERVICE.operation("DescribeHubContent")
def describe_content(call: Call) -> Answer:
    return shown(call, _content(call))


@SERVICE.operation("ListHubContents")
def list_contents(call: Call) -> Answer:
    found = _contents(call, HUB.find(call, call.params))
    return summaries(call, selected(call, found, "HubContentName", within=("HubName", "HubContentType")))


@SERVICE.operation("DeleteHubContentReference")
def delete_reference(call: Call) -> Answer:
    del call.table("HubContent")[_content(call)["HubContentArn"]]
    return {}
