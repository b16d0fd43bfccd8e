"""The recorder of AWS Config in one account and region."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.config_configuration_recorder import (
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
    ConfigConfigurationRecorderRecordingGroupExclusionByResourceTypes,
    ConfigConfigurationRecorderRecordingGroupRecordingStrategy,
    ConfigConfigurationRecorderRecordingMode,
    ConfigConfigurationRecorderRecordingModeRecordingModeOverride,
)
from cdktf_cdktf_provider_aws.config_configuration_recorder_status import ConfigConfigurationRecorderStatus
from cdktf_cdktf_provider_aws.config_delivery_channel import (
    ConfigDeliveryChannel,
    ConfigDeliveryChannelSnapshotDeliveryProperties,
)
from cdktf_cdktf_provider_aws.config_retention_configuration import ConfigRetentionConfiguration
from cdktf_cdktf_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.config.settings import RecorderSettings
from modules.observability.contract import ConfigHistoryContract

SERVICE = "config.amazonaws.com"
# Recorded in every region where they are not excluded, and the same everywhere: once, at home, is enough.
GLOBAL_TYPES = ("AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User")


class ConfigRecorder(Construct):
    """AWS Config's recorder, its delivery to the log archive, and how long its history can be asked for.

    `at_home` says that this is the home region: there the account gets the service-linked role, and there alone
    global types are recorded. Elsewhere the role must exist already.

    Guarantees:
    - records every supported type but the excluded ones, those that AWS adds later included;
    - records continuously; types that are set so, daily;
    - delivers to the history bucket under its key, and is on as soon as it can deliver;
    - identities are recorded in the home region alone.

    Controls: ORG-05 (FSBP Config.1; NIST 800-53 CM-3, CM-8, AU-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: RecorderSettings,
        history: ConfigHistoryContract,
        at_home: bool,
    ) -> None:
        super().__init__(scope, id_)
        role_arn = naming.arn("iam", f"role/aws-service-role/{SERVICE}/AWSServiceRoleForConfig", region=False)
        if at_home:
            role_arn = IamServiceLinkedRole(self, "role", aws_service_name=SERVICE).arn
        name = naming.name("config")
        recorder = ConfigConfigurationRecorder(
            self,
            "recorder",
            name=name,
            role_arn=role_arn,
            recording_group=_group(settings.excluded_types, at_home=at_home),
            recording_mode=ConfigConfigurationRecorderRecordingMode(
                recording_frequency="CONTINUOUS",
                recording_mode_override=ConfigConfigurationRecorderRecordingModeRecordingModeOverride(
                    description="Change often and matter once a day",
                    recording_frequency="DAILY",
                    resource_types=list(settings.daily_types),
                )
                if settings.daily_types
                else None,
            ),
        )
        channel = ConfigDeliveryChannel(
            self,
            "delivery",
            name=name,
            s3_bucket_name=history.history_bucket_name,
            s3_kms_key_arn=history.history_key_arn,
            snapshot_delivery_properties=ConfigDeliveryChannelSnapshotDeliveryProperties(
                delivery_frequency=settings.delivery
            ),
            depends_on=[recorder],  # AWS makes no channel without a recorder ...
        )
        ConfigConfigurationRecorderStatus(
            self,
            "status",
            name=recorder.name,
            is_enabled=True,
            depends_on=[channel],  # ... and starts no recorder without a channel
        )
        ConfigRetentionConfiguration(
            self, "retention", retention_period_in_days=settings.retention_days, depends_on=[recorder]
        )


def _group(excluded: Sequence[str], *, at_home: bool) -> ConfigConfigurationRecorderRecordingGroup:
    """All types; or all but the excluded ones, for which AWS has another strategy that knows no global types."""
    if not excluded:
        return ConfigConfigurationRecorderRecordingGroup(all_supported=True, include_global_resource_types=at_home)
    types = sorted({*excluded, *(() if at_home else GLOBAL_TYPES)})
    return ConfigConfigurationRecorderRecordingGroup(
        all_supported=False,
        exclusion_by_resource_types=[
            ConfigConfigurationRecorderRecordingGroupExclusionByResourceTypes(resource_types=types)
        ],
        recording_strategy=[
            ConfigConfigurationRecorderRecordingGroupRecordingStrategy(use_only="EXCLUSION_BY_RESOURCE_TYPES")
        ],
    )
