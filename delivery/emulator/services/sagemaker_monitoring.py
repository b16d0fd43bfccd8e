"""SageMaker's model monitor: job definitions of its four kinds, and their schedules. No job ever runs."""

from __future__ import annotations

from collections.abc import Iterator

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, Call, Service
from delivery.emulator.services.sagemaker_endpoints import ENDPOINT
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_models import require_network
from delivery.emulator.services.sagemaker_resources import Kind, offer, selected, summaries
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")
# What a schedule calls the type of a job definition, and how the operations of that type are called.
TYPES = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")


def _input(definition: Record) -> Record:
    """What a job of the definition reads."""
    return next(value for name, value in definition.items() if name.endswith("JobInput"))


def endpoint_of(definition: Record) -> str | None:
    """The endpoint that a definition watches; a batch transform has none."""
    name: str | None = _input(definition).get("EndpointInput", {}).get("EndpointName")
    return name


def check_definition(call: Call, definition: Record) -> None:
    """The role, the network and the endpoint are there, and the endpoint captures what is to be watched."""
    require_role(definition["RoleArn"], of=call.account)
    require_network(call, definition.get("NetworkConfig", {}).get("VpcConfig", {}))
    given = _input(definition)
    if ("EndpointInput" in given) == ("BatchTransformInput" in given):
        raise refuse("a job reads of an endpoint, or of a batch transform")
    if "EndpointInput" in given:
        endpoint = ENDPOINT.find(call, given["EndpointInput"])
        if not endpoint["Configuration"].get("DataCaptureConfig", {}).get("EnableCapture"):
            raise refuse(f"{endpoint['EndpointName']} captures no data")


def _leave_definition(call: Call, definition: Record) -> None:
    for schedule in SCHEDULE.kept(call).values():
        if schedule["MonitoringScheduleConfig"].get("MonitoringJobDefinitionName") == definition["JobDefinitionName"]:
            raise refuse(f"the schedule {schedule['MonitoringScheduleName']} uses {definition['JobDefinitionName']}")


def _hyphened(noun: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in noun).removeprefix("-")


def _offer_definition(noun: str) -> Kind:
    kind = Kind(
        f"{noun}JobDefinition",
        f"{_hyphened(noun)}-job-definition",
        ("JobDefinitionName",),
        about="JobDefinition",
        assigned=lambda call: {},
        check=check_definition,
        leave=_leave_definition,
    )

    def listed(call: Call) -> Answer:
        endpoint = call.params.get("EndpointName")
        every = (each for each in kind.kept(call).values() if endpoint in (None, endpoint_of(each)))
        found = selected(call, every, "JobDefinitionName", within=("EndpointName",))
        return {"JobDefinitionSummaries": [_summary(each) for each in found]}

    SERVICE.operation(f"List{kind.noun}s")(listed)
    return offer(SERVICE, kind, verbs=("Create", "Describe", "Delete"))


def _summary(definition: Record) -> Record:
    return {
        "MonitoringJobDefinitionName": definition["JobDefinitionName"],
        "MonitoringJobDefinitionArn": definition["JobDefinitionArn"],
        "CreationTime": definition["CreationTime"],
        "EndpointName": endpoint_of(definition) or "-",
    }


DEFINITIONS = {noun: _offer_definition(noun) for noun in TYPES}


def _definition(call: Call, schedule: Record) -> Record:
    config = schedule["MonitoringScheduleConfig"]
    if "MonitoringJobDefinitionName" not in config or "MonitoringType" not in config:
        raise refuse("a schedule names a job definition and its type; the emulator knows no definition in a schedule")
    kind = DEFINITIONS[config["MonitoringType"]]
    return kind.find(call, {"JobDefinitionName": config["MonitoringJobDefinitionName"]})


def _about(call: Call) -> Record:
    """What a schedule says beside what it was given."""
    schedule = {"MonitoringScheduleConfig": call.params["MonitoringScheduleConfig"]}
    found = {"MonitoringScheduleStatus": "Scheduled"}
    if endpoint := endpoint_of(_definition(call, schedule)):
        found["EndpointName"] = endpoint
    return {**found, "MonitoringType": call.params["MonitoringScheduleConfig"]["MonitoringType"]}


SCHEDULE = offer(
    SERVICE,
    Kind(
        "MonitoringSchedule",
        "monitoring-schedule",
        ("MonitoringScheduleName",),
        assigned=_about,
        change=lambda call: {**call.params, **_about(call)},
    ),
    verbs=("Create", "Describe", "Update", "Delete"),
)


@SERVICE.operation("ListMonitoringSchedules")
def list_schedules(call: Call) -> Answer:
    return summaries(call, selected(call, _matching(call), "MonitoringScheduleName", within=_MEMBERS))


_MEMBERS = ("EndpointName", "MonitoringJobDefinitionName")


def _matching(call: Call) -> Iterator[Record]:
    for each in SCHEDULE.kept(call).values():
        whole = {**each, **each["MonitoringScheduleConfig"]}
        if all(call.params.get(name) in (None, whole.get(name)) for name in _MEMBERS):
            yield whole


@SERVICE.operation("StartMonitoringSchedule", "StopMonitoringSchedule")
def start_or_stop(call: Call) -> Answer:
    started = call.operation.startswith("Start")
    SCHEDULE.find(call, call.params)["MonitoringScheduleStatus"] = "Scheduled" if started else "Stopped"
    return {}


@SERVICE.operation("ListMonitoringExecutions")
def list_executions(call: Call) -> Answer:
    """None: no job runs here."""
    return {"MonitoringExecutionSummaries": []}
