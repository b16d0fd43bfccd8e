"""An update of an endpoint of production that goes wrong is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import given
from policies.sagemaker import in_production


class SmEndpointRollback(StackCheck):
    """The endpoint shifts traffic by a policy and rolls back on an alarm; left out, a bad update stays."""

    policy = "CKV_MLGOV_141"
    title = "SageMaker endpoint of production rolls back on alarms"
    control = "SM-41"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not in_production(stack):
            return NOT_APPLICABLE
        shifted = any(subject.at(f"deployment_config.{name}_update_policy") for name in ("blue_green", "rolling"))
        return holds(
            given(subject, "deployment_config.auto_rollback_configuration.alarms.alarm_name"),
            None if shifted else "deployment_config has neither blue_green_update_policy nor rolling_update_policy",
        )


check = SmEndpointRollback()
