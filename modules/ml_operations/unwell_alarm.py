"""One alarm on a model that answers wrongly or late."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names

UNWELL = "unwell"
# Drift is none of them: it lasts for days, in which the alarm could not go off again.
SYMPTOMS = ("errors", "latency")


class UnwellAlarm(Construct):
    """The composite alarm `...-unwell` of the endpoint's alarms on `SYMPTOMS`, which are `after`.

    It tells nobody by itself: its owner hears of the symptoms, and where alarms are routed it is the one that is
    critical (`modules/observability/severities.py`).

    Guarantees: it goes off with the first symptom and is well again without any, so a broken model is told once.
    Controls: SM-41 (NIST 800-53 SI-4(5), IR-4).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, project: str, after: Sequence[ITerraformDependable]
    ) -> None:
        super().__init__(scope, id_)
        CloudwatchCompositeAlarm(
            self,
            "alarm",
            alarm_name=names.alarm(naming, project, UNWELL),
            alarm_description=f"{names.endpoint(naming, project)}: the model fails, or answers late",
            alarm_rule=" OR ".join(f'ALARM("{names.alarm(naming, project, each)}")' for each in SYMPTOMS),
            depends_on=list(after),
        )
