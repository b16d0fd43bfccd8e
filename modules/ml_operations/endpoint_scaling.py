"""How many instances answer behind an endpoint."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyStepScalingPolicyConfiguration,
    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.endpoint_alarms import NAMESPACE
from modules.ml_operations.model_version import ModelVersion, one
from modules.ml_operations.serving_settings import ServedAs

_DIMENSION, _SERVICE = "sagemaker:variant:DesiredInstanceCount", "sagemaker"


class EndpointScaling(Construct):
    """The scalable target of the endpoint, and the policies that move it between the bounds that settings give.

    `endpoint_name` is a reference: Application Auto Scaling asks for an endpoint that is there. Where the last instance
    may go, as with asynchronous endpoints, none is left to report how much waits for each: an alarm brings it back.
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html

    Guarantees:
    - in production never fewer than two instances, unless requests wait in a queue;
    - one request is enough to bring back what had gone.

    Controls: COST-04, SM-37 (NIST 800-53 SC-5, CP-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        settings: ServedAs,
        version: ModelVersion,
        endpoint_name: str,
        made_anew_with: TerraformResourceLifecycle,
    ) -> None:
        super().__init__(scope, id_)
        self._settings, self._version, self._endpoint = settings, version, names.endpoint(naming, project)
        self._target = AppautoscalingTarget(
            self,
            "target",
            service_namespace=_SERVICE,
            scalable_dimension=_DIMENSION,
            resource_id=f"endpoint/{endpoint_name}/variant/{names.VARIANT}",
            min_capacity=settings.at_least,
            max_capacity=settings.at_most,
            count=version.count(),
            lifecycle=made_anew_with,  # AWS forgets the target of an endpoint that goes
        )
        later = settings.mode == "asynchronous"
        self._policy("load", "TargetTrackingScaling", tracking=self._by_backlog() if later else self._by_requests())
        if later and settings.at_least == 0:
            self._bring_back(naming, project)

    def _policy(
        self,
        what: str,
        kind: str,
        *,
        tracking: AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration | None = None,
        steps: AppautoscalingPolicyStepScalingPolicyConfiguration | None = None,
    ) -> AppautoscalingPolicy:
        return AppautoscalingPolicy(
            self,
            what,
            name=f"{self._endpoint}-{what}",
            policy_type=kind,
            service_namespace=_SERVICE,
            scalable_dimension=_DIMENSION,
            resource_id=one(self._target, "resource_id"),
            target_tracking_scaling_policy_configuration=tracking,
            step_scaling_policy_configuration=steps,
            count=self._version.count(),
        )

    def _by_requests(self) -> AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration:
        scaling = self._settings.scaling
        return AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
            target_value=scaling.invocations_per_minute,
            scale_out_cooldown=scaling.out_pause_seconds,
            scale_in_cooldown=scaling.in_pause_seconds,
            predefined_metric_specification=AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
                predefined_metric_type="SageMakerVariantInvocationsPerInstance"
            ),
        )

    def _by_backlog(self) -> AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration:
        scaling = self._settings.scaling
        dimension = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions(
            name="EndpointName", value=self._endpoint
        )
        return AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
            target_value=self._settings.asynchronous.waiting_per_instance,
            scale_out_cooldown=scaling.out_pause_seconds,
            scale_in_cooldown=scaling.in_pause_seconds,
            customized_metric_specification=AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification(
                namespace=NAMESPACE,
                metric_name="ApproximateBacklogSizePerInstance",
                statistic="Average",
                dimensions=[dimension],
            ),
        )

    def _bring_back(self, naming: Naming, project: str) -> None:
        policy = self._policy(
            "first",
            "StepScaling",
            steps=AppautoscalingPolicyStepScalingPolicyConfiguration(
                adjustment_type="ChangeInCapacity",
                metric_aggregation_type="Average",
                cooldown=self._settings.scaling.in_pause_seconds,
                step_adjustment=[
                    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment(
                        scaling_adjustment=1, metric_interval_lower_bound="0"
                    )
                ],
            ),
        )
        CloudwatchMetricAlarm(
            self,
            names.WAITING,
            alarm_name=names.alarm(naming, project, names.WAITING),
            alarm_description=f"Requests wait for {self._endpoint}, which has no instance left",
            namespace=NAMESPACE,
            metric_name="HasBacklogWithoutCapacity",
            dimensions={"EndpointName": self._endpoint},
            statistic="Average",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=60,
            evaluation_periods=1,
            treat_missing_data="missing",
            alarm_actions=[one(policy, "arn")],
            count=self._version.count(),
        )
