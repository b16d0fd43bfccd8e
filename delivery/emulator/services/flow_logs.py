"""Flow logs: delivered to a bucket of any account that admits AWS's log delivery, in the form they were asked for."""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend
from moto.ec2.responses.flow_logs import FlowLogs as FlowLogsResponse
from moto.s3.models import s3_backends

from delivery.emulator.service import Service

SERVICE = Service("ec2")
DELIVERY = "delivery.logs.amazonaws.com"


def _admits(bucket: Any, own: bool) -> bool:
    """Whether log delivery may write; to a bucket of the caller's own AWS adds the statement itself."""
    statements = json.loads(bucket.policy or b'{"Statement": []}')["Statement"]
    return own or any(
        statement["Effect"] == "Allow"
        and isinstance(statement["Principal"], dict)
        and DELIVERY in statement["Principal"].get("Service", ())
        and "s3:PutObject" in statement["Action"]
        for statement in statements
    )


def _fault(account: str, partition: str, destination: str) -> str | None:
    name = destination.split(":::", 1)[-1].split("/", 1)[0]
    for owner, partitions in list(s3_backends.items()):
        bucket = partitions[partition].buckets.get(name)
        if bucket is not None:
            admitted = _admits(bucket, owner == account)
            return (
                None
                if admitted
                else f"Access Denied for LogDestination: {name}. Please check LogDestination permission"
            )
    return f"LogDestination: {name} does not exist."


@SERVICE.mend
def buckets_of_other_accounts() -> None:
    """The bucket may be another account's, when its policy admits log delivery; moto looks in the caller's alone."""
    create = FlowLogsBackend.create_flow_logs

    def create_flow_logs(self: Any, **wanted: Any) -> Any:
        if wanted["log_destination_type"] != "s3":
            return create(self, **wanted)
        if fault := _fault(self.account_id, self.partition, wanted["log_destination"]):
            return [], [(resource, "400", fault) for resource in wanted["resource_ids"]]
        # moto keeps any destination that is no bucket, and asks nothing of it.
        made, faults = create(self, **{**wanted, "log_destination_type": "kinesis-data-firehose"})
        for log in made:
            log.log_destination_type = "s3"
        return made, faults

    FlowLogsBackend.create_flow_logs = create_flow_logs


@SERVICE.mend
def the_form_is_kept() -> None:
    """A flow log keeps its format of file and partitions, which moto forgets."""
    respond = FlowLogsResponse.create_flow_logs
    FlowLogs.destination_options = None

    def create_flow_logs(self: Any) -> Any:
        answer = respond(self)
        for made in answer.result["FlowLogIds"]:
            self.ec2_backend.flow_logs[made].destination_options = self._get_param("DestinationOptions")
        return answer

    FlowLogsResponse.create_flow_logs = create_flow_logs
