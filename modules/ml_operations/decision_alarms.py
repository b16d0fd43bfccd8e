"""Who is told that something is live that should not be, or that nobody looks."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.function import METRICS_NAMESPACE
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import Topic
from modules.ml_operations.functions.decide_release.decision import UNAPPROVED

# The two functions; every alarm here begins with the name of one of them.
DECISIONS, CARDS = "release-decisions", "model-cards"
_HOUR, _LATE_HOURS = 3600, 3


class DecisionAlarms(Construct):
    """Alarms on the functions that follow approvals, told to `topic`. `dead_letters`: what a queue serves -> its name.

    Guarantees:
    - a version that is live without approval is told until it is gone;
    - so is silence: the function that looks for such versions counts them every hour, none of them too;
    - so is every message that could not be worked on or delivered.

    Controls: PLAT-03 (NIST 800-53 AU-5, SI-4(5)).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, topic: Topic, dead_letters: Mapping[str, str]
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._topic = naming, topic
        for what, queue in sorted(dead_letters.items()):
            DeadLetterAlarm(
                self, what, naming=naming, what=what, queue=queue, topic_arn=topic.arn, after=[topic.policy]
            )
        self._counted(
            "live-unapproved",
            "A version is live that is not approved in the central registry; the table of releases says where",
            statistic="Maximum",
            comparison="GreaterThanThreshold",
            threshold=0,
            hours=1,
            missing="ignore",
        )
        self._counted(
            "late",
            f"Nobody looked for {_LATE_HOURS} hours at what is approved and what is live",
            statistic="SampleCount",
            comparison="LessThanThreshold",
            threshold=1,
            hours=_LATE_HOURS,
            missing="breaching",
        )

    def _counted(
        self, what: str, description: str, *, statistic: str, comparison: str, threshold: int, hours: int, missing: str
    ) -> None:
        CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=self._naming.name(f"{DECISIONS}-{what}", limit=ALARM_LIMIT),
            alarm_description=description,
            namespace=METRICS_NAMESPACE,
            metric_name=UNAPPROVED,
            dimensions={"service": DECISIONS},
            statistic=statistic,
            comparison_operator=comparison,
            threshold=threshold,
            period=_HOUR,
            evaluation_periods=hours,
            datapoints_to_alarm=hours,
            treat_missing_data=missing,
            alarm_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )
