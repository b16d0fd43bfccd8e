"""Who is told that models wait, that nobody counts them, or that a function of the registry failed."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic
from modules.ml_platform.functions.take_inventory.snapshot import NAMESPACE, OLDEST, TAKEN, UNAPPROVED

_HOUR, _DAY = 3600, 86_400
_LATE_HOURS = 26  # an inventory is taken every day; CloudWatch looks back a week at most


class ModelAlarms(Construct):
    """Alarms on the registry, told to `operators`, and on each team's waiting versions, told to its `owners`.

    `owners`: team -> e-mail. `dead_letters`: what a queue serves -> its name. `key_arn` is one that CloudWatch may use.

    Guarantees:
    - a team hears when a version waits for its approval for more than `pending_days`, and when one is live that is not
      approved;
    - operators hear when no inventory was taken for 26 hours, whatever the reason, and of every dead letter.

    Controls: PLAT-03 (NIST 800-53 SI-4(5), AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        operators: str,
        owners: Mapping[str, str],
        dead_letters: Mapping[str, str],
        pending_days: int,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._key_arn = naming, key_arn
        late = naming.name("model-inventory-late", limit=ALARM_LIMIT)
        alarms = [late, *(naming.name(f"{what}-dead-letters", limit=ALARM_LIMIT) for what in sorted(dead_letters))]
        topic = self._topic("operators", "model-operators", alarms, operators)
        CloudwatchMetricAlarm(
            self,
            "late",
            alarm_name=late,
            alarm_description=f"No inventory of the model registry was taken for {_LATE_HOURS} hours",
            namespace=NAMESPACE,
            metric_name=TAKEN,
            statistic="Sum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=_HOUR,
            evaluation_periods=_LATE_HOURS,
            datapoints_to_alarm=_LATE_HOURS,
            treat_missing_data="breaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            depends_on=[topic.policy],
        )
        for what, queue in sorted(dead_letters.items()):
            DeadLetterAlarm(self, f"{what}-dead-letters", naming=naming, what=what, queue=queue, topic_arn=topic.arn)
        teams = Construct(self, "teams")
        for team, owner in sorted(owners.items()):
            self._of_team(Construct(teams, team), team, owner, pending_days)

    def _of_team(self, scope: Construct, team: str, owner: str, pending_days: int) -> None:
        waiting, live = f"{team}-models-waiting", f"{team}-models-live-unapproved"
        names = [self._naming.name(what, limit=ALARM_LIMIT) for what in (waiting, live)]
        topic = self._topic("topic", f"{team}-models", names, owner, scope)
        text = f"A model version of {team} waits for its approval for more than {pending_days} days"
        self._beyond(scope, "waiting", names[0], text, team, OLDEST, pending_days, topic)
        text = f"A model version of {team} is live that is not approved"
        self._beyond(scope, "live-unapproved", names[1], text, team, UNAPPROVED, 0, topic)

    @staticmethod
    def _beyond(
        scope: Construct, id_: str, name: str, text: str, team: str, metric: str, threshold: int, topic: Topic
    ) -> None:
        CloudwatchMetricAlarm(
            scope,
            id_,
            alarm_name=name,
            alarm_description=text,
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions={"Team": team},
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            period=_DAY,
            evaluation_periods=1,
            treat_missing_data="ignore",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            depends_on=[topic.policy],
        )

    def _topic(self, id_: str, what: str, alarms: list[str], email: str, scope: Construct | None = None) -> Topic:
        return Topic(
            scope or self,
            id_,
            naming=self._naming,
            what=what,
            key_arn=self._key_arn,
            publishers={ALARMS: [self._naming.arn("cloudwatch", f"alarm:{name}") for name in alarms]},
            email=email,
        )
