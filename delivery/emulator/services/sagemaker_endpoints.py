"""SageMaker's endpoints and their configurations. Each is in service, or has failed, at once; no container starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.utils import get_service_model
from moto.events.models import events_backends

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_models import MODEL, missing_files, require_network
from delivery.emulator.services.sagemaker_resources import Kind, create, delete, offer, shown
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")


def variants(configuration: Record) -> list[Record]:
    """The variants of a configuration, those in the shadow last."""
    return [*configuration["ProductionVariants"], *configuration.get("ShadowProductionVariants", [])]


def _check_configuration(call: Call, record: Record) -> None:
    """What variants need; and what serverless inference cannot do.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html lists its exclusions.
    """
    whole = variants(record)
    if len({each["VariantName"] for each in whole}) != len(whole):
        raise refuse("the variants of a configuration have names of their own")
    if "ExecutionRoleArn" in record:
        require_role(record["ExecutionRoleArn"], of=call.account)
    require_network(call, record.get("VpcConfig", {}))
    for variant in whole:
        model = MODEL.find(call, variant) if "ModelName" in variant else {}
        if "ServerlessConfig" not in variant:
            if not {"InstanceType", "InitialInstanceCount"} <= variant.keys():
                raise refuse(f"{variant['VariantName']} has instances of a type and number, or is serverless")
            continue
        others = ("AsyncInferenceConfig", "DataCaptureConfig", "ShadowProductionVariants")
        excluded = [name for name in others if name in record]
        excluded += ["VpcConfig"] if "VpcConfig" in model else []
        excluded += ["EnableNetworkIsolation"] if model.get("EnableNetworkIsolation") else []
        excluded += ["several variants"] if len(whole) > 1 else []
        if excluded or "InstanceType" in variant:
            raise refuse(f"a serverless variant goes with no {', '.join(excluded or ['InstanceType'])}")


def _whole_variants(call: Call) -> Record:
    named = ("ProductionVariants", "ShadowProductionVariants")
    return {
        name: [{"InitialVariantWeight": 1.0, **each} for each in call.params[name]]
        for name in named
        if name in call.params
    }


CONFIGURATION = offer(
    SERVICE,
    Kind(
        "EndpointConfig",
        "endpoint-config",
        ("EndpointConfigName",),
        missing="ValidationException",
        sought="endpoint configuration",
        assigned=_whole_variants,
        check=_check_configuration,
    ),
)


def _check_endpoint(call: Call, record: Record) -> None:
    CONFIGURATION.find(call, record)
    deployment = record.get("DeploymentConfig", {})
    if "BlueGreenUpdatePolicy" in deployment and "RollingUpdatePolicy" in deployment:
        raise refuse("an update is blue/green or rolling, not both")
    known = cloudwatch_backends[call.account][call.region].alarms
    if unknown := sorted(set(_alarms(deployment)) - set(known)):
        raise refuse(f"there is no alarm {', '.join(unknown)}")


def _alarms(deployment: Record) -> list[str]:
    return [each["AlarmName"] for each in deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])]


def _faults(call: Call, record: Record) -> Iterator[str]:
    """Why the endpoint cannot go into service with its configuration."""
    for variant in variants(CONFIGURATION.find(call, record)):
        if "ModelName" in variant:
            yield from (f"Failed to download {uri}" for uri in missing_files(call, MODEL.find(call, variant)))


def _raised_alarms(call: Call, record: Record) -> Iterator[str]:
    known = cloudwatch_backends[call.account][call.region].alarms
    for name in _alarms(record.get("DeploymentConfig", {})):
        if known[name].state_value == "ALARM":
            yield f"alarm {name} is raised"


ENDPOINT = offer(
    SERVICE,
    Kind(
        "Endpoint",
        "endpoint",
        ("EndpointName",),
        missing="ValidationException",
        sought="endpoint",
        assigned=lambda call: {"EndpointStatus": "InService"},
        check=_check_endpoint,
    ),
    verbs=("List",),
)


@SERVICE.operation("CreateEndpoint")
def create_endpoint(call: Call) -> Answer:
    """The endpoint is in service; it has failed where a file of a model is not there."""
    answer = create(ENDPOINT, call)
    found = ENDPOINT.find(call, call.params)
    if faults := [*_faults(call, found)]:
        found.update(EndpointStatus="Failed", FailureReason="; ".join(faults))
    _take_over(call, found)
    _tell(call, found)
    return answer


@SERVICE.operation("UpdateEndpoint")
def update_endpoint(call: Call) -> Answer:
    """The endpoint goes over to the other configuration.

    It stays with its own, and says why, where a file of a model is not there or an alarm of the deployment is raised.
    """
    found = ENDPOINT.find(call, call.params)
    kept = call.params.get("RetainDeploymentConfig", False) and "DeploymentConfig" not in call.params
    whole = {name: value for name, value in found.items() if kept or name != "DeploymentConfig"} | {
        name: call.params[name] for name in ("EndpointConfigName", "DeploymentConfig") if name in call.params
    }
    _check_endpoint(call, whole)
    _check_mode(found["Configuration"], CONFIGURATION.find(call, whole))
    faults = [*_faults(call, whole), *_raised_alarms(call, whole)]
    if faults:
        found["FailureReason"] = f"{whole['EndpointConfigName']} was rolled back: {'; '.join(faults)}"
    else:
        same = call.params.get("RetainAllVariantProperties", False)
        before = {each["VariantName"]: each for each in found.get("Variants", [])} if same else {}
        found.pop("DeploymentConfig", None)
        found.update(whole, EndpointStatus="InService", FailureReason=None)
        _take_over(call, found, before)
    found["LastModifiedTime"] = datetime.now(UTC)
    _tell(call, found)
    return {"EndpointArn": found["EndpointArn"]}


def _check_mode(before: Record, after: Record) -> None:
    """Requests that waited go on waiting, and an endpoint with instances of its own keeps some.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html
    """
    if ("AsyncInferenceConfig" in before) != ("AsyncInferenceConfig" in after):
        raise refuse("an update neither adds nor removes AsyncInferenceConfig: make the endpoint anew")
    serverless = [any("ServerlessConfig" in each for each in variants(one)) for one in (before, after)]
    if serverless == [False, True]:
        raise refuse("an endpoint with instances is not updated to a serverless one: make the endpoint anew")


def _take_over(call: Call, endpoint: Record, before: dict[str, Record] | None = None) -> None:
    """The endpoint has its configuration from now on, even when that is deleted, and numbers that may be changed."""
    endpoint["Configuration"] = configuration = CONFIGURATION.find(call, endpoint)
    endpoint["Variants"] = [
        (before or {}).get(each["VariantName"]) or _state(each) for each in configuration["ProductionVariants"]
    ]


def _state(variant: Record) -> Record:
    weight = variant["InitialVariantWeight"]
    state = {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight}
    count, serverless = variant.get("InitialInstanceCount"), variant.get("ServerlessConfig")
    if count is not None:
        state |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    if serverless is not None:
        state |= {"CurrentServerlessConfig": serverless, "DesiredServerlessConfig": serverless}
    return state


@SERVICE.operation("DescribeEndpoint")
def describe_endpoint(call: Call) -> Answer:
    found = ENDPOINT.find(call, call.params)
    known = found["Configuration"]
    more: Record = {
        "ProductionVariants": found["Variants"],
        "LastDeploymentConfig": found.get("DeploymentConfig"),
        "AsyncInferenceConfig": known.get("AsyncInferenceConfig"),
        "ExplainerConfig": known.get("ExplainerConfig"),
    }
    if shadows := known.get("ShadowProductionVariants"):
        more["ShadowProductionVariants"] = [_state(each) for each in shadows]
    if capture := known.get("DataCaptureConfig"):
        on = capture.get("EnableCapture", False)
        more["DataCaptureConfig"] = {
            "EnableCapture": on,
            "CaptureStatus": "Started" if on else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    return shown(call, {**found, **more})


@SERVICE.operation("UpdateEndpointWeightsAndCapacities")
def update_capacities(call: Call) -> Answer:
    found = ENDPOINT.find(call, call.params)
    known = {each["VariantName"]: each for each in found["Variants"]}
    for change in call.params["DesiredWeightsAndCapacities"]:
        if change["VariantName"] not in known:
            raise refuse(f"{found['EndpointName']} has no variant {change['VariantName']}")
        for given, what in (("DesiredWeight", "Weight"), ("DesiredInstanceCount", "InstanceCount")):
            if given in change:
                known[change["VariantName"]] |= {f"Current{what}": change[given], f"Desired{what}": change[given]}
    return {"EndpointArn": found["EndpointArn"]}


@SERVICE.operation("DeleteEndpoint")
def delete_endpoint(call: Call) -> Answer:
    found = ENDPOINT.find(call, call.params)
    answer = delete(ENDPOINT, call)
    _tell(call, {**found, "EndpointStatus": "Deleting"})
    return answer


def in_service(call: Call) -> Record:
    """The endpoint that a request of the runtime names, if it can be asked; raises the error of the runtime."""
    name = call.params["EndpointName"]
    found = ENDPOINT.kept(call).get(ENDPOINT.arn(call, call.params))
    if found is None or found["EndpointStatus"] != "InService":
        raise AwsError("ValidationError", f"Endpoint {name} of account {call.account} not found.")
    return found


def _tell(call: Call, endpoint: Record) -> None:
    """The event on the default bus of the endpoint's account."""
    members = get_service_model("sagemaker").operation_model("DescribeEndpoint").output_shape.members
    said = ("EndpointName", "EndpointArn", "EndpointConfigName", "EndpointStatus", "FailureReason")
    detail: dict[str, Any] = {name: endpoint[name] for name in said if name in members and endpoint.get(name)}
    detail["Tags"] = endpoint["Tags"]
    event = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Endpoint State Change",
        "Resources": [endpoint["EndpointArn"]],
        "Detail": json.dumps(detail),
    }
    events_backends[call.account][call.region].put_events([event])
