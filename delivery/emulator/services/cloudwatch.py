"""CloudWatch: composite alarms, which moto keeps but neither makes nor shows; alarms on metrics of other accounts.

No alarm ever changes its state.
"""

from __future__ import annotations

import re
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse

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
