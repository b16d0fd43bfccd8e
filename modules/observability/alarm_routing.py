"""From the bus of alarms to the people whom they concern."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct

from modules.core.dead_letters import dead_letters
from modules.core.errors import ConfigError
from modules.core.event_delivery import TRIED_FOR_A_DAY
from modules.core.iam import policy_length
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.topic import ALARMS, EVENTS, Topic, services_may_use_key
from modules.observability.alarm_events import PATTERN_LIMIT, Route, routes
from modules.observability.alarm_settings import AlarmSettings
from modules.observability.names import ALARM_BUS, alarm_topic

_SHOWN = {
    "account": "$.account",
    "alarm": "$.detail.alarmName",
    "reason": "$.detail.state.reason",
    "region": "$.region",
    "state": "$.detail.state.value",
    "time": "$.time",
}


class AlarmRouting(Construct):
    """A topic `<organisation>-<environment>-alarms-<listener>` for each of `listeners`, and the rules that tell them.

    `listeners`: operators, security and teams -> the address that is mailed; None for who subscribes, or is told by
    chat. `teams`: name -> the ids of its accounts that report here. `bus` is the bus's name, as a reference. What is
    told is read by people and by Slack alike, so it has the form of AWS Chatbot's custom notifications.

    Guarantees:
    - every alarm reaches those whom it concerns by `severities`, with its severity and where its runbook stands;
    - what could not be told waits in a queue for 14 days, and the queue has a name: `dead_letters`;
    - topics take messages of these rules and of alarms of this account, under a key of its own.

    Raises ConfigError for a pattern longer than EventBridge takes, which names the way.

    Controls: LOG-05, DATA-09, PLAT-03 (NIST 800-53 IR-4, IR-6, SI-4(5), AU-5).
    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AlarmSettings,
        bus: str,
        listeners: Mapping[str, str | None],
        teams: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._bus, self._runbooks = naming, bus, settings.runbooks
        opened = services_may_use_key(naming, ALARMS, EVENTS)
        key = Key(self, "key", naming=naming, purpose=ALARM_BUS, statements=[opened])
        rules = naming.arn("events", f"rule/{naming.name(ALARM_BUS)}/*")
        publishers = {EVENTS: [rules], ALARMS: [naming.arn("cloudwatch", "alarm:*")]}
        self.topics = {
            listener: Topic(
                self,
                f"topic-{listener}",
                naming=naming,
                what=alarm_topic(listener),
                key_arn=key.arn,
                publishers=publishers,
                email=email,
            )
            for listener, email in sorted(listeners.items())
        }
        self._letters = dead_letters(self, naming=naming, what=ALARM_BUS, key_arn=key.arn, rules=(rules,))
        self.dead_letters = self._letters.name
        for route in routes(teams, settings.told_from):
            self._tell(route)

    def _tell(self, route: Route) -> None:
        what = f"{ALARM_BUS}-{route.name}"
        pattern, topic = json.dumps(route.pattern, sort_keys=True, separators=(",", ":")), self.topics[route.listener]
        if (length := policy_length(pattern)) > PATTERN_LIMIT:
            raise ConfigError(
                f"the rule {self._naming.name(what)} names so many accounts of teams that its pattern has {length} "
                f"characters, and EventBridge takes {PATTERN_LIMIT}: give each environment an account of its own with "
                "the role observability"
            )
        rule = CloudwatchEventRule(
            self,
            f"rule-{route.name}",
            name=self._naming.name(what),
            event_bus_name=self._bus,
            description=f"Alarms of severity {route.severity}, told to {route.listener}",
            event_pattern=pattern,
        )
        CloudwatchEventTarget(
            self,
            f"target-{route.name}",
            rule=rule.name,
            event_bus_name=self._bus,
            target_id="topic",
            arn=topic.arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths=_SHOWN, input_template=_message(route, self._runbooks)
            ),
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=self._letters.arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=[topic.policy, self._letters.policy],
        )


def _message(route: Route, runbooks: str) -> str:
    """A placeholder that is a whole value is escaped by EventBridge; within text stands only what needs no escape."""
    values = {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": f"{route.severity}: <alarm> is <state>",
            "description": "<reason>",
            "nextSteps": [f"Follow the section of the alarm's last words in {runbooks}"],
            "keywords": [route.severity, "<account>", "<region>", "<time>"],
        },
    }
    return json.dumps(values).replace('"<reason>"', "<reason>")
