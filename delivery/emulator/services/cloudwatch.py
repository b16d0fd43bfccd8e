"""CloudWatch: composite alarms, which moto keeps but neither makes nor shows; alarms on metrics of other accounts.

An alarm changes its state when it is told to (SetAlarmState), and by nothing else; EventBridge hears of the change,
those that the alarm names as its actions hear of nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.events.models import events_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service

SERVICE = Service("cloudwatch")
_NAMED = re.compile(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\")]+?)\"?\s*\)")
_SUPPRESSOR = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


@SERVICE.mend
def accounts_of_metrics() -> None:
    """An alarm says in which account each of its metrics is measured, which moto forgets."""
    respond = CloudWatchResponse.put_metric_alarm

    def put_metric_alarm(self: Any) -> Any:
        answer = respond(self)
        kept = self.cloudwatch_backend.alarms[self._get_param("AlarmName")].metric_data_queries
        for query, given in zip(kept, self._get_param("Metrics", []), strict=True):
            query.account_id = given.get("AccountId")
        return answer

    CloudWatchResponse.put_metric_alarm = put_metric_alarm


@SERVICE.mend
def changes_of_alarms_are_events() -> None:
    """A change of an alarm's state is an event on the default bus of its account; to be told the same again is none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    change = Alarm.update_state

    def update_state(self: Any, reason: str, reason_data: str | None, state_value: str) -> None:
        before = _state(self)
        change(self, reason, reason_data, state_value)
        if before["value"] == state_value:
            return
        _, _, _, region, account, _ = self.alarm_arn.split(":", 5)
        detail = {"alarmName": self.name, "state": _state(self), "previousState": before}
        if self.description:
            detail["configuration"] = {"description": self.description}
        event = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [self.alarm_arn],
            "Detail": json.dumps(detail),
        }
        events_backends[account][region].put_events([event])

    Alarm.update_state = update_state


def _state(alarm: Any) -> dict[str, str]:
    told = {"value": alarm.state_value, "reason": alarm.state_reason, "reasonData": alarm.state_reason_data}
    at = alarm.state_updated_timestamp.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return {name: value for name, value in told.items() if value is not None} | {"timestamp": f"{at}+0000"}


@SERVICE.operation("PutCompositeAlarm")
def put_composite_alarm(call: Call) -> Answer:
    """Replaces one of its name. The alarms of the rule exist; the rule names them, or gives their ARNs."""
    backend, given = cloudwatch_backends[call.account][call.region], call.params
    children = {child.rpartition(":alarm:")[2] for child in _NAMED.findall(given["AlarmRule"])}
    if not children:
        raise AwsError("ValidationError", f"the rule names no alarm: {given['AlarmRule']}")
    if unknown := sorted(children - set(backend.alarms)):
        raise AwsError("ValidationError", f"the rule names alarms that do not exist: {', '.join(unknown)}")
    of_metrics = ("namespace", "metric_name", "comparison_operator", "evaluation_periods", "period", "threshold")
    alarm = backend.put_metric_alarm(
        **dict.fromkeys((*of_metrics, "statistic")),
        name=given["AlarmName"],
        description=given.get("AlarmDescription"),
        dimensions=[],
        alarm_actions=given.get("AlarmActions", []),
        ok_actions=given.get("OKActions", []),
        insufficient_data_actions=given.get("InsufficientDataActions", []),
        actions_enabled=given.get("ActionsEnabled", True),
        rule=given["AlarmRule"],
        tags=given.get("Tags", []),
    )
    call.store.beside(alarm).update({name: given[name] for name in _SUPPRESSOR if name in given})
    return {}


@SERVICE.operation("DescribeAlarms")
def describe_alarms(call: Call) -> Answer:
    """Composite alarms, when they are asked for by name; the rest is moto's."""
    names = call.params.get("AlarmNames", [])
    if call.params.get("AlarmTypes") != ["CompositeAlarm"] or set(call.params) - {"AlarmTypes", "AlarmNames"}:
        raise PassToMoto
    alarms = cloudwatch_backends[call.account][call.region].alarms.values()
    found = [each for each in alarms if each.rule is not None and (not names or each.name in names)]
    return {"CompositeAlarms": [_shown(call, each) for each in found], "MetricAlarms": []}


def _shown(call: Call, alarm: Any) -> Answer:
    described = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description,
        "AlarmRule": alarm.rule,
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmActions": alarm.alarm_actions,
        "OKActions": alarm.ok_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
        **call.store.beside(alarm),
    }
    return {name: value for name, value in described.items() if value is not None}
