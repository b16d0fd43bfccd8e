"""How SageMaker moves an endpoint to a new configuration, and back."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.sagemaker_endpoint import (
    SagemakerEndpointDeploymentConfig,
    SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
    SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize,
    SagemakerEndpointDeploymentConfigRollingUpdatePolicy,
    SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize,
)

from modules.ml_operations.rollout_settings import Rollout

# As long as Terraform waits; AWS takes it back then, as if an alarm had gone off.
_LONGEST_SECONDS = 3600
_PART = "CAPACITY_PERCENT"
_TYPES = {"all-at-once": "ALL_AT_ONCE", "canary": "CANARY", "linear": "LINEAR"}


def deployment(rollout: Rollout, alarms: Sequence[str]) -> SagemakerEndpointDeploymentConfig:
    """The update policy, which the `alarms` of these names take back."""
    wait = rollout.bake_minutes * 60
    rollback = SagemakerEndpointDeploymentConfigAutoRollbackConfiguration(
        alarms=[SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms(alarm_name=name) for name in alarms]
    )
    if rollout.shift == "rolling":
        return SagemakerEndpointDeploymentConfig(
            auto_rollback_configuration=rollback,
            rolling_update_policy=SagemakerEndpointDeploymentConfigRollingUpdatePolicy(
                maximum_batch_size=SagemakerEndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSize(
                    type=_PART, value=rollout.percent
                ),
                wait_interval_in_seconds=wait,
                maximum_execution_timeout_in_seconds=_LONGEST_SECONDS,
            ),
        )
    return SagemakerEndpointDeploymentConfig(
        auto_rollback_configuration=rollback,
        blue_green_update_policy=SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy(
            traffic_routing_configuration=_routing(rollout, wait),
            termination_wait_in_seconds=wait,
            maximum_execution_timeout_in_seconds=_LONGEST_SECONDS,
        ),
    )


def _routing(
    rollout: Rollout, wait: int
) -> SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration:
    canary = linear = None
    if rollout.shift == "canary":
        canary = SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySize(
            type=_PART, value=rollout.percent
        )
    if rollout.shift == "linear":
        linear = SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSize(
            type=_PART, value=rollout.percent
        )
    return SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration(
        type=_TYPES[rollout.shift], wait_interval_in_seconds=wait, canary_size=canary, linear_step_size=linear
    )
