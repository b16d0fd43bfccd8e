"""A version of every served model is named by its parameter, as a release would, without the release's builds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from environments.model import Account, Organization
from environments.workplaces import release_account, served_projects, serving_desks
from modules.core.naming import Naming
from modules.ml_operations import layout, names
from modules.ml_platform.names import MODEL_BUCKET, model_group_name

IMAGE = f"141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn@sha256:{'5' * 64}"
COLUMNS = ["amount", "hour"]


@dataclass(frozen=True)
class Place:
    """Where a version is served: the account, the endpoint, the version's ARN, and what kinds of monitors watch it."""

    account: str
    endpoint: str
    arn: str
    monitors: set[str]


def name_versions(
    organization: Organization, client: Callable[[str, str], Any], id_of: Callable[[str], str]
) -> list[Place]:
    """Register a central version for every served project, with every baseline, and name it where it is served."""

    def naming(account: Account) -> Naming:
        return Naming(
            organization.name,
            account.environment,
            account.name,
            id_of(account.name),
            organization.partition,
            organization.home_region,
        )

    release, found = release_account(organization), []
    central = naming(release)
    for project in served_projects(organization):
        group = model_group_name(central, project.team, project.project)
        files = f"models/{project.team}/{project.project}/1/"
        folder = f"s3://{central.bucket(MODEL_BUCKET)}/{files}"
        written = [f"{layout.MODEL}1/model.tar.gz", f"{layout.SAMPLES}samples.jsonl", layout.MANIFEST]
        for kind in layout.MONITOR_KINDS:
            written += [f"{layout.BASELINES}{kind}/{what}" for what in (layout.STATISTICS, layout.CONSTRAINTS)]
        for what in written:
            client(release.name, "s3").put_object(Bucket=central.bucket(MODEL_BUCKET), Key=files + what, Body=b"{}")
        arn = client(release.name, "sagemaker").create_model_package(
            ModelPackageGroupName=group,
            ModelApprovalStatus="Approved",
            InferenceSpecification={
                "Containers": [{"Image": IMAGE, "ModelDataUrl": f"{folder}{written[0]}"}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        )["ModelPackageArn"]
        version = layout.ServedVersion(
            model_package_arn=arn,
            version=arn.rpartition("/")[2],
            files=folder,
            passport="none",
            baselines=list(layout.MONITOR_KINDS),
            columns=COLUMNS,
        )
        for desk in serving_desks(organization, project):
            here, account = naming(desk.account), desk.account.name
            parameter = names.version_parameter(here, project.project)
            client(account, "ssm").put_parameter(Name=parameter, Value=json.dumps(version), Overwrite=True)
            endpoint = names.endpoint(here, project.project)
            monitors = {"DataQuality", "ModelQuality", *(("ModelBias",) if project.facets else ())}
            found.append(Place(account, endpoint, arn, monitors))
    return found


def assert_served(client: Callable[[str, str], Any], place: Place) -> None:
    """The endpoint answers by the version, grows and shrinks, and is watched."""
    sagemaker = client(place.account, "sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=place.endpoint)
    assert endpoint["EndpointStatus"] == "InService"
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    (variant,) = config["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    (container,) = model.get("Containers") or [model["PrimaryContainer"]]
    assert container["ModelPackageName"] == place.arn
    scaled = client(place.account, "application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    assert f"endpoint/{place.endpoint}/variant/{names.VARIANT}" in [
        target["ResourceId"] for target in scaled["ScalableTargets"]
    ]
    watched = sagemaker.list_monitoring_schedules(EndpointName=place.endpoint)["MonitoringScheduleSummaries"]
    assert {each["MonitoringType"] for each in watched} == place.monitors
